// Records a program for validation: its output is kept, and it must not fail.
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { RunError } from "../errors.ts";
import { writeAll } from "../files/write-all.ts";
import { createBptWriter } from "../recordings/coding/bpt-writer.ts";
import { type RecordRequest, recordProgram } from "../recordings/recorder/record-program.ts";

/** What of a program's run is recorded: everything by default. */
export type RecordedPart = Pick<RecordRequest, "only" | "thread" | "env">;

/**
 * Runs a program and writes its branches to a file; returns its output.
 * @param branchFile takes the branches
 * @throws UsageError when there is no emulator or compiler, or it is no program; RunError when it fails
 */
export async function recordInterpreter(command: readonly string[], branchFile: string, part: RecordedPart = {}): Promise<string> {
  const printed = `${branchFile}.printed`;
  const stdout = openSync(printed, "w");
  const file = openSync(branchFile, "w");
  try {
    const { exitCode } = await recordProgram({
      ...part,
      command,
      stdout,
      createWriter: (blocks, provenance) => createBptWriter((bytes) => writeAll(file, bytes), blocks, provenance),
      provenance: {},
    });
    const output = readFileSync(printed, "latin1");
    if (exitCode !== 0) {
      const [line = ""] = output.trimEnd().split("\n").slice(-1);
      throw new RunError(`${basename(command[0])} failed under the emulator (exit code ${exitCode})${line === "" ? "" : `: ${line}`}`);
    }
    return output;
  } finally {
    closeSync(file);
    closeSync(stdout);
    rmSync(printed, { force: true });
  }
}
