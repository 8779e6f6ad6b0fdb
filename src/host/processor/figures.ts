// Figures of a processor, computed from the curves of measure.c: costs of mispredictions, sizes of tables. Each is computed for
// every round, to find its spread.
import { median } from "../statistics.ts";
import { type Cliff, type Curve, cliff, valuesBetween } from "./curves.ts";
import { curveOf, type Samples } from "./samples.ts";

export const FIGURES = [
  "clockGigahertz",
  "indirectPenaltyCycles",
  "indirectPenaltyEarlyCycles",
  "conditionalPenaltyCycles",
  "overrideCycles",
  "loopLength",
  "targetsOfOneJump",
  "historyJumps",
  "historyConditionals",
  "returnStackDepth",
  "returnPenaltyCycles",
  "firstBufferBranches",
  "firstBufferCycles",
  "lastBufferBranches",
  "lastBufferCycles",
  "beyondBufferCycles",
  "indirectBufferBranches",
  "callReturnCycles",
] as const;
export type FigureId = (typeof FIGURES)[number];

/** A measured figure; values are in cycles, in gigahertz, or counted, as its name says. */
export interface MeasuredFigure {
  readonly id: FigureId;
  /** Computed from the least of all repeats at every point, because other work on the core or the caches only adds time. */
  readonly value: number;
  /** The least and the greatest value of a single repeat. */
  readonly low: number;
  readonly high: number;
  /** For a size: the first measured point past it; undefined if the curve has no cliff, so that the size is a lower bound. */
  readonly next?: number;
  readonly isSize: boolean;
  /** Other explanations of the figure, and reasons for doubt. */
  readonly notes: readonly string[];
}

/** Repeats that differ by more are called unsteady. */
export const STEADY = 0.05;

/** Result of one round: a number, or a size with the point past it. */
type Found = number | Cliff;

const lastOf = (found: Found | undefined): number | undefined => (typeof found === "object" ? found.last : found);

/** @param best from the best of all rounds. @param rounds from each of them; undefined if a round has none */
function figureOf(
  id: FigureId,
  best: Found | undefined,
  rounds: readonly (Found | undefined)[],
  notes: readonly string[],
): MeasuredFigure | undefined {
  const value = lastOf(best);
  if (value === undefined) return undefined;
  const values = [value, ...rounds.flatMap((found) => lastOf(found) ?? [])];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const isSize = typeof best === "object";
  const next = isSize ? best.next : undefined;
  const unsteady = isUnsteady({ value, low, high });
  return {
    id,
    value,
    low,
    high,
    isSize,
    ...(next === undefined ? {} : { next }),
    notes: [...notes, ...(unsteady ? [`repeats differ by more than ${100 * STEADY} %`] : [])],
  };
}

/** Small costs may vary by a quarter of a cycle. */
export const isUnsteady = ({ value, low, high }: Pick<MeasuredFigure, "value" | "low" | "high">): boolean =>
  high - low > Math.max(STEADY * value, 0.25);

/** Numbers of a round that several figures are computed from. */
function roundOf(samples: Samples, round: number | "best") {
  const curve = (name: string): Curve => curveOf(samples, name, round);
  const only = (name: string): number => [...curve(name).values()][0];
  const loop = curve("loop");
  // every jump goes where it went last time: in a loop of one block, and in two that visit each block once
  const base = Math.min(only("one-target"), only("each-once"), [...loop.values()][0]);
  const indirectPenalty = only("fresh-targets") - base;
  const outcomes = (only("outcomes-taken") + only("outcomes-not-taken")) / 2;
  const excess = new Map(
    [...loop].slice(1).map(([length, cycles]) => [length, (cycles - base) / (samples.facts.get(`loop-${length}-elsewhere`) ?? 1)]),
  );
  return { curve, only, base, indirectPenalty, conditionalPenalty: 2 * (only("outcomes-fresh") - outcomes), excess };
}
type Round = ReturnType<typeof roundOf>;

/** Longer loops have more jumps than blocks, so that nearly every jump goes elsewhere than last time. */
const SHORTEST_LOOP = 96;

/** The longest loop whose jumps are predicted by history: until a quarter of them is mispredicted. */
const loopLength = ({ excess, indirectPenalty }: Round): Cliff => {
  const shortest = median(valuesBetween(excess, SHORTEST_LOOP, 2 * SHORTEST_LOOP));
  return cliff(excess, shortest + (indirectPenalty - shortest) / 4);
};

/** Cost of a jump that history predicts to another target than last time. */
function override(round: Round): number | undefined {
  const { last } = loopLength(round);
  const level = last === undefined ? [] : valuesBetween(round.excess, SHORTEST_LOOP, last);
  return level.length === 0 ? undefined : median(level);
}

function targets({ curve, indirectPenalty }: Round): Cliff {
  const all = curve("targets");
  return cliff(all, median(valuesBetween(all, 2, 8)) + indirectPenalty / 4);
}

/** How many branches may be between two jumps, the second of which depends on the first, until half of the predictions are lost. */
function reach({ curve }: Round, filler: "jumps" | "conditionals"): Cliff {
  const same = curve(`reach-${filler}-same`);
  const fresh = curve(`reach-${filler}-fresh`);
  const lost = [...curve(`reach-${filler}-follows`)].map(([distance, cycles]) => {
    const from = same.get(distance) ?? 0;
    return [distance, (cycles - from) / ((fresh.get(distance) ?? 0) - from)] as const;
  });
  return cliff(new Map(lost), 0.5);
}

/** Each level of calls costs the same until the return stack is full, then a misprediction more. */
function returnStack({ curve, indirectPenalty }: Round): { readonly depth: Cliff; readonly penalty: number | undefined } {
  const all = curve("depth");
  const [[from, first]] = all;
  const level = median(
    [...all].filter(([depth]) => depth > from && depth <= 8).map(([depth, cycles]) => (cycles - first) / (depth - from)),
  );
  const expected = (depth: number): number => first + level * (depth - from);
  const depth = cliff(all, (levels) => expected(levels) + RETURN_MISSED * indirectPenalty);
  // the slope some way past the cliff, where each level is one misprediction more
  const [near, far] = [4, 20].map((levels) => (depth.last ?? 0) + levels);
  const [some, more] = [all.get(near), all.get(far)];
  const penalty = depth.next === undefined || some === undefined || more === undefined ? undefined : (more - some) / (far - near) - level;
  return { depth, penalty };
}

/** A level that costs at least this share of a misprediction more counts as mispredicted. */
const RETURN_MISSED = 0.75;

const SPACINGS = [16, 32, 64] as const;
/** With fewer branches the loop around them would matter. */
const FEW_BRANCHES = 64;
/** Past the last buffer a branch is recognised only when it is decoded: at least this many cycles more. */
const DECODED_LATER = 6;

interface Buffers {
  readonly first: Cliff;
  readonly firstCycles: number;
  readonly last: Cliff;
  readonly lastCycles: number | undefined;
  readonly beyondCycles: number | undefined;
}

function buffersOf(all: Curve): Buffers {
  const floor = median(valuesBetween(all, FEW_BRANCHES, 4 * FEW_BRANCHES));
  const first = cliff(all, floor + Math.max(0.15, floor / 4));
  const last = cliff(all, floor + DECODED_LATER);
  const { next } = first;
  const second = valuesBetween(all, next ?? 0, last.last ?? 0);
  const beyond = last.next === undefined ? [] : valuesBetween(all, last.next, Number.POSITIVE_INFINITY);
  return {
    first,
    firstCycles: floor,
    last,
    lastCycles: next === undefined || next === last.next || second.length === 0 ? undefined : Math.min(...second),
    beyondCycles: beyond.length === 0 ? undefined : Math.max(...beyond),
  };
}

/** The branch target buffers in one round: at the spacing where they hold most, which the cache disturbs least. */
function bufferOf(round: Round, kind: "jumps" | "indirect"): Buffers & { readonly spacing: number } {
  const all = SPACINGS.filter((spacing) => kind === "jumps" || spacing < 64).map((spacing) => ({
    spacing,
    ...buffersOf(round.curve(`${kind}-${spacing}`)),
  }));
  const most = (a: Cliff, b: Cliff): boolean => (a.last ?? 0) >= (b.last ?? 0);
  const first = all.reduce((best, one) => (most(best.first, one.first) ? best : one));
  const last = all.reduce((best, one) => (most(best.last, one.last) ? best : one));
  return { ...first, last: last.last, lastCycles: first.lastCycles, beyondCycles: last.beyondCycles };
}

/** Whether a cliff is where code of that spacing fills the instruction cache. */
const atCache = ({ last, next }: Cliff, spacing: number, code: number): boolean =>
  code > 0 && last !== undefined && next !== undefined && code / spacing >= last && code / spacing < next;

/** One figure: how to compute it from one round, and its notes. */
interface Definition {
  readonly of: (round: Round) => Found | undefined;
  readonly notes?: readonly string[];
}

const REACHES = "distances up to 192 are measured";

const DEFINITIONS: Readonly<Record<Exclude<FigureId, "clockGigahertz">, Definition>> = {
  indirectPenaltyCycles: { of: ({ indirectPenalty }) => indirectPenalty },
  indirectPenaltyEarlyCycles: { of: ({ only, base }) => only("fresh-targets-early") - base },
  conditionalPenaltyCycles: {
    of: ({ conditionalPenalty }) => conditionalPenalty,
    notes: ["that half of random outcomes is mispredicted is assumed"],
  },
  overrideCycles: { of: override, notes: ["cannot be told apart from a few more mispredictions without counters"] },
  loopLength: { of: loopLength, notes: ["of a loop over 48 blocks, and it depends on the loop"] },
  targetsOfOneJump: { of: targets },
  historyJumps: { of: (round) => reach(round, "jumps"), notes: [REACHES] },
  historyConditionals: { of: (round) => reach(round, "conditionals"), notes: [REACHES] },
  returnStackDepth: { of: (round) => returnStack(round).depth },
  returnPenaltyCycles: { of: (round) => returnStack(round).penalty },
  firstBufferBranches: { of: (round) => bufferOf(round, "jumps").first },
  firstBufferCycles: { of: (round) => bufferOf(round, "jumps").firstCycles },
  lastBufferBranches: { of: (round) => bufferOf(round, "jumps").last },
  lastBufferCycles: {
    of: (round) => bufferOf(round, "jumps").lastCycles,
    notes: ["the least of the curve between both cliffs: elsewhere the instruction cache adds to it"],
  },
  beyondBufferCycles: { of: (round) => bufferOf(round, "jumps").beyondCycles, notes: ["what the second-level cache adds is in it"] },
  indirectBufferBranches: { of: (round) => bufferOf(round, "indirect").last },
  callReturnCycles: { of: ({ only }) => only("bodies-called") - only("bodies-inline") },
};

/** @throws RunError when a curve is missing */
export function figuresOf(samples: Samples): MeasuredFigure[] {
  const rounds = Array.from({ length: samples.rounds }, (_, round) => roundOf(samples, round));
  const best = roundOf(samples, "best");
  const code = samples.facts.get("l1-instruction-cache-bytes") ?? 0;
  const clocks = rounds.map((_, round) => {
    const rates = [...samples.curves.values()].flat().flatMap((sample) => (sample.round === round ? sample.cyclesPerTick : []));
    return median(rates) * samples.ticksPerNs[round];
  });
  const first = bufferOf(best, "jumps");
  const cache =
    code === 0
      ? ["how much the instruction cache holds is unknown: it may be that"]
      : atCache(first.first, first.spacing, code)
        ? ["cannot be told apart from the instruction cache, which so much code fills"]
        : [];
  const clock = figureOf("clockGigahertz", median(clocks), clocks, []);
  return [
    ...(clock === undefined ? [] : [clock]),
    ...FIGURES.flatMap((id) => {
      if (id === "clockGigahertz") return [];
      const { of, notes = [] } = DEFINITIONS[id];
      return figureOf(id, of(best), rounds.map(of), id === "firstBufferBranches" ? cache : notes) ?? [];
    }),
  ];
}
