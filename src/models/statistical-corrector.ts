// The statistical corrector of TAGE-SC-L: adds up counters that vote on a branch, each indexed by a different kind of
// history, and overrules TAGE and the loop predictor where they are statistically wrong: when a branch is biased whatever
// the global history, or depends on its own outcomes, or on the iteration of the innermost loop.
//
//     sum  =  Σ over groups   weight (1 or 2)  *  Σ over the group's tables   (2 * counter + 1)
//
// The prediction is taken if the sum is not negative. It overrules if its absolute value exceeds a threshold, which adapts so
// that counters are trained about equally often after wrong predictions and after correct ones with too small a sum.

import { afresh, fixedArray } from "./afresh.ts";
import { FOUND, SURE } from "./banked-tage-contract.ts";
import type { InspectedPart } from "./inspection.ts";

/** The history that a group of tables is indexed by, besides the address. */
export type CorrectorHistory =
  /** Whether conditionals were taken backward; with the prediction to be corrected. */
  | { readonly of: "backward"; readonly withAnswer: boolean }
  /** Outcomes of conditionals. */
  | { readonly of: "outcomes" }
  /** TAGE's path. */
  | { readonly of: "path" }
  /** Local outcomes: `histories` histories, selected by a hash of the address in pieces of `shift` bits. */
  | { readonly of: "local"; readonly histories: number; readonly shift: number; readonly mixesAddress: boolean }
  /** Iterations of the innermost loop so far. */
  | { readonly of: "rounds" }
  /** Outcomes of conditionals when the innermost loop was in this iteration. */
  | { readonly of: "outcomes by round" };

export interface CorrectorGroup {
  readonly history: CorrectorHistory;
  /** Counters of a table, as log2. */
  readonly rowBits: number;
  /** History length of each table in bits, at most 40 for the first and 26 for the others. */
  readonly lengths: readonly number[];
}

export interface CorrectorSizes {
  /** Counters of each bias table, as log2. */
  readonly biasBits: number;
  readonly groups: readonly CorrectorGroup[];
  /** As in 64 KB: the last two tables of a group are half as large; weights raise the threshold; the bias table by TAGE's table uses the address. */
  readonly large: boolean;
}

const SIZES = {
  COUNTER_BITS: 6,
  WEIGHT_BITS: 6,
  WEIGHTS: 8, // of each group, by address
  THRESHOLD_BITS: 12,
  OWN_THRESHOLD_BITS: 8,
  OWN_THRESHOLDS: 64, // by address
  CHOOSER_BITS: 7,
  ROUND_BITS: 8,
  BIASES: 3,
} as const;

const rowBitsOf = ({ rowBits, lengths }: CorrectorGroup, i: number, large: boolean): number =>
  large && i >= lengths.length - 2 ? rowBits - 1 : rowBits;

/** Counters, weights, thresholds, choosers and histories. */
export function correctorBits({ biasBits, groups, large }: CorrectorSizes): number {
  const { COUNTER_BITS, WEIGHT_BITS, WEIGHTS, THRESHOLD_BITS, OWN_THRESHOLD_BITS, OWN_THRESHOLDS, CHOOSER_BITS, BIASES } = SIZES;
  const small = THRESHOLD_BITS + OWN_THRESHOLDS * OWN_THRESHOLD_BITS + 2 * CHOOSER_BITS + (groups.length + 1) * WEIGHTS * WEIGHT_BITS;
  return groups.reduce(
    (sum, group) => {
      const counters = group.lengths.reduce((all, _, i) => all + 2 ** rowBitsOf(group, i, large), 0);
      return sum + counters * COUNTER_BITS + historyBits(group);
    },
    small + BIASES * 2 ** biasBits * COUNTER_BITS,
  );
}

function historyBits({ history, lengths }: CorrectorGroup): number {
  const longest = Math.max(...lengths);
  if (history.of === "path") return 0; // counted with TAGE
  if (history.of === "local") return history.histories * longest;
  return history.of === "outcomes by round" ? 2 ** SIZES.ROUND_BITS * longest : longest;
}

export interface Corrector {
  /** The sum of the last `look` and the threshold beside it, for `inspect`. */
  inspect(): InspectedPart;
  /** The final prediction; changes only the state that `train` needs. @param before prediction of TAGE and the loop predictor */
  look(pc: number, before: number, found: Int32Array, path: number): number;
  /** Learns an outcome after `look`, with the same arguments. */
  train(pc: number, taken: number, before: number, found: Int32Array): void;
  /** Updates the histories, for every conditional. @param isBackward whether it jumps backward when it is taken */
  track(pc: number, taken: number, isBackward: boolean): void;
  /** Everything that `track` changes. */
  readonly histories: readonly Int32Array[];
}

export function createCorrector(sizes: CorrectorSizes): Corrector {
  const rowBits = sizes.groups.flatMap((group) => group.lengths.map((_, i) => rowBitsOf(group, i, sizes.large)));
  return afresh(create)(sizes, rowBits, { ...SIZES, ...FOUND, ...SURE }, fixedArray);
}

function create(
  { biasBits, groups, large }: CorrectorSizes,
  /** Of all tables of all groups. */
  rowBits: readonly number[],
  names: typeof SIZES & typeof FOUND & typeof SURE,
  array: typeof fixedArray,
): Corrector {
  const { COUNTER_BITS, WEIGHT_BITS, WEIGHTS, THRESHOLD_BITS, OWN_THRESHOLD_BITS, OWN_THRESHOLDS } = names;
  const { CHOOSER_BITS, ROUND_BITS, BIASES } = names;
  const { HIT, OTHER, LONGEST, ALTERNATE, CONFIDENCE, LOW, MEDIUM, HIGH } = names;

  // Indices into the small state.
  const THRESHOLD = 0; // eight times the common part of the threshold
  const FIRST_CHOOSER = 1; // -64 to 63; if 0 or more, TAGE wins with medium confidence against a small sum
  const SECOND_CHOOSER = 2; // ... with high confidence against a medium sum
  const BACKWARD = 3; // history, newest in bit 0
  const BACKWARD_OLDER = 4; // the same history, bits 32 and above
  const OUTCOMES = 5;
  const ROUND = 6;
  const SUM = 7; // computed by `look`
  const LIMIT = 8; // the threshold, computed by `look`

  // Kinds of history, as numbers for the loop.
  const KINDS: readonly CorrectorHistory["of"][] = ["backward", "outcomes", "path", "local", "rounds", "outcomes by round"];
  const [OF_BACKWARD, OF_OUTCOMES, OF_PATH, OF_LOCAL, OF_ROUNDS] = [0, 1, 2, 3, 4];

  const zeros = (length: number): Int32Array => array(Array<number>(length).fill(0));

  /** Start of each of several adjacent tables, and the end of the last one. */
  function startsOf(counts: readonly number[]): Int32Array {
    const starts = zeros(counts.length + 1);
    for (let i = 0; i < counts.length; i++) starts[i + 1] = starts[i] + counts[i];
    return starts;
  }

  // By group.
  const count = groups.length;
  const locals = groups.map(({ history }) => (history.of === "local" ? history : { histories: 0, shift: 0, mixesAddress: false }));
  const kinds = array(groups.map(({ history }) => KINDS.indexOf(history.of)));
  const withAnswers = array(groups.map(({ history }) => (history.of === "backward" && history.withAnswer ? 1 : 0)));
  const localMasks = array(locals.map(({ histories }) => histories - 1));
  const localShifts = array(locals.map(({ shift }) => shift));
  const localMixes = array(locals.map(({ mixesAddress }) => (mixesAddress ? 15 : 0)));
  const localStarts = startsOf(locals.map(({ histories }) => histories));
  const olderMasks = array(groups.map(({ lengths: [first] }) => (first > 32 ? 2 ** (first - 32) - 1 : 0)));
  const firstTables = startsOf(groups.map(({ lengths }) => lengths.length));
  const groupSums = zeros(count + 1); // the last is that of the bias tables
  const weights = zeros((count + 1) * WEIGHTS); // a group with 0 or more counts twice
  // Increase of the threshold when a group (the last: the bias tables) counts twice; 0 for the last kind, as published.
  const raises = array([...kinds, 0].map((kind) => (large && kind <= OF_ROUNDS ? 12 : 0)));
  for (let g = 0; g < count; g++) weights.fill(groups[g].history.of === "outcomes by round" ? 0 : 7, g * WEIGHTS, (g + 1) * WEIGHTS);
  weights.fill(4, count * WEIGHTS);

  // By table, all groups in sequence, followed by the bias tables.
  const lengths = groups.flatMap((group) => group.lengths);
  const tables = lengths.length;
  const rowMasks = array(rowBits.map((bits) => 2 ** bits - 1));
  const starts = startsOf([...rowBits, ...Array<number>(BIASES).fill(biasBits)].map((bits) => 2 ** bits));
  const lengthMasks = array(lengths.map((length) => (length >= 32 ? -1 : 2 ** length - 1)));
  const places = zeros(tables + BIASES); // entries of the branch looked up
  const counters = Int8Array.from({ length: starts[tables + BIASES] }, (_, i) => ((i & 1) === 0 ? -1 : 0)); // -32 to 31

  // Initially the bias agrees with TAGE's prediction, the low bit of an index, weighted by TAGE's confidence.
  const biasMask = 2 ** biasBits - 1;
  const firstBiases = [
    [-32, 31, -1, 0],
    [-8, 7, -32, 31],
    [-32, 31, -1, 0],
  ];
  for (let b = 0; b < BIASES; b++) for (let i = 0; i <= biasMask; i++) counters[starts[tables + b] + i] = firstBiases[b][i & 3];

  const ownThresholds = zeros(OWN_THRESHOLDS);
  const localOutcomes = zeros(localStarts[count]);
  const outcomesByRound = zeros(2 ** ROUND_BITS);
  const state = array([35 << 3, 0, 0, 0, 0, 0, 0, 0, 0]);

  const mixed = (pc: number): number => pc ^ (pc >>> 2);
  const weightAt = (group: number, pc: number): number => group * WEIGHTS + (mixed(pc) & (WEIGHTS - 1));
  const localAt = (group: number, pc: number): number => localStarts[group] + ((pc ^ (pc >>> localShifts[group])) & localMasks[group]);

  function historyOf(group: number, pc: number, path: number): number {
    const kind = kinds[group];
    if (kind === OF_LOCAL) return localOutcomes[localAt(group, pc)];
    if (kind === OF_BACKWARD) return state[BACKWARD];
    if (kind === OF_PATH) return path;
    if (kind === OF_OUTCOMES) return state[OUTCOMES];
    return kind === OF_ROUNDS ? state[ROUND] : outcomesByRound[state[ROUND]];
  }

  /** A folded history, with pieces of a different length for each of a group's tables. */
  const fold = (history: number, i: number): number =>
    history ^ (history >>> (8 - i)) ^ (history >>> (16 - 2 * i)) ^ (history >>> (24 - 3 * i));

  function sumGroup(group: number, pc: number, before: number, path: number): number {
    const history = historyOf(group, pc, path);
    const first = firstTables[group];
    const last = firstTables[group + 1];
    const key = withAnswers[group] !== 0 ? (pc << 1) | before : pc;
    let older = kinds[group] === OF_BACKWARD ? state[BACKWARD_OLDER] & olderMasks[group] : 0;
    let sum = last - first;
    for (let table = first; table < last; table++) {
      const folded = fold(history & lengthMasks[table], table - first) ^ older ^ (older << 8);
      older = 0;
      const place = starts[table] + ((key ^ folded) & rowMasks[table]);
      places[table] = place;
      sum += 2 * counters[place];
    }
    return sum;
  }

  /** Sum of a branch's bias counters, indexed by TAGE's confidence and by the table of its prediction. */
  function sumBiases(pc: number, before: number, found: Int32Array): number {
    const isLow = found[CONFIDENCE] === LOW ? 1 : 0;
    const isHigh = found[CONFIDENCE] === HIGH ? 1 : 0;
    const isTorn = isLow !== 0 && found[LONGEST] !== found[ALTERNATE] ? 1 : 0;
    const where = (((found[HIT] + 1) >> 2) << 4) + (isHigh << 1) + (isLow << 2) + (found[OTHER] !== 0 ? 8 : 0);
    return (
      sumBias(0, (((mixed(pc) << 1) ^ isTorn) << 1) + before) +
      sumBias(1, ((((pc ^ (pc >>> (biasBits - 2))) << 1) ^ isHigh) << 1) + before) +
      sumBias(2, before + where + (large ? mixed(pc) << 7 : 0))
    );
  }

  function sumBias(bias: number, key: number): number {
    const place = starts[tables + bias] + (key & biasMask);
    places[tables + bias] = place;
    return 2 * counters[place] + 1;
  }

  /** Increments or decrements a saturating counter of this many bits. */
  function move(numbers: Int32Array, place: number, up: boolean, bits: number): void {
    const limit = 1 << (bits - 1);
    if (up) {
      if (numbers[place] < limit - 1) numbers[place]++;
    } else if (numbers[place] > -limit) numbers[place]--;
  }

  function moveCounters(taken: number): void {
    const limit = 1 << (COUNTER_BITS - 1);
    for (let table = 0; table < tables + BIASES; table++) {
      const place = places[table];
      const counter = counters[place];
      if (taken !== 0) {
        if (counter < limit - 1) counters[place] = counter + 1;
      } else if (counter > -limit) counters[place] = counter - 1;
    }
  }

  /** Trains whether a group counts twice: it should if that makes the sum's sign right. */
  function trainWeight(group: number, pc: number, taken: number): void {
    const place = weightAt(group, pc);
    const sum = groupSums[group];
    const others = state[SUM] - (weights[place] >= 0 ? sum : 0);
    if (others + sum >= 0 !== others >= 0) move(weights, place, sum >= 0 === (taken !== 0), WEIGHT_BITS);
  }

  return {
    inspect: () => ({
      shape: "entries",
      title:
        "the corrector's sum, which says taken if it is not negative, and overrules if it exceeds the threshold or half or a quarter of it, by confidence",
      columns: [{ title: "sum" }, { title: "threshold" }],
      rows: [[state[SUM], state[LIMIT]]],
    }),
    look(pc, before, found, path) {
      let sum = 0;
      let limit = (state[THRESHOLD] >> 3) + ownThresholds[mixed(pc) & (OWN_THRESHOLDS - 1)];
      for (let group = 0; group <= count; group++) {
        const own = group < count ? sumGroup(group, pc, before, path) : sumBiases(pc, before, found);
        const twice = ~(weights[weightAt(group, pc)] >> 31); // all ones or zero, instead of a branch that the host's CPU could mispredict
        groupSums[group] = own;
        sum += own + (own & twice);
        limit += raises[group] & twice;
      }
      state[SUM] = sum;
      state[LIMIT] = limit;
      const answer = sum >= 0 ? 1 : 0;
      if (answer === before) return before;
      const size = Math.abs(sum);
      const quarter = (limit / 4) | 0;
      if (found[CONFIDENCE] === HIGH) {
        if (size < quarter) return before;
        if (size < ((limit / 2) | 0)) return state[SECOND_CHOOSER] < 0 ? answer : before;
      }
      if (found[CONFIDENCE] === MEDIUM && size < quarter) return state[FIRST_CHOOSER] < 0 ? answer : before;
      return answer;
    },

    train(pc, taken, before, found) {
      const answer = state[SUM] >= 0 ? 1 : 0;
      const size = Math.abs(state[SUM]);
      const limit = state[LIMIT];
      if (answer !== before) {
        const quarter = (limit / 4) | 0;
        if (found[CONFIDENCE] === HIGH && size >= quarter && size < ((limit / 2) | 0))
          move(state, SECOND_CHOOSER, before === taken, CHOOSER_BITS);
        if (found[CONFIDENCE] === MEDIUM && size < quarter) move(state, FIRST_CHOOSER, before === taken, CHOOSER_BITS);
      }
      if (answer === taken && size >= limit) return;
      move(state, THRESHOLD, answer !== taken, THRESHOLD_BITS);
      move(ownThresholds, mixed(pc) & (OWN_THRESHOLDS - 1), answer !== taken, OWN_THRESHOLD_BITS);
      for (let group = 0; group <= count; group++) trainWeight(group, pc, taken);
      moveCounters(taken);
    },

    track(pc, taken, isBackward) {
      const round = state[ROUND];
      outcomesByRound[round] = (outcomesByRound[round] << 1) | taken;
      if (isBackward) state[ROUND] = taken !== 0 ? Math.min(round + 1, 2 ** ROUND_BITS - 1) : 0;
      state[BACKWARD_OLDER] = (state[BACKWARD_OLDER] << 1) | (state[BACKWARD] >>> 31);
      state[BACKWARD] = (state[BACKWARD] << 1) | (isBackward ? taken : 0);
      state[OUTCOMES] = (state[OUTCOMES] << 1) | taken;
      for (let group = 0; group < count; group++) {
        if (kinds[group] !== OF_LOCAL) continue;
        const local = localAt(group, pc);
        localOutcomes[local] = ((localOutcomes[local] << 1) | taken) ^ (pc & localMixes[group]);
      }
    },
    histories: [
      outcomesByRound,
      localOutcomes,
      ...[ROUND, BACKWARD, BACKWARD_OLDER, OUTCOMES].map((place) => state.subarray(place, place + 1)),
    ],
  };
}
