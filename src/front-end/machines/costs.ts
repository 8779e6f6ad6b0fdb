// The costs of a run of native code, and what each figure rests on.

/** Events that cost cycles. Every figure is cycles per event, except for the last. */
export const COSTS = {
  penaltyCycles: "mispredicted indirect branch or return",
  conditionalPenaltyCycles: "mispredicted conditional branch",
  overrideCycles: "correctly predicted indirect branch for which the quick first level of the buffer gave another target",
  middleLevelCycles: "other correctly predicted taken branch that the middle one of three levels of the buffer holds",
  slowLevelCycles: "other correctly predicted taken branch that only the last level of the buffer holds",
  bubbleCycles: "correctly predicted taken branch that no level of the buffer holds",
  takenBranchCycles: "taken branch",
  callCycles: "call, in addition to an instruction",
  returnCycles: "return, in addition to an instruction",
  icacheMissCycles: "miss of the modelled instruction cache",
  dcacheMissCycles: "miss of the modelled data cache for jump tables",
  indirectStallCycles: "indirect branch on a machine that predicts none",
  instructionsPerCycle: "native instructions per cycle, while no other cost applies",
} as const;

export type CostName = keyof typeof COSTS;

export const COST_NAMES = Object.keys(COSTS) as CostName[];

/**
 * What a figure rests on: a measurement on such a processor, a publication, or an assumption; `given` means that the user gave it.
 */
export const BASES = ["measured", "published", "assumed"] as const;
export type Basis = (typeof BASES)[number];

export interface CostFigure {
  /** Cycles, or instructions per cycle. */
  readonly value: number;
  /** The least and the greatest value in repeated measurements or several sources. */
  readonly low?: number;
  readonly high?: number;
  readonly basis: Basis;
  /** Who measured it how, where it is published, or why it is assumed. */
  readonly source: string;
}

export type CostFigures = Partial<Readonly<Record<CostName, CostFigure>>>;

/** One level of a branch target buffer, the quickest first. */
export interface BufferLevel {
  /** Branches that it holds. */
  readonly entries: number;
  /** Cycles from one taken direct branch that it holds to the next; undefined if not documented. */
  readonly cycles?: number;
  readonly basis: Basis;
  readonly source: string;
}
