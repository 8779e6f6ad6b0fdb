// A simulation that the page asks for: the library's, with rows as records of the columns of their CSV files.
import { UsageError } from "../errors.ts";
import { startFromMemory } from "../guests/tapes/tape-memory.ts";
import { openSession } from "../jobs/session.ts";
import { recordsOf } from "../report/json.ts";
import { intervalColumns, rowColumns, siteColumns, targetColumns, worstSites } from "../results/columns.ts";
import { failureLines } from "../results/failures.ts";
import type { SimulateRequest } from "../simulate/request.ts";
import { simulateIn } from "../simulate/simulate.ts";
import type { SimulateAsks, SimulateGives } from "./protocol.ts";

/**
 * A slider's answer, queens at size test with four techniques on btb, takes 50 to 150 ms of CPU time from its tape, 130 to 290 ms
 * on its guest, most of which is the guest's memory.
 */
const start = startFromMemory();

/** Blocks between two messages about progress: some 50 ms. */
const BLOCKS = 2_000_000;

export async function simulated(
  { inputs, options, files = [], sites = false }: SimulateAsks,
  onProgress: (blocks: number) => void,
): Promise<SimulateGives> {
  if (inputs.length === 0) throw new UsageError("expected a program, a loop or a recording, got none");
  let told = 0;
  const request: SimulateRequest = {
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
  };
  const session = openSession(request);
  // a file of the page may read others, which no tape knows
  const manner = files.length === 0 ? { start } : {};
  const results = await simulateIn(session, request, manner).finally(() => session.close());
  return {
    rows: recordsOf(rowColumns, results.rows),
    sites: recordsOf(siteColumns, worstSites(results.sites, Number.POSITIVE_INFINITY)),
    intervals: recordsOf(intervalColumns, results.intervals),
    targets: recordsOf(targetColumns, results.targets),
    failures: failureLines(results.failures),
    notes: results.recordings.flatMap(({ notes }) => notes),
  };
}
