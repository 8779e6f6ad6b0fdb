// The statistical corrector of TAGE-SC-L: adds up counters that vote on a branch, each indexed by a different kind of
// history, and overrules TAGE and the loop predictor where they are statistically wrong: when a branch is biased whatever
// the global history, or depends on its own outcomes, or on the iteration of the innermost loop.
//
//     sum  =  Σ over groups   weight (1 or 2)  *  Σ over the group's tables   (2 * counter + 1)
//
// The prediction is taken if the sum is not negative. It overrules if its absolute value exceeds a threshold, which adapts so
// that counters are trained about equally often after wrong predictions and after correct ones with too small a sum.

import { afresh, afreshFromText, fixedArray } from "./afresh.ts";
import { FOUND, SURE } from "./banked-tage-contract.ts";
import { CORRECTOR, type CorrectorSizes, rowBitsOf } from "./corrector-sizes.ts";
import { type CorrectorArrays, type CorrectorMaker, correctorText, STATE, type WrittenCorrector } from "./corrector-text.ts";
import type { InspectedPart } from "./inspection.ts";

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
  const text = correctorText(sizes);
  const makeWritten = (arrays: CorrectorArrays): WrittenCorrector =>
    afreshFromText<CorrectorMaker>(Object.keys(arrays), text)(...Object.values(arrays));
  return afresh(create)(sizes, rowBits, { ...CORRECTOR, ...FOUND, ...SURE, ...STATE }, fixedArray, makeWritten);
}

function create(
  { biasBits, groups, large }: CorrectorSizes,
  /** Of all tables of all groups. */
  rowBits: readonly number[],
  names: typeof CORRECTOR & typeof FOUND & typeof SURE & typeof STATE,
  array: typeof fixedArray,
  makeWritten: (arrays: CorrectorArrays) => WrittenCorrector,
): Corrector {
  const { WEIGHTS, THRESHOLD_BITS, OWN_THRESHOLD_BITS, OWN_THRESHOLDS, CHOOSER_BITS, ROUND_BITS, BIASES } = names;
  const { HIT, OTHER, LONGEST, ALTERNATE, CONFIDENCE, LOW, MEDIUM, HIGH } = names;
  const { THRESHOLD, FIRST_CHOOSER, SECOND_CHOOSER, BACKWARD, BACKWARD_OLDER, OUTCOMES, ROUND, SUM, LIMIT } = names;

  const zeros = (length: number): Int32Array => array(Array<number>(length).fill(0));

  const count = groups.length;
  const weights = zeros((count + 1) * WEIGHTS); // a group with 0 or more counts twice; the last: the bias tables
  for (let g = 0; g < count; g++) weights.fill(groups[g].history.of === "outcomes by round" ? 0 : 7, g * WEIGHTS, (g + 1) * WEIGHTS);
  weights.fill(4, count * WEIGHTS);

  // Tables of all groups in sequence, followed by the bias tables.
  const tables = rowBits.length;
  const places = zeros(tables + BIASES); // entries of the branch looked up
  const biasStart = rowBits.reduce((sum, bits) => sum + 2 ** bits, 0);
  const counters = Int8Array.from({ length: biasStart + BIASES * 2 ** biasBits }, (_, i) => ((i & 1) === 0 ? -1 : 0)); // -32 to 31

  // Initially the bias agrees with TAGE's prediction, the low bit of an index, weighted by TAGE's confidence.
  const biasMask = 2 ** biasBits - 1;
  const firstBiases = [
    [-32, 31, -1, 0],
    [-8, 7, -32, 31],
    [-32, 31, -1, 0],
  ];
  for (let b = 0; b < BIASES; b++) for (let i = 0; i <= biasMask; i++) counters[biasStart + (b << biasBits) + i] = firstBiases[b][i & 3];

  const ownThresholds = zeros(OWN_THRESHOLDS);
  const localOutcomes = zeros(groups.reduce((sum, { history }) => sum + (history.of === "local" ? history.histories : 0), 0));
  const outcomesByRound = zeros(2 ** ROUND_BITS);
  const state = array([35 << 3, 0, 0, 0, 0, 0, 0, 0, 0]);
  const sums = zeros(count + 1); // of the groups and of the bias tables
  const written = makeWritten({ counters, weights, places, sums, localOutcomes, outcomesByRound, state });

  const mixed = (pc: number): number => pc ^ (pc >>> 2);

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
    const place = biasStart + (bias << biasBits) + (key & biasMask);
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

  return {
    inspect: () => ({
      shape: "entries",
      title:
        "the corrector's sum, which says taken if it is not negative, and overrules if it exceeds the threshold or half or a quarter of it, by confidence",
      columns: [{ title: "sum" }, { title: "threshold" }],
      rows: [[state[SUM], state[LIMIT]]],
    }),
    look(pc, before, found, path) {
      const ownThreshold = ownThresholds[mixed(pc) & (OWN_THRESHOLDS - 1)];
      written.sum(pc, before, path, sumBiases(pc, before, found), (state[THRESHOLD] >> 3) + ownThreshold);
      const sum = state[SUM];
      const limit = state[LIMIT];
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
      written.learn(pc, taken);
    },

    track(pc, taken, isBackward) {
      const round = state[ROUND];
      outcomesByRound[round] = (outcomesByRound[round] << 1) | taken;
      if (isBackward) state[ROUND] = taken !== 0 ? Math.min(round + 1, 2 ** ROUND_BITS - 1) : 0;
      state[BACKWARD_OLDER] = (state[BACKWARD_OLDER] << 1) | (state[BACKWARD] >>> 31);
      state[BACKWARD] = (state[BACKWARD] << 1) | (isBackward ? taken : 0);
      state[OUTCOMES] = (state[OUTCOMES] << 1) | taken;
      written.trackLocals(pc, taken);
    },
    histories: [
      outcomesByRound,
      localOutcomes,
      ...[ROUND, BACKWARD, BACKWARD_OLDER, OUTCOMES].map((place) => state.subarray(place, place + 1)),
    ],
  };
}
