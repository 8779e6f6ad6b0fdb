// OCaml bytecode executables as the lab sees them: a file that runs without a terminal, its output kept and compared.
import { process } from "#platform/process";
import { RunError } from "../../errors.ts";
import type { VirtualRun } from "../../trace/run.ts";
import { createCapturingConsole, createTerminal } from "../console.ts";
import type { Guest, StartOptions } from "../guest.ts";
import { readBytecode } from "./loading/bytecode.ts";
import { Exit, Machine } from "./machine.ts";

/** A program, ready to run for the lab. */
function start(path: string, { words = [], input, maxInstructions, expected, surroundings }: StartOptions): VirtualRun {
  const recorder = createCapturingConsole(input);
  const complaints: Buffer[] = [];
  const console = { ...recorder, writeError: (bytes: Uint8Array) => void complaints.push(Buffer.from(bytes)) };
  const host = { console, environment: {}, surroundings };
  const machine = new Machine(readBytecode(path), { path, words: [path, ...words], host, traced: true, maxInstructions });
  return {
    program: machine.program,
    run(sink) {
      machine.blocks.sink = sink;
      const exitCode = machine.main();
      if (exitCode !== 0) {
        const [why = ""] = Buffer.concat(complaints).toString("utf8").trimEnd().split("\n").slice(-1);
        throw new RunError(`${path}: the program ended with exit code ${exitCode}${why === "" ? "" : `: ${why}`}`);
      }
      if (expected !== undefined && recorder.text() !== expected) {
        throw new RunError(`${path}: the output is not what the program must print: its trace cannot be trusted`);
      }
    },
  };
}

/** A program on a terminal; `words` are its arguments. */
function execute(path: string, words: readonly string[], { maxInstructions }: StartOptions): number {
  const console = createTerminal(() => {
    throw new Exit(0);
  });
  const traced = maxInstructions !== Number.POSITIVE_INFINITY;
  const host = { console, environment: process.env };
  return new Machine(readBytecode(path), { path, words: [path, ...words], host, traced, maxInstructions }).main();
}

export const ocaml: Guest = { start, execute };
