// Measures by which results are compared: sums and ratios of columns, with titles for charts.

/** A ratio of sums of columns, for one class of branches. */
export interface ResultMeasure {
  /** Title of the axis, with its unit. */
  readonly title: string;
  /** Columns that are added up. */
  readonly sum: readonly string[];
  /** The denominator; undefined if there is none. */
  readonly per?: string;
  readonly scale?: number;
  /** Set if more is better and the mean is geometric. */
  readonly speedup?: true;
  /** Set if it depends on the assumed costs. */
  readonly costs?: true;
}

export const MEASURES = {
  rate: { title: "% of these branches mispredicted", sum: ["mispredictions"], per: "branches", scale: 100 },
  misses: { title: "mispredictions per 100 virtual instructions", sum: ["mispredictions"], per: "virtual_instructions", scale: 100 },
  mpki: { title: "mispredictions per 1000 native instructions", sum: ["mispredictions"], per: "native_instructions", scale: 1000 },
  branches: { title: "executed branches per virtual instruction", sum: ["branches"], per: "virtual_instructions" },
  share: { title: "% of native instructions that are such branches", sum: ["branches"], per: "native_instructions", scale: 100 },
  instructions: { title: "native instructions per virtual instruction", sum: ["native_instructions"], per: "virtual_instructions" },
  calls: { title: "calls and returns per virtual instruction", sum: ["calls", "returns"], per: "virtual_instructions" },
  cycles: { title: "estimated cycles per virtual instruction", sum: ["estimated_cycles"], per: "virtual_instructions", costs: true },
  lost: { title: "% of estimated cycles lost to mispredictions", sum: ["cycles_lost"], per: "estimated_cycles", scale: 100, costs: true },
  speedup: { title: "estimated cycles of switch / estimated cycles", sum: ["estimated_speedup_over_switch"], speedup: true, costs: true },
  code: {
    title: "native code and tables, kB",
    sum: ["body_bytes", "dispatch_bytes", "table_bytes", "generated_bytes"],
    scale: 1 / 1000,
  },
  tables: { title: "jump tables, kB", sum: ["table_bytes"], scale: 1 / 1000 },
  stack: { title: "native stack, kB", sum: ["native_stack_bytes"], scale: 1 / 1000 },
  targets: { title: "targets of a dispatch's branch", sum: ["targets_per_dispatch"] },
  entropy: { title: "entropy of the target given the branch's address, bits", sum: ["target_entropy_given_site_bits"] },
} as const satisfies Readonly<Record<string, ResultMeasure>>;

export type MeasureId = keyof typeof MEASURES;

/** A published value or range of a measure. */
export interface Published {
  /** In the measure's unit; equal for a value. */
  readonly low: number;
  readonly high: number;
  /** What was measured, in a few words. */
  readonly what: string;
}
