// Programs of the register machine as the lab sees them: a file in its assembly language, whose output is what its
// registers hold in the end, one line for each that it names.
import { process } from "#platform/process";
import { RunError, UsageError } from "../../errors.ts";
import type { VirtualRun } from "../../trace/run.ts";
import { type Guest, readSource, type StartOptions } from "../guest.ts";
import { type Assembly, assemble } from "./assembler.ts";
import { REGISTER_FILES } from "./language.ts";
import { type Registers, run, show } from "./machine.ts";
import { loadProgram } from "./program.ts";

const read = (path: string, full: boolean): Assembly => assemble(readSource(path, REGISTER_FILES.file).toString("utf8"), path, full);

const output = ({ registers }: Assembly, after: Registers): string =>
  registers.map((register) => `r${register} = ${show(after, register)}\n`).join("");

/** A program, ready to run for the lab. */
function start(path: string, { full, maxInstructions, expected }: StartOptions): VirtualRun {
  const assembly = read(path, full);
  const program = loadProgram(assembly);
  return {
    program,
    run(sink) {
      const printed = output(assembly, run(assembly, program, path, maxInstructions, sink));
      if (expected !== undefined && printed !== expected) {
        throw new RunError(`${path}: the output is not what the program must print: its trace cannot be trusted`);
      }
    },
  };
}

/** A program on standard output. */
function execute(path: string, words: readonly string[], { full, maxInstructions }: StartOptions): number {
  const assembly = read(path, full);
  if (words.length > 0) throw new UsageError(`${path} takes no words, got ${words.join(" ")}`);
  process.stdout.write(output(assembly, run(assembly, loadProgram(assembly), path, maxInstructions)));
  return 0;
}

export const register: Guest = { start, execute };
