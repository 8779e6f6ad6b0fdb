// How long one of the lab's programs runs.
import { findProgram } from "../../dist/src/index.js";

/** Virtual instructions of a run, which compares its output with the program's .out file and throws if it differs. */
export async function instructionsOf(id: string, size: "test" | "full"): Promise<number> {
  const run = (await findProgram(id)).start(size, 60_000_000);
  let sum = 0;
  run.run((ids, count) => {
    for (let i = 0; i < count; i++) sum += run.program.blockLength(ids[i]);
  });
  return sum;
}
