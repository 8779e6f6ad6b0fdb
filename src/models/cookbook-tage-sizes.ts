// Sizes of the TAGE of the 2025 championship (cookbook-tage.ts), and the bits that it needs.
import { geometricLengths } from "./tage.ts";

export const COOKBOOK_TAGE = {
  TABLES: 28,
  ROW_BITS: 10, // of one way in one bank
  TAG_BITS: 14,
  COUNTER_BITS: 3,
  USEFUL_BITS: 2,
  BASE_BITS: 15, // counters of the base, as log2
  BASE_SHARING_BITS: 1, // two of them share their low bits
  BASE_LOW_BITS: 2,
  PATH_BITS: 27,
  BITS_PER_BRANCH: 5,
  RATE_BITS: 6, // addresses whose weak entries are watched, as log2
  RATE_GROUPS: 8, // of four tables each
  RATE_COUNTER_BITS: 7,
  MISS_COUNTER_BITS: 8,
  TICKS: 4096,
} as const;

/** Widths to which the history is folded: for rows, and two for tags. */
export const COOKBOOK_FOLDS = [23, 13, 14] as const;
const MIN_LENGTH = 3; // in branches
const MAX_LENGTH = 1000;
const CANDIDATES = 36; // lengths in geometric sequence, of which the middle ones are all used and the outer ones every other

/** The history lengths of the tables, in bits. */
export function cookbookLengths(): readonly number[] {
  const all = geometricLengths(CANDIDATES, MIN_LENGTH, MAX_LENGTH);
  for (let i = 1; i < all.length; i++) all[i] = Math.max(all[i], all[i - 1] + 1);
  return all
    .filter((_, i) => (i < 7 ? i % 2 === 0 : i < 28 ? i >= 8 : i % 2 === 1))
    .map((length) => length * COOKBOOK_TAGE.BITS_PER_BRANCH);
}

/** The author's count: entries, base, history, path, ticks, counters of the filter, and 36 bits for random numbers. */
export function cookbookTageBits(): number {
  const { TABLES, ROW_BITS, TAG_BITS, COUNTER_BITS, USEFUL_BITS, BASE_BITS, BASE_SHARING_BITS, BASE_LOW_BITS, PATH_BITS } = COOKBOOK_TAGE;
  const entries = TABLES * 2 * 2 ** ROW_BITS * (COUNTER_BITS + USEFUL_BITS + TAG_BITS);
  const base = 2 ** BASE_BITS + BASE_LOW_BITS * 2 ** (BASE_BITS - BASE_SHARING_BITS);
  const rates =
    3 * COOKBOOK_TAGE.RATE_COUNTER_BITS * ((COOKBOOK_TAGE.RATE_GROUPS - 1) * 2 ** COOKBOOK_TAGE.RATE_BITS + 1) +
    COOKBOOK_TAGE.MISS_COUNTER_BITS;
  return entries + base + Math.max(...cookbookLengths()) + PATH_BITS + Math.log2(COOKBOOK_TAGE.TICKS) + rates + 36;
}
