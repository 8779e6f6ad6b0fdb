// The beginning of a program's virtual trace, recorded in memory.
import { findProgram } from "../src/guests/programs.ts";
import type { VirtualProgram } from "../src/trace/virtual.ts";

export interface Recording {
  readonly program: VirtualProgram;
  /** Ids of executed blocks; the last one is not replayed, but follows those that are. */
  readonly ids: Int32Array;
}

export async function record(id: string, blocks: number): Promise<Recording> {
  const run = (await findProgram(id)).start("full", Number.POSITIVE_INFINITY);
  const ids = new Int32Array(blocks + 1);
  let recorded = 0;
  run.run((executed, count) => {
    const wanted = Math.min(count, ids.length - recorded);
    ids.set(executed.subarray(0, wanted), recorded);
    recorded += wanted;
  });
  return { program: run.program, ids: ids.subarray(0, recorded) };
}
