// Forth programs as the lab sees them: a file that runs without a keyboard, its output kept and compared.
import { RunError, UsageError } from "../../errors.ts";
import type { VirtualRun } from "../../trace/run.ts";
import { type Guest, readSource, type StartOptions } from "../guest.ts";
import { type Console, createCapturingConsole, createTerminal } from "./console.ts";
import { ForthException, Halt } from "./exceptions.ts";
import type { Forth, ForthOptions } from "./forth.ts";
import { FORTH_FILES } from "./language.ts";
import { runSession } from "./session.ts";
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

/** Runs `program` on a Forth; turns what it does not catch into the lab's errors. Returns BYE's exit code. */
export function runForth(forth: Forth, program: () => void): number {
  try {
    return runSession(forth, program);
  } catch (thrown) {
    if (thrown instanceof ForthException) throw new RunError(describeException(thrown));
    if (thrown instanceof Halt && thrown.reason === "limit") {
      throw new RunError(
        `${thrown.place ?? "forth"}: stopped after ${forth.machine.blocks.limit} virtual instructions (raise --max-instructions to let it run longer)`,
      );
    }
    throw thrown;
  } finally {
    forth.console.flush();
  }
}

/** A Forth in which a program runs: `full?` says which size is asked for. */
export function createProgramForth(console: Console, full: boolean, maxInstructions: number, machine?: ForthOptions): Forth {
  const forth = createForth(console, machine);
  forth.interpreter.evaluateText(`: full? ( -- flag ) ${full ? "true" : "false"} ;`, "bplab");
  forth.machine.blocks.limit = maxInstructions;
  return forth;
}

const UNITS: Readonly<Record<string, number>> = { M: 1 << 20, G: 1 << 30 };
const LEAST_MEMORY = 4;
const MOST_MEMORY = 1024;

/** Bytes of data memory that a program is given. @throws UsageError for what is no size, or too much or too little */
function readMemory({ given }: StartOptions): number | undefined {
  const values = given?.memory ?? [];
  if (values.length === 0) return undefined;
  if (values.length > 1) throw new UsageError(`memory: expected once, got ${values.join(" and ")}`);
  const [, count, unit] = /^(\d+)([MG])$/.exec(values[0]) ?? [];
  const bytes = Number(count) * UNITS[unit];
  if (!(bytes >= LEAST_MEMORY * UNITS.M && bytes <= MOST_MEMORY * UNITS.M && bytes % (LEAST_MEMORY * UNITS.M) === 0)) {
    throw new UsageError(
      `memory: expected a multiple of ${LEAST_MEMORY}M from ${LEAST_MEMORY}M to ${MOST_MEMORY / 1024}G, got ${values[0]}`,
    );
  }
  return bytes;
}

/** Bits of a cell. @throws UsageError for a width that there is not */
function readCell({ given }: StartOptions): ForthOptions["cellBits"] {
  const values = given?.cell ?? [];
  if (values.length === 0) return undefined;
  if (values.length > 1) throw new UsageError(`cell: expected once, got ${values.join(" and ")}`);
  if (values[0] === "32") return 32;
  if (values[0] === "64") return 64;
  throw new UsageError(`cell: expected 32 or 64 (bits of a cell), got ${values[0]}`);
}

const readMachine = (options: StartOptions): ForthOptions => ({ memoryBytes: readMemory(options), cellBits: readCell(options) });

/** A Forth source file, ready to run for the lab. */
function start(path: string, options: StartOptions): VirtualRun {
  const { full, input, maxInstructions, expected, surroundings } = options;
  const source = readSource(path, FORTH_FILES.file);
  const recorder = createCapturingConsole(input);
  const system = createProgramForth(recorder, full, maxInstructions, readMachine(options));
  system.files.surroundings = surroundings;
  // techniques are laid out for the instructions that there are before it runs
  system.optional.provideFor(source.toString("latin1"));
  return {
    program: system.machine,
    run(sink, rewritten = () => {}) {
      system.machine.blocks.sink = sink;
      system.machine.rewritten = rewritten;
      const exitCode = runForth(system, () => system.sources.included(path));
      system.machine.blocks.finish();
      if (exitCode !== 0) throw new RunError(`${path}: the program ended with exit code ${exitCode}`);
      if (expected !== undefined && recorder.text() !== expected) {
        throw new RunError(`${path}: the output is not what the program must print: its trace cannot be trusted`);
      }
    },
  };
}

/** A Forth source file on a terminal; `words` are evaluated after it. */
function execute(path: string, words: readonly string[], options: StartOptions): number {
  const { full, maxInstructions } = options;
  readSource(path, FORTH_FILES.file);
  const terminal = createTerminal(() => {
    throw new Halt("output closed");
  });
  const system = createProgramForth(terminal, full, maxInstructions, readMachine(options));
  return runForth(system, () => {
    system.sources.included(path);
    if (words.length > 0) system.interpreter.evaluateText(words.join(" "), "command line");
  });
}

export const forth: Guest = { start, execute };
