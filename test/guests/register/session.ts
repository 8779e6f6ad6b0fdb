// Runs register-machine sources in process: what they print, how they fail, and which virtual addresses they executed.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf, RunError, UsageError } from "../../../dist/src/errors.js";
import { assemble } from "../../../dist/src/guests/register/assembler.js";
import { run, show } from "../../../dist/src/guests/register/machine.js";
import { loadProgram } from "../../../dist/src/guests/register/program.js";

export interface Session {
  /** `r1 = 5` for each register that the source names. */
  readonly output: string;
  /** The virtual addresses of the executed instructions, in order. */
  readonly addresses: readonly number[];
  /** How many blocks each chunk brought. */
  readonly chunks: readonly number[];
  readonly error: string | undefined;
}

/** Assembles and runs a source called x.rasm. */
export function session(source: string, full = false, maxInstructions = Number.POSITIVE_INFINITY): Session {
  const addresses: number[] = [];
  const chunks: number[] = [];
  let announced = 0;
  try {
    const assembly = assemble(source, "x.rasm", full);
    const program = loadProgram(assembly);
    const registers = run(assembly, program, "x.rasm", maxInstructions, (ids, count, next) => {
      if (announced === -1 || (chunks.length > 0 && ids[0] !== announced))
        throw new Error("a chunk begins with another block than was said");
      if (ids.length <= count) throw new Error("there is no room for one more block");
      announced = next;
      chunks.push(count);
      for (const block of ids.subarray(0, count)) {
        const start = program.blockStart(block);
        for (let i = 0; i < program.blockLength(block); i++) addresses.push(start + i);
      }
    });
    if (announced !== -1) throw new Error("the last chunk does not say that it is the last");
    const output = assembly.registers.map((register) => `r${register} = ${show(registers, register)}\n`).join("");
    return { output, addresses, chunks, error: undefined };
  } catch (error) {
    if (error instanceof UsageError || error instanceof RunError) return { output: "", addresses, chunks, error: messageOf(error) };
    throw error;
  }
}

/** What `a` holds in r0 after a source that ends there. */
export function result(source: string): string | undefined {
  const { output, error } = session(`${source}\nhalt`);
  return error ?? /^r0 = (.*)$/m.exec(output)?.[1];
}

/** A file in a fresh folder; returns its path. */
export function file(name: string, content: string | Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), "bplab-register-")), name);
  writeFileSync(path, content);
  return path;
}
