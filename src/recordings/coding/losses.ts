// Counts losses: details of branches that the output format cannot hold.

import { counted } from "../../numbers.ts";

export interface Losses {
  /** Counts a loss in one executed branch. @param what completes "Lost in 3 branches: …" */
  count(what: string): void;
  /** A sentence for each loss, with how many branches it concerns. */
  sentences(): string[];
}

export function createLosses(): Losses {
  const counts = new Map<string, number>();
  return {
    count: (what) => void counts.set(what, (counts.get(what) ?? 0) + 1),
    sentences: () => Array.from(counts, ([what, count]) => `Lost in ${counted(count, "branch", "branches")}: ${what}.`),
  };
}
