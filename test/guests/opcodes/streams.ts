// What the tests of opcode streams need: streams written to files, and read.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { opcodes } from "../../../dist/src/guests/opcodes/guest.js";
import type { VirtualRun } from "../../../dist/src/trace/run.js";
import { type Execution, execute, temporaryFolder } from "../../support.js";

const folder = temporaryFolder();
let files = 0;

export function writeStream(text: string): string {
  const path = join(folder, `${files++}.opcodes`);
  writeFileSync(path, text);
  return path;
}

export function startStream(text: string, full = false): VirtualRun {
  return opcodes.start(writeStream(text), { full, maxInstructions: 1e9 });
}

/** What a run executes, with the names of its opcodes. */
export function executeStream(run: VirtualRun): Execution & { readonly names: string[] } {
  const execution = execute(run);
  return { ...execution, names: execution.opcodes.map((opcode) => run.program.opcodes[opcode].name) };
}
