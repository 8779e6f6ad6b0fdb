// What a format could not hold of the branches that were written in it.

import { counted } from "../../numbers.ts";

export interface Losses {
  /** Something of one branch that executed is lost. @param what completes "Lost in 3 branches: …" */
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
