// Claims under several layouts: whether a verdict depends on the order and padding of the bodies in memory, which tables of
// bounded predictors see.
import type { Verdict } from "./claim.ts";
import { type Outcome, type ReproduceRequest, reproduce } from "./reproduce.ts";

/** What becomes of a claim under one layout seed, by simulation. */
export interface UnderLayout {
  readonly layoutSeed: number;
  readonly verdict: Verdict;
  readonly measured: string;
}

export interface LaidOutOutcome extends Outcome {
  /** One for each seed, in their order; experiments that name a seed of their own keep it. Empty where no seed is given. */
  readonly layouts: readonly UnderLayout[];
}

/**
 * Reproduces claims as `reproduce` does, then once more under each seed.
 * @throws UsageError and RunError as `reproduce` does
 */
export async function reproduceUnderLayouts(request: ReproduceRequest, seeds: readonly number[]): Promise<LaidOutOutcome[]> {
  const outcomes = await reproduce(request);
  const { compilers: _, time: __, machine: ___, ...simulated } = request;
  const layouts: (readonly Outcome[])[] = [];
  for (const layoutSeed of seeds) layouts.push(await reproduce({ ...simulated, layoutSeed }));
  return outcomes.map((outcome, i) => ({
    ...outcome,
    layouts: layouts.map((others, at) => {
      const { verdict, measured } = others[i].finding;
      return { layoutSeed: seeds[at], verdict, measured };
    }),
  }));
}
