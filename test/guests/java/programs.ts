// Java programs for tests: compiled once per file of tests, in a folder of its own.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jdkVersion } from "../../../dist/src/guests/java/jdk.js";
import { findProgram } from "../../../dist/src/index.js";
import type { VirtualProgram } from "../../../dist/src/trace/virtual.js";

/** Why tests of Java programs are left out; undefined where they run. */
export const NO_JDK = jdkVersion() === undefined ? "needs default-jdk-headless" : undefined;

export interface Workshop {
  readonly folder: string;
  /** Compiles sources, by file name, into the folder. */
  compile(sources: Readonly<Record<string, string>>): void;
  remove(): void;
}

export function createWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), "bplab-java-test-"));
  return {
    folder,
    compile(sources) {
      for (const [file, text] of Object.entries(sources)) writeFileSync(join(folder, file), text);
      execFileSync("javac", ["-nowarn", "-d", folder, ...Object.keys(sources).map((file) => join(folder, file))], { stdio: "pipe" });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface Trace {
  readonly program: VirtualProgram;
  readonly blocks: readonly number[];
  /** Opcodes of all executed instructions, in order. */
  readonly opcodes: Uint16Array;
  names(): string[];
}

/** @param reference file, options and words: "Main.class --jdk=off -- 5" */
export async function trace(reference: string, maxInstructions = 100_000_000): Promise<Trace> {
  const run = (await findProgram(reference)).start("test", maxInstructions);
  const { program } = run;
  const blocks: number[] = [];
  const opcodes: number[] = [];
  // of each block, when it, or the block before it, is passed on: instructions may be rewritten later
  const seen: (readonly number[])[] = [];
  const see = (block: number): readonly number[] => {
    const start = program.blockStart(block);
    seen[block] ??= Array.from({ length: program.blockLength(block) }, (_, i) => program.opcodeAt(start + i));
    return seen[block];
  };
  run.run((ids, count, next) => {
    for (let i = 0; i < count; i++) {
      blocks.push(ids[i]);
      opcodes.push(...see(ids[i]));
    }
    if (next >= 0) see(next);
  });
  return {
    program,
    blocks,
    opcodes: Uint16Array.from(opcodes),
    names: () => opcodes.map((opcode) => program.opcodes[opcode].name),
  };
}
