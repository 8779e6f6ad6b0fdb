// A simulation that the page asks for: the library's, with rows as records of the columns of their CSV files.
import { UsageError } from "../errors.ts";
import { recordsOf } from "../report/json.ts";
import { intervalColumns, rowColumns, siteColumns, targetColumns, worstSites } from "../results/columns.ts";
import { failureLines } from "../results/failures.ts";
import { simulate } from "../simulate/simulate.ts";
import type { SimulateAsks, SimulateGives } from "./protocol.ts";

/** Blocks between two messages about progress: some 50 ms. */
const BLOCKS = 2_000_000;

export async function simulated(
  { inputs, options, sites = false }: SimulateAsks,
  onProgress: (blocks: number) => void,
): Promise<SimulateGives> {
  if (inputs.length === 0) throw new UsageError("expected a program, a loop or a recording, got none");
  let told = 0;
  const results = await simulate({
    ...options,
    inputs,
    sites,
    jobs: 1,
    cache: false,
    onProgress(_program, _done, _total, blocks) {
      if (blocks - told < BLOCKS && blocks >= told) return;
      told = blocks;
      onProgress(blocks);
    },
  });
  return {
    rows: recordsOf(rowColumns, results.rows),
    sites: recordsOf(siteColumns, worstSites(results.sites, Number.POSITIVE_INFINITY)),
    intervals: recordsOf(intervalColumns, results.intervals),
    targets: recordsOf(targetColumns, results.targets),
    failures: failureLines(results.failures),
    notes: results.recordings.flatMap(({ notes }) => notes),
  };
}
