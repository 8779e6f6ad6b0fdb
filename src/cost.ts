// What mispredictions cost, as an estimate: cycles = native instructions / IPC + mispredictions × penalty.
// Not modelled: caches, front-end bubbles of direct branches, how much of a penalty other work hides, and that IPC itself
// differs between techniques.

export interface CostParameters {
  /** Cycles lost by one misprediction. */
  readonly penaltyCycles: number;
  /** Native instructions retired per cycle while nothing is mispredicted. */
  readonly instructionsPerCycle: number;
}

/** Cycles lost to mispredictions. */
export function cyclesLost(mispredictions: number, { penaltyCycles }: CostParameters): number {
  return mispredictions * penaltyCycles;
}

/** All cycles, estimated. */
export function estimatedCycles(nativeInstructions: number, mispredictions: number, cost: CostParameters): number {
  return nativeInstructions / cost.instructionsPerCycle + cyclesLost(mispredictions, cost);
}
