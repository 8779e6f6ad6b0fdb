// The second level of LLBP: patterns of TAGE, kept by program context. A context is where the program came from, a hash of
// unconditional branches; its patterns can be fetched before they are needed, because the newest of these branches are left out:
//
//     unconditional branches   o o o o o o o o | o o o o o o o o   <- newest
//                              context: these     left out, the time for fetching
//
//     context  ->  16 patterns in 4 buckets, each for 4 neighbouring history lengths:  tag | length | counter
//
// Keys are computed from the longest history to the match, and not where the context is unknown: `llbp` 685 and 601 ns a branch became
// 568 and 486 (CPython, pieces in turns).
import { afresh, fixedArray } from "./afresh.ts";
import { createFoldedHistory, type FoldedHistory } from "./history.ts";
import { createRankedSets } from "./ranked-sets.ts";

const SIZES = {
  CONTEXT_SETS: 2048,
  CONTEXT_WAYS: 7,
  CONTEXT_BITS: 14,
  WORTH_MAX: 3, // of a context: goes up when a pattern becomes sure
  BUCKETS: 4,
  PATTERNS: 4, // in a bucket
  TAG_BITS: 13,
  COUNTER_BITS: 3,
  HASHED: 8, // branches in a context
  SKIPPED: 8, // newest branches that are not
  SHIFT: 2, // between their addresses
  BUFFERED: 64, // sets of patterns in the buffer between the levels
} as const;

/** Numbers of TAGE's tables with whose histories there are patterns; four neighbours are one bucket. */
const TABLES = [6, 10, 13, 14, 15, 16, 17, 18, 19, 20, 22, 24, 26, 28, 32, 36];

/** Patterns, their contexts with tag, worth and a bit for valid, the addresses from which a context is made, and the buffer. */
export function patternSetsBits(): number {
  const { CONTEXT_SETS, CONTEXT_WAYS, CONTEXT_BITS, WORTH_MAX, BUCKETS, PATTERNS, TAG_BITS, COUNTER_BITS, HASHED, SKIPPED, BUFFERED } =
    SIZES;
  const set = BUCKETS * PATTERNS * (TAG_BITS + COUNTER_BITS + Math.log2(PATTERNS));
  const context = CONTEXT_BITS - Math.log2(CONTEXT_SETS) + Math.log2(WORTH_MAX + 1) + 1;
  return CONTEXT_SETS * CONTEXT_WAYS * (set + context) + (HASHED + SKIPPED) * CONTEXT_BITS + BUFFERED * (set + CONTEXT_BITS);
}

/** What `look` found: indices into `match`. */
export const PATTERN = {
  TABLE: 0, // whose history is the longest that matches; 0 if none does
  ANSWER: 1,
  CONFIDENCE: 2, // from 0 (weak) to 3
} as const;

export interface PatternSets {
  readonly match: Int32Array;
  /** Looks a branch up in the present context; changes only `match`. */
  look(pc: number): void;
  /** Trains the pattern that matches, unless it has been replaced since. */
  train(taken: number): void;
  /** Adds a pattern for the branch looked up; nothing happens if there is one, or if there are none for this table. */
  allocate(table: number, taken: number): void;
  /** Appends what TAGE appended to its history. */
  push(bits: number, count: number): void;
  /** An unconditional branch, of which contexts are made. */
  enter(pc: number): void;
  /** Everything that `push` and `enter` change. */
  readonly histories: readonly Int32Array[];
}

/** @param lengths of TAGE's histories, by pair of tables */
export function createPatternSets(lengths: readonly number[]): PatternSets {
  // The second table of a pair has two bits more than the first: their patterns differ.
  const own = TABLES.map((table) => lengths[(table - 1) >> 1] + (table % 2 === 0 ? 2 : 0));
  const first = createFoldedHistory(SIZES.TAG_BITS, own);
  const second = createFoldedHistory(SIZES.TAG_BITS - 1, own);
  return afresh(create)(first, second, TABLES, { ...SIZES, ...PATTERN }, createRankedSets, fixedArray);
}

function create(
  first: FoldedHistory,
  second: FoldedHistory,
  tableNumbers: readonly number[],
  names: typeof SIZES & typeof PATTERN,
  createSets: typeof createRankedSets,
  array: typeof fixedArray,
): PatternSets {
  const { CONTEXT_SETS, CONTEXT_WAYS, CONTEXT_BITS, WORTH_MAX, BUCKETS, PATTERNS, TAG_BITS, HASHED, SKIPPED, SHIFT } = names;
  const { TABLE, ANSWER, CONFIDENCE } = names;

  const contexts = CONTEXT_SETS * CONTEXT_WAYS;
  const worths = new Uint8Array(contexts);
  const counters = new Int8Array(contexts * BUCKETS * PATTERNS);
  const strength = (counter: number): number => (counter >= 0 ? counter : -1 - counter);
  const byContext = createSets(CONTEXT_SETS, CONTEXT_WAYS, (context) => worths[context]);
  const byPattern = createSets(contexts * BUCKETS, PATTERNS, (pattern) => strength(counters[pattern]));

  const match = array([0, 0, 0]);
  const ring = array(Array<number>(HASHED + SKIPPED).fill(0)); // addresses of unconditional branches
  const NEXT = 0; // place of the next one in the ring
  const CONTEXT = 1; // hash of the older half
  const path = array([0, 0]);
  const FOUND_CONTEXT = 0; // or -1
  const FOUND_PATTERN = 1;
  const FOUND_KEY = 2;
  const FOUND_SET = 3;
  const LOOKED = 4; // the branch looked up
  const state = array([-1, -1, 0, 0, 0]);
  const tables = array(tableNumbers);

  const setOf = (context: number, k: number): number => context * BUCKETS + ((k / PATTERNS) | 0);
  const keyOf = (pc: number, k: number): number =>
    ((pc ^ first.fold(k) ^ (second.fold(k) << 1)) & (2 ** TAG_BITS - 1)) * PATTERNS + (k % PATTERNS);
  const contextSet = (): number => path[CONTEXT] & (CONTEXT_SETS - 1);

  return {
    match,
    look(pc) {
      match[TABLE] = 0;
      match[ANSWER] = 0;
      match[CONFIDENCE] = 0;
      state[LOOKED] = pc;
      const context = byContext.find(contextSet(), path[CONTEXT]);
      state[FOUND_CONTEXT] = context;
      if (context < 0) return;
      for (let k = tables.length - 1; k >= 0; k--) {
        const key = keyOf(pc, k);
        const set = setOf(context, k);
        const pattern = byPattern.find(set, key);
        if (pattern < 0) continue;
        state[FOUND_PATTERN] = pattern;
        state[FOUND_KEY] = key;
        state[FOUND_SET] = set;
        match[TABLE] = tables[k];
        match[ANSWER] = counters[pattern] >= 0 ? 1 : 0;
        match[CONFIDENCE] = strength(counters[pattern]);
        return;
      }
    },

    train(taken) {
      const context = state[FOUND_CONTEXT];
      const pattern = state[FOUND_PATTERN];
      if (byPattern.find(state[FOUND_SET], state[FOUND_KEY]) !== pattern) return;
      const counter = taken !== 0 ? Math.min(counters[pattern] + 1, 3) : Math.max(counters[pattern] - 1, -4);
      counters[pattern] = counter;
      if (counter === (taken !== 0 ? 1 : -2)) worths[context] = Math.min(worths[context] + 1, WORTH_MAX);
      else if (counter === (taken !== 0 ? -1 : 0)) worths[context] = Math.max(worths[context] - 1, 0);
    },

    allocate(table, taken) {
      const k = tables.indexOf(table);
      if (k < 0) return;
      if (state[FOUND_CONTEXT] < 0) {
        const context = byContext.insert(contextSet(), path[CONTEXT]);
        state[FOUND_CONTEXT] = context;
        worths[context] = 0;
        for (let bucket = 0; bucket < BUCKETS; bucket++) byPattern.clear(context * BUCKETS + bucket);
      }
      const set = setOf(state[FOUND_CONTEXT], k);
      const key = keyOf(state[LOOKED], k);
      if (byPattern.find(set, key) < 0) counters[byPattern.insert(set, key)] = taken !== 0 ? 0 : -1;
    },

    push(bits, count) {
      first.push(bits, count);
      second.push(bits, count);
    },

    enter(pc) {
      ring[path[NEXT]] = pc;
      const next = (path[NEXT] + 1) & (HASHED + SKIPPED - 1);
      path[NEXT] = next;
      let hash = 0;
      for (let i = 0; i < HASHED; i++) {
        const age = SKIPPED + i; // 0: the newest
        hash ^= ring[(next - 1 - age) & (HASHED + SKIPPED - 1)] << ((i * SHIFT) % CONTEXT_BITS);
      }
      path[CONTEXT] = hash & (2 ** CONTEXT_BITS - 1);
    },
    histories: [...first.arrays, ...second.arrays, ring, path],
  };
}
