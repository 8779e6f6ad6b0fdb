// What a run of native code is charged for, and what each figure rests on.

/** What can cost cycles, with what one of it is. Every figure is cycles for each of these, but for the last. */
export const COSTS = {
  penaltyCycles: "mispredicted indirect branch or return",
  conditionalPenaltyCycles: "mispredicted conditional branch",
  overrideCycles: "indirect branch that was predicted right, but not by the quick first level of the buffer",
  slowLevelCycles: "other taken branch that was predicted right, but not held by the first level",
  bubbleCycles: "taken branch that was predicted right, but held by no level of the buffer",
  takenBranchCycles: "taken branch",
  callCycles: "call, besides an instruction",
  returnCycles: "return, besides an instruction",
  icacheMissCycles: "miss of the modelled instruction cache",
  dcacheMissCycles: "miss of the modelled data cache for jump tables",
  indirectStallCycles: "indirect branch on a machine that predicts none",
  instructionsPerCycle: "native instructions in a cycle, while nothing else is lost",
} as const;

export type CostName = keyof typeof COSTS;

export const COST_NAMES = Object.keys(COSTS) as CostName[];

/**
 * What a figure rests on: a measurement on such a processor, a publication, or nothing but an assumption; `given` is what users
 * say themselves.
 */
export const BASES = ["measured", "published", "assumed"] as const;
export type Basis = (typeof BASES)[number];

export interface CostFigure {
  /** Cycles, or instructions per cycle. */
  readonly value: number;
  /** The least and the most that repeated measurements or several sources say. */
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
  /** Cycles from one taken direct branch that it holds to the next; undefined where nobody says. */
  readonly cycles?: number;
  readonly basis: Basis;
  readonly source: string;
}
