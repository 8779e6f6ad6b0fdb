// The statistical corrector of TAGE-SC-L: adds up counters that vote on a branch, each found by another kind of history,
// and overrules what TAGE and the loops say where those are statistically wrong: where a branch leans one way whatever
// the global history, or follows its own outcomes, or the round that the innermost loop is in.
//
//     sum  =  Σ over groups   weight (1 or 2)  *  Σ over the group's tables   (2 * counter + 1)
//
// Taken if the sum is not negative. It overrules if it is large, measured by a threshold that adapts until the counters
// are trained about as often because they were wrong as because they were right by too little.

import { ALTERNATE, CONFIDENCE, HIGH, HIT, LONGEST, LOW, MEDIUM, OTHER } from "./banked-tage.ts";
import { CONDITIONAL } from "./branch.ts";

/** What a group of tables is indexed with, beside the address. */
export type CorrectorHistory =
  /** Whether conditionals were taken backward; with the answer to be corrected. */
  | { readonly of: "backward"; readonly withAnswer: boolean }
  /** Outcomes of conditionals. */
  | { readonly of: "outcomes" }
  /** TAGE's path. */
  | { readonly of: "path" }
  /** Outcomes of branches with this address or one like it: `histories` of them, the address cut in pieces of `shift` bits. */
  | { readonly of: "local"; readonly histories: number; readonly shift: number; readonly mixesAddress: boolean }
  /** Rounds of the innermost loop so far. */
  | { readonly of: "rounds" }
  /** Outcomes of conditionals when the innermost loop was in this round. */
  | { readonly of: "outcomes by round" };

export interface CorrectorGroup {
  readonly history: CorrectorHistory;
  /** Counters of a table, as log2. */
  readonly rowBits: number;
  /** Bits of history that each table sees, at most 40; beyond 32 only the first. */
  readonly lengths: readonly number[];
}

export interface CorrectorSizes {
  /** Counters of each table of leanings, as log2. */
  readonly biasBits: number;
  readonly groups: readonly CorrectorGroup[];
  /** As in 64 KB: the last two tables of a group are half as large; weights raise the threshold; leanings by table know the address. */
  readonly large: boolean;
}

const COUNTER_BITS = 6;
const WEIGHT_BITS = 6;
const WEIGHTS = 8; // of each group, by address
const THRESHOLD_BITS = 12;
const OWN_THRESHOLD_BITS = 8;
const OWN_THRESHOLDS = 64; // by address
const CHOOSER_BITS = 7;
const ROUND_BITS = 8;
const BIASES = 3;
const BACKWARD_BRANCHES = 1024;

const rowBitsOf = ({ rowBits, lengths }: CorrectorGroup, i: number, large: boolean): number =>
  large && i >= lengths.length - 2 ? rowBits - 1 : rowBits;

/** Counters, weights, thresholds, choosers and histories. */
export function correctorBits({ biasBits, groups, large }: CorrectorSizes): number {
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
  return history.of === "outcomes by round" ? 2 ** ROUND_BITS * longest : longest;
}

export interface Corrector {
  /** What the whole predictor says; changes nothing but what `train` needs. @param before what TAGE and the loops say */
  look(pc: number, before: number, found: Int32Array, path: number): number;
  /** Learns an outcome after `look`, with the same arguments. */
  train(pc: number, taken: number, before: number, found: Int32Array): void;
  /** Moves the histories, for every kind of branch. */
  track(pc: number, target: number, taken: number, kind: number): void;
}

// Places in the small state.
const THRESHOLD = 0; // eight times the common part of the threshold
const FIRST_CHOOSER = 1; // -64 to 63; from 0 on, TAGE is believed when it is fairly sure and the sum is small
const SECOND_CHOOSER = 2; // ... when it is sure and the sum is not quite small
const BACKWARD = 3; // history, newest in bit 0
const BACKWARD_OLDER = 4; // its bits from 32 on
const OUTCOMES = 5;
const ROUND = 6;
const SUM = 7; // found by `look`
const LIMIT = 8; // found by `look`: the threshold

// Kinds of history, as numbers for the loop.
const KINDS: readonly CorrectorHistory["of"][] = ["backward", "outcomes", "path", "local", "rounds", "outcomes by round"];
const [OF_BACKWARD, OF_OUTCOMES, OF_PATH, OF_LOCAL, OF_ROUNDS] = [0, 1, 2, 3, 4];

export function createCorrector(sizes: CorrectorSizes): Corrector {
  const { biasBits, groups, large } = sizes;
  // By group.
  const count = groups.length;
  const kinds = Int32Array.from(groups, ({ history }) => KINDS.indexOf(history.of));
  const withAnswers = Uint8Array.from(groups, ({ history }) => (history.of === "backward" && history.withAnswer ? 1 : 0));
  const localMasks = Int32Array.from(groups, ({ history }) => (history.of === "local" ? history.histories - 1 : 0));
  const localShifts = Int32Array.from(groups, ({ history }) => (history.of === "local" ? history.shift : 0));
  const localMixes = Int32Array.from(groups, ({ history }) => (history.of === "local" && history.mixesAddress ? 15 : 0));
  const localStarts = startsOf(groups.map(({ history }) => (history.of === "local" ? history.histories : 0)));
  const firstTables = startsOf(groups.map(({ lengths }) => lengths.length));
  const groupSums = new Int32Array(count + 1); // the last is that of the leanings
  const weights = new Int8Array((count + 1) * WEIGHTS); // from 0 on a group counts twice
  for (let g = 0; g < count; g++) weights.fill(groups[g].history.of === "outcomes by round" ? 0 : 7, g * WEIGHTS, (g + 1) * WEIGHTS);
  weights.fill(4, count * WEIGHTS);

  // By table.
  const allRowBits = groups.flatMap((group) => group.lengths.map((_, i) => rowBitsOf(group, i, large)));
  const rowMasks = Int32Array.from(allRowBits, (bits) => 2 ** bits - 1);
  const starts = startsOf(allRowBits.map((bits) => 2 ** bits));
  const lengths = groups.flatMap((group) => group.lengths);
  const lengthMasks = Int32Array.from(lengths, (length) => (length >= 32 ? -1 : 2 ** length - 1));
  const olderMasks = Int32Array.from(lengths, (length) => (length > 32 ? 2 ** (length - 32) - 1 : 0));
  const places = new Int32Array(lengths.length); // of the branch looked up
  const counters = Int8Array.from({ length: starts[lengths.length] }, (_, i) => ((i & 1) === 0 ? -1 : 0)); // -32 to 31

  const biasMask = 2 ** biasBits - 1;
  const biasPlaces = new Int32Array(BIASES); // of the branch looked up
  const biases = firstBiases(biasBits);
  const ownThresholds = new Int8Array(OWN_THRESHOLDS);
  const locals = new Int32Array(localStarts[count]);
  const outcomesByRound = new Int32Array(2 ** ROUND_BITS);
  const backwardBranches = new Int32Array(BACKWARD_BRANCHES); // addresses; what a decoder would say of a branch not taken
  const state = Int32Array.of(35 << 3, 0, 0, 0, 0, 0, 0, 0, 0);

  const mixed = (pc: number): number => pc ^ (pc >>> 2);
  const weightAt = (group: number, pc: number): number => group * WEIGHTS + (mixed(pc) & (WEIGHTS - 1));
  const localAt = (group: number, pc: number): number => localStarts[group] + ((pc ^ (pc >>> localShifts[group])) & localMasks[group]);

  function historyOf(group: number, pc: number, path: number): number {
    const kind = kinds[group];
    if (kind === OF_LOCAL) return locals[localAt(group, pc)];
    if (kind === OF_BACKWARD) return state[BACKWARD];
    if (kind === OF_PATH) return path;
    if (kind === OF_OUTCOMES) return state[OUTCOMES];
    return kind === OF_ROUNDS ? state[ROUND] : outcomesByRound[state[ROUND]];
  }

  /** History cut in pieces, of other lengths for each of a group's tables. */
  function fold(history: number, older: number, i: number): number {
    const newer = history ^ (history >>> (8 - i)) ^ (history >>> (16 - 2 * i)) ^ (history >>> (24 - 3 * i));
    return i === 0 ? newer ^ older ^ (older << 8) : newer ^ (history >>> (32 - 3 * i));
  }

  function sumGroup(group: number, pc: number, before: number, path: number): number {
    const history = historyOf(group, pc, path);
    const older = kinds[group] === OF_BACKWARD ? state[BACKWARD_OLDER] : 0;
    const key = withAnswers[group] !== 0 ? (pc << 1) | before : pc;
    const first = firstTables[group];
    let sum = 0;
    for (let table = first; table < firstTables[group + 1]; table++) {
      const folded = fold(history & lengthMasks[table], older & olderMasks[table], table - first);
      const place = starts[table] + ((key ^ folded) & rowMasks[table]);
      places[table] = place;
      sum += 2 * counters[place] + 1;
    }
    return sum;
  }

  /** Leanings of a branch, by how sure TAGE is of it and where it knows it from. */
  function sumBiases(pc: number, before: number, found: Int32Array): number {
    const isLow = found[CONFIDENCE] === LOW ? 1 : 0;
    const isHigh = found[CONFIDENCE] === HIGH ? 1 : 0;
    const isTorn = isLow !== 0 && found[LONGEST] !== found[ALTERNATE] ? 1 : 0;
    const tables = (((found[HIT] + 1) >> 2) << 4) + (isHigh << 1) + (isLow << 2) + (found[OTHER] !== 0 ? 8 : 0);
    biasPlaces[0] = (((mixed(pc) << 1) ^ isTorn) << 1) + before;
    biasPlaces[1] = ((((pc ^ (pc >>> (biasBits - 2))) << 1) ^ isHigh) << 1) + before;
    biasPlaces[2] = before + tables + (large ? mixed(pc) << 7 : 0);
    let sum = 0;
    for (let b = 0; b < BIASES; b++) {
      biasPlaces[b] = (b << biasBits) + (biasPlaces[b] & biasMask);
      sum += 2 * biases[biasPlaces[b]] + 1;
    }
    return sum;
  }

  /** Moves a counter of so many bits one up or down. */
  function move(numbers: Int8Array | Int32Array, place: number, up: boolean, bits: number): void {
    const limit = 1 << (bits - 1);
    if (up) {
      if (numbers[place] < limit - 1) numbers[place]++;
    } else if (numbers[place] > -limit) numbers[place]--;
  }

  /** A group counts twice where that decides for the better. */
  function trainWeight(group: number, pc: number, taken: number): void {
    const place = weightAt(group, pc);
    const sum = groupSums[group];
    const others = state[SUM] - (weights[place] >= 0 ? sum : 0);
    if (others + sum >= 0 !== others >= 0) move(weights, place, sum >= 0 === (taken !== 0), WEIGHT_BITS);
  }

  return {
    look(pc, before, found, path) {
      let sum = 0;
      let limit = (state[THRESHOLD] >> 3) + ownThresholds[mixed(pc) & (OWN_THRESHOLDS - 1)];
      for (let group = 0; group <= count; group++) {
        const own = group < count ? sumGroup(group, pc, before, path) : sumBiases(pc, before, found);
        const isDoubled = weights[weightAt(group, pc)] >= 0;
        groupSums[group] = own;
        sum += isDoubled ? 2 * own : own;
        // Not by the last kind, as published.
        if (large && isDoubled && (group === count || kinds[group] <= OF_ROUNDS)) limit += 12;
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
      for (let b = 0; b < BIASES; b++) move(biases, biasPlaces[b], taken !== 0, COUNTER_BITS);
      for (let table = 0; table < places.length; table++) move(counters, places[table], taken !== 0, COUNTER_BITS);
    },

    track(pc, target, taken, kind) {
      if (kind !== CONDITIONAL) return;
      const round = state[ROUND];
      outcomesByRound[round] = (outcomesByRound[round] << 1) | taken;
      const place = mixed(pc) & (BACKWARD_BRANCHES - 1);
      const isBackward = taken !== 0 ? ((target - pc) | 0) < 0 : backwardBranches[place] === pc;
      if (isBackward) {
        backwardBranches[place] = pc;
        state[ROUND] = taken !== 0 ? Math.min(round + 1, 2 ** ROUND_BITS - 1) : 0;
      }
      state[BACKWARD_OLDER] = (state[BACKWARD_OLDER] << 1) | (state[BACKWARD] >>> 31);
      state[BACKWARD] = (state[BACKWARD] << 1) | (isBackward ? taken : 0);
      state[OUTCOMES] = (state[OUTCOMES] << 1) | taken;
      for (let group = 0; group < count; group++) {
        if (kinds[group] !== OF_LOCAL) continue;
        const local = localAt(group, pc);
        locals[local] = ((locals[local] << 1) | taken) ^ (pc & localMixes[group]);
      }
    },
  };
}

/** Where each of several tables begins, one behind the other, and where the last one ends. */
function startsOf(counts: readonly number[]): Int32Array {
  const starts = new Int32Array(counts.length + 1);
  counts.forEach((count, i) => {
    starts[i + 1] = starts[i] + count;
  });
  return starts;
}

/** At first a branch leans to what TAGE says, according to how sure it is of that; the low bit of a place is what it says. */
function firstBiases(biasBits: number): Int8Array {
  const first = [
    [-32, 31, -1, 0],
    [-8, 7, -32, 31],
    [-32, 31, -1, 0],
  ];
  return Int8Array.from({ length: BIASES << biasBits }, (_, i) => first[i >> biasBits][i & 3]);
}
