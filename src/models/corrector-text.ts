// The statistical corrector's sums and their training (statistical-corrector.ts), written out as text: every group and every table
// with its own constants, and no jump that depends on a counter. CPython, pairs in turns: `tage-sc-l` 219 and 273 ns a branch
// became 128 and 205.
import { CORRECTOR, type CorrectorGroup, type CorrectorSizes, rowBitsOf } from "./corrector-sizes.ts";

/** Indices into the small state. */
export const STATE = {
  THRESHOLD: 0, // eight times the common part of the threshold
  FIRST_CHOOSER: 1, // -64 to 63; if 0 or more, TAGE wins with medium confidence against a small sum
  SECOND_CHOOSER: 2, // ... with high confidence against a medium sum
  BACKWARD: 3, // history, newest in bit 0
  BACKWARD_OLDER: 4, // the same history, bits 32 and above
  OUTCOMES: 5,
  ROUND: 6,
  SUM: 7, // computed by `look`
  LIMIT: 8, // the threshold, computed by `look`
} as const;

/** What the text reads and writes, by name. */
export interface CorrectorArrays {
  readonly counters: Int8Array;
  readonly weights: Int32Array;
  readonly places: Int32Array;
  readonly sums: Int32Array;
  readonly localOutcomes: Int32Array;
  readonly outcomesByRound: Int32Array;
  readonly state: Int32Array;
}

export interface WrittenCorrector {
  /** Computes SUM and LIMIT. @param biases the sum of the bias tables @param threshold without what weights add */
  sum(pc: number, before: number, path: number, biases: number, threshold: number): void;
  /** Trains all weights and all counters. */
  learn(pc: number, taken: number): void;
  /** Appends an outcome to the local histories. */
  trackLocals(pc: number, taken: number): void;
}

export type CorrectorMaker = (...arrays: CorrectorArrays[keyof CorrectorArrays][]) => WrittenCorrector;

const WEIGHT_MASK = CORRECTOR.WEIGHTS - 1;
const MOST_WEIGHT = 2 ** (CORRECTOR.WEIGHT_BITS - 1) - 1;
const MOST_COUNTER = 2 ** (CORRECTOR.COUNTER_BITS - 1) - 1;
/** Increase of the threshold when a group counts twice; 0 for the last kind of history, as published. */
const RAISE = 12;

const weightText = (group: number): string => `weights[${group * CORRECTOR.WEIGHTS} + weightRow]`;

/** By group, where the local outcomes of a branch are; undefined for groups without. */
function localTexts(groups: readonly CorrectorGroup[]): (string | undefined)[] {
  let start = 0;
  return groups.map(({ history }) => {
    if (history.of !== "local") return undefined;
    const text = `localOutcomes[${start} + ((pc ^ pc >>> ${history.shift}) & ${history.histories - 1})]`;
    start += history.histories;
    return text;
  });
}

function historyText({ history }: CorrectorGroup, local: string | undefined): string {
  switch (history.of) {
    case "local":
      return local ?? "";
    case "backward":
      return `state[${STATE.BACKWARD}]`;
    case "path":
      return "path";
    case "outcomes":
      return `state[${STATE.OUTCOMES}]`;
    case "rounds":
      return `state[${STATE.ROUND}]`;
    case "outcomes by round":
      return `outcomesByRound[state[${STATE.ROUND}]]`;
  }
}

/** `of`, a history of `length` bits, folded, with pieces of a different length for each of a group's tables. */
function foldText(length: number, i: number): string {
  const shifts = [8 - i, 16 - 2 * i, 24 - 3 * i].filter((shift) => shift < length);
  return ["of", ...shifts.map((shift) => `of >>> ${shift}`)].join(" ^ ");
}

/** Counts a group's sum once or, if its weight says so, twice: a mask instead of a jump, which the host's processor could mispredict. */
const countText = (group: number, raises: boolean): string => `sums[${group}] = own;
  twice = ~(${weightText(group)} >> 31);
  sum += own + (own & twice);${raises ? `\n  limit += ${RAISE} & twice;` : ""}`;

/** The sums of all groups. */
function sumText({ groups, large }: CorrectorSizes, locals: readonly (string | undefined)[]): string {
  let table = 0;
  let start = 0;
  return groups
    .map((group, g) => {
      const { history, lengths } = group;
      const key = history.of === "backward" && history.withAnswer ? "(pc << 1 | before)" : "pc";
      const lines = lengths.map((length, i) => {
        const older = length > 32 ? ` ^ (older = state[${STATE.BACKWARD_OLDER}] & ${2 ** (length - 32) - 1}) ^ older << 8` : "";
        const rows = 2 ** rowBitsOf(group, i, large);
        const text = `of = history${length < 32 ? ` & ${2 ** length - 1}` : ""};
  place = ${start} + ((${key} ^ ${foldText(length, i)}${older}) & ${rows - 1});
  places[${table++}] = place;
  own ${i === 0 ? "" : "+"}= counters[place];`;
        start += rows;
        return text;
      });
      return `history = ${historyText(group, locals[g])};
  ${lines.join("\n  ")}
  own = 2 * own + ${lengths.length};
  ${countText(g, large && history.of !== "outcomes by round")}`;
    })
    .join("\n  ");
}

/** Trains whether a group counts twice: it should if that makes the sum's sign right. */
const learnWeightText = (
  group: number,
): string => `weight = ${weightText(group)}; own = sums[${group}]; others = sum - (own & ~(weight >> 31));
  if ((others + own ^ others) < 0)
    ${weightText(group)} = own >= 0 === up ? Math.min(weight + 1, ${MOST_WEIGHT}) : Math.max(weight - 1, ${-1 - MOST_WEIGHT});`;

/** The text of a function that makes the three functions of the arrays. */
export function correctorText(sizes: CorrectorSizes): string {
  const { groups, large } = sizes;
  const locals = localTexts(groups);
  const tables = groups.reduce<number>((sum, { lengths }) => sum + lengths.length, CORRECTOR.BIASES);
  const moved = (step: string): string =>
    Array.from({ length: tables }, (_, k) => `place = places[${k}]; counter = counters[place]; counters[place] = ${step};`).join("\n    ");
  const pushed = groups.flatMap(({ history }, g) =>
    history.of === "local" ? [`${locals[g]} = (${locals[g]} << 1 | taken)${history.mixesAddress ? " ^ pc & 15" : ""};`] : [],
  );
  const weightRow = `const weightRow = (pc ^ pc >>> 2) & ${WEIGHT_MASK};`;
  return `return {
sum(pc, before, path, biases, threshold) {
  ${weightRow}
  let history = 0, of = 0, older = 0, place = 0, own = biases, twice = 0, sum = 0, limit = threshold;
  ${countText(groups.length, large)}
  ${sumText(sizes, locals)}
  state[${STATE.SUM}] = sum;
  state[${STATE.LIMIT}] = limit;
},
learn(pc, taken) {
  ${weightRow}
  const sum = state[${STATE.SUM}], up = taken !== 0;
  let weight = 0, own = 0, others = 0, place = 0, counter = 0;
  ${[...groups, undefined].map((_, g) => learnWeightText(g)).join("\n  ")}
  if (up) {
    ${moved(`counter - (counter - ${MOST_COUNTER} >> 31)`)}
  } else {
    ${moved(`counter + (${-1 - MOST_COUNTER} - counter >> 31)`)}
  }
},
trackLocals(pc, taken) {
  ${pushed.join("\n  ")}
} };`;
}
