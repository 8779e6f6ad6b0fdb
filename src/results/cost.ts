// What a run costs in cycles, as an estimate:
//
//   native instructions / IPC + cycles lost to mispredictions
//     + front-end bubbles, taken branches, calls, returns and cache misses × their cost
//
// Not modelled: how much of a miss or a misprediction other work hides, second-level caches, caches for other data than
// jump tables, and that IPC itself differs between techniques.
import { INDIRECT } from "../branch.ts";
import type { Machine } from "../front-end/machines/machine.ts";
import type { Counts } from "../replay/statistics.ts";

export interface CostParameters {
  /** Cycles lost by one misprediction. */
  readonly penaltyCycles: number;
  /** Native instructions retired per cycle while nothing is mispredicted. */
  readonly instructionsPerCycle: number;
  /** Cycles that fetching loses at every taken branch. */
  readonly takenBranchCycles: number;
  /** Cycles of every call and of every return, besides those of an instruction. */
  readonly callCycles: number;
  readonly returnCycles: number;
  /** Cycles of every front-end bubble, where the front end models them. */
  readonly bubbleCycles: number;
  /** Cycles of every miss of a modelled cache. */
  readonly icacheMissCycles: number;
  readonly dcacheMissCycles: number;
  /**
   * Cycles that every indirect jump and indirect call stalls for, on a machine that predicts none of them, like the
   * PowerPC 7410 of Zaleski's dissertation (from memory); undefined on one that predicts them.
   */
  readonly indirectStallCycles?: number;
}

/** What is assumed unless users say otherwise. None of it is measured. */
export const ASSUMED = {
  /** Pipelines of current x86-64 processors refill in about 15 to 20 cycles. */
  penaltyCycles: 15,
  /** The plainest machine; interpreters do better on wide ones. */
  instructionsPerCycle: 1,
  /** Processors with a branch target buffer fetch behind a taken branch without a bubble, mostly. */
  takenBranchCycles: 0,
  /** The return address goes to memory and comes back. */
  callCycles: 1,
  returnCycles: 1,
  /** From fetching to decoding, where the target of a direct branch is known: about half of a misprediction. */
  bubbleCycles: 8,
  /** A hit in the second-level cache takes about 12 cycles on Intel processors since Nehalem. */
  icacheMissCycles: 12,
  dcacheMissCycles: 12,
} as const satisfies CostParameters;

/** What holds for one front end: what was said, else what is known of its machine, else what is assumed. */
export function costOn(machine: Machine | undefined, said: Partial<CostParameters>): CostParameters {
  const known = { penaltyCycles: machine?.penaltyCycles, indirectStallCycles: machine?.indirectStallCycles };
  const given = ([, cycles]: readonly [string, number | undefined]): boolean => cycles !== undefined;
  return { ...ASSUMED, ...Object.fromEntries([...Object.entries(known).filter(given), ...Object.entries(said).filter(given)]) };
}

/**
 * Cycles lost to mispredictions of all modelled kinds, and to stalls. Undefined where dispatch can be mispredicted and no
 * model says how often; stalls need no model.
 */
export function cyclesLost({ byKind, sites }: Counts, { penaltyCycles, indirectStallCycles }: CostParameters): number | undefined {
  const { dispatch, indirect, all } = byKind;
  if (indirectStallCycles === undefined) {
    return dispatch.mispredictions === undefined ? undefined : (all.mispredictions ?? 0) * penaltyCycles;
  }
  if (dispatch.mispredictions === undefined && byKind.return.mispredictions === undefined) return undefined;
  let mispredictions = 0;
  for (const { site, mispredictions: missed } of sites) if ((site.kind & INDIRECT) === 0) mispredictions += missed;
  return mispredictions * penaltyCycles + indirect.branches * indirectStallCycles;
}

/** All cycles, estimated; undefined where those lost are. A cache that is not modelled never misses. */
export function estimatedCycles(counts: Counts, cost: CostParameters): number | undefined {
  const lost = cyclesLost(counts, cost);
  if (lost === undefined) return undefined;
  return (
    counts.nativeInstructions / cost.instructionsPerCycle +
    lost +
    (counts.byKind.all.bubbles ?? 0) * cost.bubbleCycles +
    counts.takenBranches * cost.takenBranchCycles +
    counts.calls * cost.callCycles +
    counts.returns * cost.returnCycles +
    (counts.icache?.misses ?? 0) * cost.icacheMissCycles +
    (counts.dcache?.misses ?? 0) * cost.dcacheMissCycles
  );
}
