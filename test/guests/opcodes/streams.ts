// What the tests of opcode streams need: streams written to files, read, and expanded as the lab would.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { opcodes } from "../../../dist/src/guests/opcodes/guest.js";
import type { VirtualRun } from "../../../dist/src/trace/run.js";
import { temporaryFolder } from "../../support.js";

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

/** What a run executes: opcode names, each block expanded as soon as it is known to the sink; and virtual addresses. */
export function expandStream(run: VirtualRun): { readonly names: string[]; readonly addresses: number[]; readonly ids: number[] } {
  const { program } = run;
  const expansions: string[][] = [];
  const names: string[] = [];
  const addresses: number[] = [];
  const ids: number[] = [];
  run.run((chunk, count, next) => {
    // like replays, which lay out all blocks that the program knows by now
    for (let id = expansions.length; id < program.blockCount; id++) {
      const length = program.blockLength(id);
      expansions.push(Array.from({ length }, (_, i) => program.opcodes[program.opcodeAt(program.blockStart(id) + i)].name));
    }
    for (let i = 0; i < count; i++) {
      ids.push(chunk[i]);
      names.push(...expansions[chunk[i]]);
      addresses.push(...expansions[chunk[i]].map((_, j) => program.blockStart(chunk[i]) + j));
    }
    // the lab writes there
    chunk[count] = next;
  });
  return { names, addresses, ids };
}
