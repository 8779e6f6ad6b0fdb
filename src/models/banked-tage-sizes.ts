// Sizes of the TAGE within TAGE-SC-L (banked-tage.ts), and the bits that it needs.
export interface BankedTageSizes {
  /** Rows of one bank, as log2. */
  readonly rowBits: number;
  /** Counters of the base, as log2; groups of four share their low bit. */
  readonly baseBits: number;
  /** Banks of the array with short tags, and of that with long ones. */
  readonly banks: readonly [short: number, long: number];
  /** Numbers of the tables that exist, from 1; 2k - 1 and 2k are a pair. */
  readonly tables: readonly number[];
  /** The first table with long tags. */
  readonly firstLong: number;
  /** Number of tables including those that are left out, from which the history lengths are computed. */
  readonly logicalTables: number;
  readonly minHistory: number;
  readonly maxHistory: number;
  /** 1: a single useful bit per entry, as in 64 KB. 2: a counter, as in 8 KB. */
  readonly usefulBits: 1 | 2;
  /** Counters that choose between an entry that is weak and the next shorter match; more than there are groups of eight tables, times two. */
  readonly choices: number;
}

/** What is the same in both published sizes. */
export const BANKED_TAGE = {
  TAG_BITS: [8, 12],
  SHARING_BITS: 2,
  PATH_BITS: 27,
  CHOICE_BITS: 5,
  TICK_BITS: 10,
} as const;

/** Banks, base, choice counters, history, path and tick. */
export function bankedTageBits({ rowBits, baseBits, banks, usefulBits, choices, maxHistory }: BankedTageSizes): number {
  const { TAG_BITS, SHARING_BITS, PATH_BITS, CHOICE_BITS, TICK_BITS } = BANKED_TAGE;
  const entries = banks.reduce((sum, count, i) => sum + count * 2 ** rowBits * (3 + usefulBits + TAG_BITS[i]), 0);
  const base = 2 ** baseBits + 2 ** (baseBits - SHARING_BITS);
  return entries + base + choices * CHOICE_BITS + maxHistory + PATH_BITS + TICK_BITS;
}
