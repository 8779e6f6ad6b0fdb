// The statistical corrector of the championship of 2025. As in statistical-corrector.ts, counters vote, each indexed by another
// history; new are histories of regions of code, of local outcomes by block, four ways to count a loop's rounds, and two
// weights per address for the local and for the loop's votes instead of a weight for every group:
//
//     sum  =  TAGE's votes  +  global votes  +  weights * local votes  +  weights * votes by round
import { afresh, fixedArray } from "./afresh.ts";
import { MATCH } from "./cookbook-tage.ts";
import type { InspectedPart } from "./inspection.ts";

const SIZES = {
  COUNTER_BITS: 6,
  BIAS_BITS: 11, // counters by address, as log2
  ROUND_BITS: 11, // counters of each table by round, as log2
  THRESHOLD_BITS: 15,
  OWN_THRESHOLD_BITS: 11,
  OWN_BITS: 5, // thresholds and weights by address, as log2, under two hashes
  SMALL_TABLES: [4, 128, 64, 512], // by what TAGE found alone: its two answers; its second match; its base; all confidences
  MOST_ROUNDS: 2047,
  REGION_BITS: 6, // bytes in which backward branches count as the same loop, as log2
} as const;

/** What a group of tables is indexed by; `histories` is the number of local ones. */
interface Group {
  readonly of: "global" | "global with answers" | "forward" | "regions" | "backward" | "local" | "block" | "mixed" | "recent";
  readonly histories: number;
  readonly rowBits: number;
  /** Bits that are used, as the author's code on x86 does: it shifts an int by 53, 39 and 45 bits, which are 21, 7 and 13 there. */
  readonly lengths: readonly number[];
  /** Bits of one history, by the author's count. */
  readonly counted: number;
}

const GROUPS: readonly Group[] = [
  { of: "global", histories: 1, rowBits: 11, lengths: [21, 7, 24, 11, 4], counted: 53 },
  { of: "global with answers", histories: 1, rowBits: 11, lengths: [31, 17, 7, 2], counted: 0 },
  { of: "forward", histories: 1, rowBits: 11, lengths: [10], counted: 10 },
  { of: "regions", histories: 1, rowBits: 10, lengths: [12], counted: 12 },
  { of: "backward", histories: 1, rowBits: 11, lengths: [11], counted: 11 },
  { of: "local", histories: 128, rowBits: 11, lengths: [25, 16, 10, 5], counted: 25 },
  { of: "block", histories: 32, rowBits: 11, lengths: [30, 18, 9, 4], counted: 30 },
  { of: "mixed", histories: 32, rowBits: 11, lengths: [17, 8, 3], counted: 17 },
  { of: "recent", histories: 16, rowBits: 11, lengths: [13, 24, 12], counted: 45 },
];

/** The author's count; of the table with TAGE's two answers it has two counters. */
export function cookbookCorrectorBits(): number {
  const { COUNTER_BITS, BIAS_BITS, ROUND_BITS, THRESHOLD_BITS, OWN_THRESHOLD_BITS, OWN_BITS, SMALL_TABLES } = SIZES;
  const voting = GROUPS.reduce((sum, { rowBits, lengths }) => sum + lengths.length * 2 ** rowBits, 0);
  const histories = GROUPS.reduce((sum, group) => sum + group.histories * group.counted, 0);
  const biases = 2 * 2 ** BIAS_BITS + SMALL_TABLES.reduce((sum, size) => sum + size, 0) - 2;
  const rounds = 4 * (2 ** ROUND_BITS * COUNTER_BITS + BIAS_BITS) + 2 * 10 + 2 * 14;
  const own = 2 ** OWN_BITS * (2 * OWN_THRESHOLD_BITS + 4 * COUNTER_BITS);
  return (voting + biases) * COUNTER_BITS + histories + rounds + own + THRESHOLD_BITS;
}

/** What `look` found: indices into `sums`. */
export const VOTES = { EARLY: 0, LOCAL: 1, ROUNDS: 2, ALL: 3, THRESHOLD: 4 } as const;

export interface CookbookCorrector {
  /** Sums of the last `look`, indexed by VOTES: TAGE's and the global votes, the weighted local ones and those by round, all, and the threshold. */
  readonly sums: Int32Array;
  /** The final prediction. @param found what TAGE found (MATCH) */
  look(address: number, found: Int32Array): number;
  /** Learns an outcome after `look` with the same arguments. */
  train(address: number, taken: number): void;
  /** Updates the histories. @param isReturned whether the branch is indirect or a return */
  push(pc: number, target: number, taken: number, isConditional: boolean, isReturned: boolean): void;
  /** Everything that `push` changes. */
  readonly histories: readonly Int32Array[];
  inspect(): InspectedPart;
}

export function createCookbookCorrector(): CookbookCorrector {
  return afresh(create)(GROUPS, { ...SIZES, ...MATCH, ...VOTES }, fixedArray);
}

function create(groups: readonly Group[], names: typeof SIZES & typeof MATCH & typeof VOTES, array: typeof fixedArray): CookbookCorrector {
  const { COUNTER_BITS, BIAS_BITS, ROUND_BITS, THRESHOLD_BITS, OWN_THRESHOLD_BITS, OWN_BITS, SMALL_TABLES, MOST_ROUNDS, REGION_BITS } =
    names;
  const { HIT, OTHER, LONGEST, ALTERNATE, FIRM_ANSWER, CONFIDENCE, OTHER_CONFIDENCE, FIRM_CONFIDENCE } = names;
  const { EARLY, LOCAL, ROUNDS, ALL, THRESHOLD } = names;
  const zeros = (length: number): Int32Array => array(Array<number>(length).fill(0));
  const startsOf = (counts: readonly number[]): readonly number[] => counts.map((_, i) => counts.slice(0, i).reduce((a, b) => a + b, 0));
  const indexOf = (of: Group["of"]): number => groups.findIndex((group) => group.of === of);

  // Voting tables: those of all groups, four by round, then the biases.
  const FIRST_BIAS = groups.reduce((sum, { lengths }) => sum + lengths.length, 0) + 4;
  const FIRST_ROUND = FIRST_BIAS - 4;
  const tableSizes = [
    ...groups.flatMap(({ rowBits, lengths }) => lengths.map(() => 2 ** rowBits)),
    ...Array<number>(4).fill(2 ** ROUND_BITS),
    ...Array<number>(2).fill(2 ** BIAS_BITS),
    ...SMALL_TABLES,
  ];
  const tables = tableSizes.length;
  const starts = array(startsOf(tableSizes));
  const counters = new Int8Array(starts[tables - 1] + tableSizes[tables - 1]); // -32 to 31
  const startsWeak = tableSizes.map((_, table) => table < FIRST_ROUND + 2 || table === FIRST_BIAS + 1);
  for (let table = 0; table < tables; table++)
    if (startsWeak[table]) for (let i = 0; i < tableSizes[table]; i += 2) counters[starts[table] + i] = -1;
  const places = zeros(tables);
  const backward = array([0]); // whether the group of backward branches votes on the branch looked up
  const keys = zeros(groups.length); // address, as each group mixes it, ...
  const pasts = zeros(groups.length); // ... and its history
  const firsts = array([...startsOf(groups.map(({ lengths }) => lengths.length)), FIRST_ROUND]);
  const rowMasks = array(groups.map(({ rowBits }) => 2 ** rowBits - 1));
  const masks = array(groups.flatMap(({ lengths }) => lengths.map((length) => 2 ** length - 1)));

  const localStarts = startsOf(groups.map(({ histories }) => histories));
  const locals = zeros(groups.reduce((sum, { histories }) => sum + histories, 0));
  const [BACKWARD_GROUP, LOCAL_GROUP, BLOCK_GROUP, MIXED_GROUP, RECENT_GROUP] = [
    indexOf("backward"),
    indexOf("local"),
    indexOf("block"),
    indexOf("mixed"),
    indexOf("recent"),
  ];

  // Histories, all in `past`.
  const GLOBAL = 0; // addresses and targets of taken branches
  const FORWARD = 1; // taken forward branches
  const BACKWARD = 2; // taken backward branches that end a loop
  const REGIONS = 3; // blocks of 256 bytes that were entered
  const LAST_REGION = 4;
  const BLOCK = 5; // target of the last taken branch
  // Four counts of a loop's rounds: by where backward branches go and by where they are, in regions of 64 bytes and exactly.
  const COUNT = 6;
  const PLACE = 10; // where the last backward branch went or was, for each
  const past = zeros(14);

  const weights = zeros(4 << OWN_BITS); // of local votes under two hashes, then of votes by round
  const ownThresholds = zeros(2 << OWN_BITS);
  const threshold = array([23]);
  const sums = zeros(5);

  const ownMask = (1 << OWN_BITS) - 1;
  const own = (address: number): number => (address ^ (address >>> 2)) & ownMask;
  const secondOwn = (address: number): number => (1 << OWN_BITS) + ((address ^ (address >>> 5) ^ (address >>> 3)) & ownMask);

  const localAt = (address: number): number => localStarts[LOCAL_GROUP] + ((address ^ (address >>> 2)) & 127);
  const blockAt = (): number => localStarts[BLOCK_GROUP] + ((past[BLOCK] ^ (past[BLOCK] >>> 5)) & 31);
  const mixedAt = (address: number): number => localStarts[MIXED_GROUP] + ((address ^ (address >>> 5)) & 31);
  const recentAt = (address: number): number => localStarts[RECENT_GROUP] + ((address ^ (address >>> 3)) & 15);

  function move(numbers: Int32Array | Int8Array, place: number, up: boolean, bits: number): void {
    const limit = 1 << (bits - 1);
    if (up) {
      if (numbers[place] < limit - 1) numbers[place]++;
    } else if (numbers[place] > -limit) numbers[place]--;
  }

  function vote(table: number, index: number): number {
    places[table] = starts[table] + index;
    return 2 * counters[places[table]] + 1;
  }

  function voteGroup(group: number): number {
    let sum = 0;
    for (let table = firsts[group], i = 0; table < firsts[group + 1]; table++, i++) {
      const bits = pasts[group] & masks[table];
      const folded = bits ^ (bits >>> (8 - i)) ^ (bits >>> (16 - 2 * i)) ^ (bits >>> (24 - 3 * i));
      sum += vote(table, (keys[group] ^ folded) & rowMasks[group]);
    }
    return sum;
  }

  function setKeys(address: number, answers: number): void {
    for (let group = 0; group < groups.length; group++) keys[group] = address;
    keys[1] ^= answers;
    keys[2] ^= address >>> 3;
    keys[3] ^= address >>> 3;
    keys[4] ^= address >>> 6;
    pasts[0] = past[GLOBAL];
    pasts[1] = past[GLOBAL];
    pasts[2] = past[FORWARD];
    pasts[3] = past[REGIONS];
    pasts[4] = past[BACKWARD];
    pasts[LOCAL_GROUP] = locals[localAt(address)];
    pasts[BLOCK_GROUP] = locals[blockAt()];
    pasts[MIXED_GROUP] = locals[mixedAt(address)];
    pasts[RECENT_GROUP] = locals[recentAt(address)];
  }

  /** Votes indexed by what TAGE found. */
  function voteBiases(address: number, found: Int32Array, answers: number): number {
    const mask = (1 << BIAS_BITS) - 1;
    const own = (address ^ (address >>> (BIAS_BITS - 5))) & mask;
    const [hit, other] = [found[HIT] >> 1, found[OTHER] >> 1];
    const [longest, alternate, confidence] = [found[LONGEST], found[ALTERNATE], found[CONFIDENCE]];
    const is = (condition: boolean): number => (condition ? 1 : 0);
    const apart = hit - other;
    const agrees = is(longest === alternate) | (confidence << 1) | (is(found[OTHER_CONFIDENCE] >= confidence) << 3) | (longest << 4);
    const depth = is(hit > 0) + is(hit > 7) + is(hit > 13);
    return (
      2 * vote(FIRST_BIAS, own) +
      vote(FIRST_BIAS + 1, (own ^ (answers << (BIAS_BITS - 2))) & mask) +
      vote(FIRST_BIAS + 2, answers) +
      vote(FIRST_BIAS + 3, agrees | ((is(apart > 4) + is(apart > 9) + is(apart > 13)) << 5)) +
      vote(FIRST_BIAS + 4, is(longest === 0) | (is(confidence === 0) << 1) | (depth << 2) | (is(other > 0) << 4) | (longest << 5)) +
      vote(FIRST_BIAS + 5, answers | (alternate << 2) | (confidence << 3) | (found[OTHER_CONFIDENCE] << 5) | (found[FIRM_CONFIDENCE] << 7))
    );
  }

  /** A loop's round as it enters an index: in the first round, or where both counts agree, a history instead. */
  const roundOr = (count: number, isFirst: boolean, history: number): number => (isFirst ? history : past[COUNT + count]);

  function voteByRound(address: number): number {
    const mask = (1 << ROUND_BITS) - 1;
    const [to, from, exactlyTo, exactlyFrom] = [past[COUNT], past[COUNT + 1], past[COUNT + 2], past[COUNT + 3]];
    const near = address >>> (ROUND_BITS - 6);
    return (
      vote(FIRST_ROUND, (address ^ near ^ roundOr(1, from === 0, past[FORWARD] & 63)) & mask) +
      vote(
        FIRST_ROUND + 1,
        ((address >>> 4) ^ (address << (ROUND_BITS - 4)) ^ roundOr(0, to === 0 || from === to, past[BACKWARD] & 63)) & mask,
      ) +
      vote(FIRST_ROUND + 2, (address ^ (address >>> 6) ^ near ^ roundOr(3, exactlyFrom === 0, past[FORWARD] & 7)) & mask) +
      vote(
        FIRST_ROUND + 3,
        ((address >>> 5) ^ (address << (ROUND_BITS - 5)) ^ roundOr(2, exactlyTo === 0 || exactlyFrom === exactlyTo, past[BACKWARD] & 7)) &
          mask,
      )
    );
  }

  /** Votes times the two weights of an address, each from half to three halves. */
  function weighted(address: number, votes: number, first: number): number {
    const one = 1 << COUNTER_BITS;
    return ((one + weights[first + own(address)]) * (one + weights[first + secondOwn(address)]) * votes) >> (2 * COUNTER_BITS - 1);
  }

  return {
    sums,
    look(address, found) {
      const answers = found[LONGEST] | (found[FIRM_ANSWER] << 1);
      setKeys(address, answers);
      const isShort = past[COUNT] < 12 && past[COUNT + 1] < 12 && past[COUNT + 2] < 12 && past[COUNT + 3] < 12;
      backward[0] = isShort ? 1 : 0;
      sums[EARLY] = voteBiases(address, found, answers) + voteGroup(0) + voteGroup(1);
      let global = voteGroup(2) + voteGroup(3);
      if (isShort) global += voteGroup(BACKWARD_GROUP);
      sums[ROUNDS] = weighted(address, voteByRound(address), 2 << OWN_BITS);
      const local = voteGroup(LOCAL_GROUP) + voteGroup(BLOCK_GROUP) + voteGroup(MIXED_GROUP) + voteGroup(RECENT_GROUP);
      sums[LOCAL] = weighted(address, local, 0);
      sums[ALL] = sums[EARLY] + global + sums[LOCAL] + sums[ROUNDS];
      sums[THRESHOLD] = threshold[0] + ownThresholds[own(address)] + ownThresholds[secondOwn(address)];
      const isUnclear = Math.abs(sums[ALL]) < sums[THRESHOLD] >> 1;
      return found[CONFIDENCE] === 3 && isUnclear ? found[LONGEST] : sums[ALL] >= 0 ? 1 : 0;
    },

    train(address, taken) {
      const right = sums[ALL] >= 0 === (taken !== 0);
      const size = Math.abs(sums[ALL]);
      if (right && size >= sums[THRESHOLD]) return;
      for (const [votes, first] of [
        [sums[LOCAL], 0],
        [sums[ROUNDS], 2 << OWN_BITS],
      ]) {
        if (votes >= 0 === sums[ALL] - votes >= 0) continue;
        move(weights, first + own(address), votes >= 0 === (taken !== 0), COUNTER_BITS);
        move(weights, first + secondOwn(address), votes >= 0 === (taken !== 0), COUNTER_BITS);
      }
      if (size >= sums[THRESHOLD] >> 1) {
        const step = right ? -1 : 1;
        const within = (value: number, bits: number): number => Math.min(Math.max(value + step, 0), 2 ** bits - 1);
        for (const place of [own(address), secondOwn(address)]) ownThresholds[place] = within(ownThresholds[place], OWN_THRESHOLD_BITS);
        threshold[0] = within(threshold[0], THRESHOLD_BITS);
      }
      for (let table = 0; table < tables; table++) {
        if (table === firsts[BACKWARD_GROUP] && backward[0] === 0) continue;
        move(counters, places[table], taken !== 0, COUNTER_BITS);
      }
    },

    push(pc, target, taken, isConditional, isReturned) {
      const address = pc >>> 2;
      past[GLOBAL] <<= 1;
      if (taken !== 0) past[GLOBAL] = ((past[GLOBAL] ^ address) << 1) ^ (target >>> 4) ^ (target >>> 2);
      if (isConditional) {
        const append = (place: number): number => (locals[place] << 1) | taken;
        locals[localAt(address)] = append(localAt(address));
        locals[blockAt()] = append(blockAt());
        locals[mixedAt(address)] = append(mixedAt(address)) ^ (address & 15);
        locals[recentAt(address)] = (locals[recentAt(address)] << 3) | (((past[GLOBAL] >> 2) & 3) << 1) | taken;
      }
      if (taken !== 0) past[BLOCK] = target >>> 2;
      if (target >>> 8 !== past[LAST_REGION]) {
        past[REGIONS] = (past[REGIONS] << 1) ^ (target >>> 8);
        past[LAST_REGION] = target >>> 8;
      }
      if (taken !== 0 && target >>> 0 > pc >>> 0) past[FORWARD] = (past[FORWARD] << 3) ^ (target >>> 2) ^ (pc >>> 1);
      if (isReturned) past.fill(0, COUNT, COUNT + 4);
      else if (taken !== 0 && target >>> 0 < pc >>> 0) {
        for (let count = 0; count < 4; count++) {
          const place = ((count & 1 ? pc : target) & 0xffff) >>> (count < 2 ? REGION_BITS : 0);
          if (place === past[PLACE + count]) past[COUNT + count] = Math.min(past[COUNT + count] + 1, MOST_ROUNDS);
          else {
            if (count >= 2) past[BACKWARD] = (past[BACKWARD] << 1) ^ past[PLACE + count];
            past[COUNT + count] = 0;
          }
          past[PLACE + count] = place;
        }
      }
    },
    histories: [past, locals],

    inspect: () => ({
      shape: "entries",
      title: "the corrector's sum, which says taken if it is not negative; below half the threshold a sure TAGE wins",
      columns: ["TAGE and global", "local, weighted", "by round, weighted", "sum", "threshold"].map((title) => ({ title })),
      rows: [[...sums.subarray(0, EARLY + 1), sums[LOCAL], sums[ROUNDS], sums[ALL], sums[THRESHOLD]]],
    }),
  };
}
