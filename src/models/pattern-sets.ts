// The second level of LLBP: patterns of TAGE, kept by program context. A context is where the program came from, a hash of
// unconditional branches; its patterns can be fetched before they are needed, because the newest of these branches are left out:
//
//     unconditional branches   o o o o o o o o | o o o o o o o o   <- newest
//                              context: these     left out, the time for fetching
//
//     context  ->  16 patterns in 4 buckets, each for 4 neighbouring history lengths:  tag | length | counter
import { fixedArray } from "./afresh.ts";
import { createFoldedHistory } from "./history.ts";
import { createRankedSets } from "./ranked-sets.ts";

const CONTEXT_SETS = 2048;
const CONTEXT_WAYS = 7;
const CONTEXT_BITS = 14;
const WORTH_MAX = 3; // of a context: goes up when a pattern becomes sure
const BUCKETS = 4;
const PATTERNS = 4; // in a bucket
const TAG_BITS = 13;
const COUNTER_BITS = 3;
const HASHED = 8; // branches in a context
const SKIPPED = 8; // newest branches that are not
const SHIFT = 2; // between their addresses
const BUFFERED = 64; // sets of patterns in the buffer between the levels

/** Numbers of TAGE's tables with whose histories there are patterns; four neighbours are one bucket. */
const TABLES = [6, 10, 13, 14, 15, 16, 17, 18, 19, 20, 22, 24, 26, 28, 32, 36];

/** Patterns, their contexts with tag, worth and a bit for valid, the addresses from which a context is made, and the buffer. */
export function patternSetsBits(): number {
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
  const first = createFoldedHistory(TAG_BITS, own);
  const second = createFoldedHistory(TAG_BITS - 1, own);

  const contexts = CONTEXT_SETS * CONTEXT_WAYS;
  const worths = new Uint8Array(contexts);
  const counters = new Int8Array(contexts * BUCKETS * PATTERNS);
  const strength = (counter: number): number => (counter >= 0 ? counter : -1 - counter);
  const byContext = createRankedSets(CONTEXT_SETS, CONTEXT_WAYS, (context) => worths[context]);
  const byPattern = createRankedSets(contexts * BUCKETS, PATTERNS, (pattern) => strength(counters[pattern]));

  const match = fixedArray([0, 0, 0]);
  const ring = fixedArray(Array<number>(HASHED + SKIPPED).fill(0)); // addresses of unconditional branches
  const NEXT = 0; // place of the next one in the ring
  const CONTEXT = 1; // hash of the older half
  const path = fixedArray([0, 0]);
  const FOUND_CONTEXT = 0; // or -1
  const FOUND_PATTERN = 1;
  const FOUND_KEY = 2;
  const FOUND_SET = 3;
  const state = fixedArray([-1, -1, 0, 0]);
  const keys = fixedArray(TABLES.map(() => 0)); // of the branch looked up

  const setOf = (context: number, k: number): number => context * BUCKETS + Math.floor(k / PATTERNS);
  const contextSet = (): number => path[CONTEXT] & (CONTEXT_SETS - 1);

  return {
    match,
    look(pc) {
      match.fill(0);
      const context = byContext.find(contextSet(), path[CONTEXT]);
      state[FOUND_CONTEXT] = context;
      for (let k = TABLES.length - 1; k >= 0; k--) {
        const tag = (pc ^ first.fold(k) ^ (second.fold(k) << 1)) & (2 ** TAG_BITS - 1);
        keys[k] = tag * PATTERNS + (k % PATTERNS);
        if (context < 0 || match[PATTERN.TABLE] !== 0) continue;
        const pattern = byPattern.find(setOf(context, k), keys[k]);
        if (pattern < 0) continue;
        state[FOUND_PATTERN] = pattern;
        state[FOUND_KEY] = keys[k];
        state[FOUND_SET] = setOf(context, k);
        match[PATTERN.TABLE] = TABLES[k];
        match[PATTERN.ANSWER] = counters[pattern] >= 0 ? 1 : 0;
        match[PATTERN.CONFIDENCE] = strength(counters[pattern]);
      }
    },

    train(taken) {
      const [context, pattern] = state;
      if (byPattern.find(state[FOUND_SET], state[FOUND_KEY]) !== pattern) return;
      const counter = taken !== 0 ? Math.min(counters[pattern] + 1, 3) : Math.max(counters[pattern] - 1, -4);
      counters[pattern] = counter;
      if (counter === (taken !== 0 ? 1 : -2)) worths[context] = Math.min(worths[context] + 1, WORTH_MAX);
      else if (counter === (taken !== 0 ? -1 : 0)) worths[context] = Math.max(worths[context] - 1, 0);
    },

    allocate(table, taken) {
      const k = TABLES.indexOf(table);
      if (k < 0) return;
      if (state[FOUND_CONTEXT] < 0) {
        const context = byContext.insert(contextSet(), path[CONTEXT]);
        state[FOUND_CONTEXT] = context;
        worths[context] = 0;
        for (let bucket = 0; bucket < BUCKETS; bucket++) byPattern.clear(context * BUCKETS + bucket);
      }
      const set = setOf(state[FOUND_CONTEXT], k);
      if (byPattern.find(set, keys[k]) < 0) counters[byPattern.insert(set, keys[k])] = taken !== 0 ? 0 : -1;
    },

    push(bits, count) {
      first.push(bits, count);
      second.push(bits, count);
    },

    enter(pc) {
      ring[path[NEXT]] = pc;
      path[NEXT] = (path[NEXT] + 1) % ring.length;
      let hash = 0;
      for (let i = 0; i < HASHED; i++) {
        const age = SKIPPED + i; // 0: the newest
        hash ^= ring[(path[NEXT] + ring.length - 1 - age) % ring.length] << ((i * SHIFT) % CONTEXT_BITS);
      }
      path[CONTEXT] = hash & (2 ** CONTEXT_BITS - 1);
    },
    histories: [...first.arrays, ...second.arrays, ring, path],
  };
}
