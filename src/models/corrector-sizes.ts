// Sizes of the statistical corrector of TAGE-SC-L (statistical-corrector.ts), and the bits that it needs.
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

/** What is the same in all sizes. */
export const CORRECTOR = {
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

/** Counters of a group's i-th table, as log2. */
export const rowBitsOf = ({ rowBits, lengths }: CorrectorGroup, i: number, large: boolean): number =>
  large && i >= lengths.length - 2 ? rowBits - 1 : rowBits;

/** Counters, weights, thresholds, choosers and histories. */
export function correctorBits({ biasBits, groups, large }: CorrectorSizes): number {
  const { COUNTER_BITS, WEIGHT_BITS, WEIGHTS, THRESHOLD_BITS, OWN_THRESHOLD_BITS, OWN_THRESHOLDS, CHOOSER_BITS, BIASES } = CORRECTOR;
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
  return history.of === "outcomes by round" ? 2 ** CORRECTOR.ROUND_BITS * longest : longest;
}
