// Forth programs as the lab sees them: a file that runs without a keyboard, its output kept and compared.
import { readFileSync } from "node:fs";
import { RunError, UsageError } from "../../errors.ts";
import type { VirtualRun } from "../../trace/run.ts";
import { type Console, createRecorder } from "./console.ts";
import { ForthException, Halt } from "./exceptions.ts";
import type { Forth } from "./forth.ts";
import { createForth } from "./system.ts";

/** Longer names in messages are cut. */
const LONGEST_NAME = 80;

/** What an uncaught exception looks like, on one line: file:line: what (word). */
export function describeException(exception: ForthException): string {
  const { place = "forth", what, word = "" } = exception;
  // texts of programs are bytes, and may hold anything; messages and paths of ours are strings already
  const decode = (text: string): string => (/[^\0-\xff]/.test(text) ? text : Buffer.from(text, "latin1").toString("utf8"));
  const whole = decode(word);
  const name = whole.length > LONGEST_NAME ? `${whole.slice(0, LONGEST_NAME)}…` : whole;
  const line = `${place}: ${decode(what)}${name === "" ? "" : ` (${name})`}`;
  return line.replace(/\p{Cc}+/gu, " ");
}

/** @throws UsageError when the file cannot be read, or is no text */
export function checkSource(path: string): Buffer {
  let source: Buffer;
  try {
    source = readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new UsageError(`no such file: ${path}`);
    if (code === "EISDIR") throw new UsageError(`${path} is a folder, expected a Forth source file`);
    throw new UsageError(`cannot read ${path}: ${(error as Error).message}`);
  }
  if (source.length === 0) throw new UsageError(`${path} is empty, expected a Forth source file`);
  if (source.includes(0)) throw new UsageError(`${path} is a binary file, expected a Forth source file`);
  return source;
}

/** Runs `program` on a Forth; turns what it does not catch into the lab's errors. Returns BYE's exit code. */
export function runForth(forth: Forth, program: () => void): number {
  try {
    return forth.session(program);
  } catch (thrown) {
    if (thrown instanceof ForthException) throw new RunError(describeException(thrown));
    if (thrown instanceof Halt && thrown.reason === "limit") {
      throw new RunError(
        `${thrown.place ?? "forth"}: stopped after ${forth.machine.limit} virtual instructions (raise --max-instructions to let it run longer)`,
      );
    }
    throw thrown;
  } finally {
    forth.console.flush();
  }
}

/** A Forth in which a program runs: `full?` says which size is asked for. */
export function createProgramForth(console: Console, full: boolean, maxInstructions: number): Forth {
  const forth = createForth(console);
  forth.evaluateText(`: full? ( -- flag ) ${full ? "true" : "false"} ;`, "bplab");
  forth.machine.limit = maxInstructions;
  return forth;
}

export interface ForthRunOptions {
  readonly full: boolean;
  readonly maxInstructions: number;
  /** The output that the program must have printed when it is done, if known. */
  readonly expected?: string;
}

/** A Forth source file, ready to run for the lab. */
export function forthRun(path: string, { full, maxInstructions, expected }: ForthRunOptions): VirtualRun {
  checkSource(path);
  const recorder = createRecorder();
  const forth = createProgramForth(recorder, full, maxInstructions);
  return {
    program: forth.machine,
    run(sink) {
      forth.machine.sink = sink;
      const exitCode = runForth(forth, () => forth.included(path));
      forth.machine.finish();
      if (exitCode !== 0) throw new RunError(`${path}: the program ended with exit code ${exitCode}`);
      if (expected !== undefined && recorder.text() !== expected) {
        throw new RunError(`${path}: the output is not what the program must print: its trace cannot be trusted`);
      }
    },
  };
}
