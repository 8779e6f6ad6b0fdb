// The smallest guest: a loop of virtual instructions written as words, "A B A GOTO", as papers print their examples.
// Words are opcodes; the last one is a virtual jump back to the first, whatever its name.

import { MEDIAN_BODY } from "../../bodies/median-body.ts";
import { UsageError } from "../../errors.ts";
import type { VirtualRun } from "../../trace/run.ts";
import type { Opcode, VirtualProgram } from "../../trace/virtual.ts";
import type { Guest, StartOptions } from "../guest.ts";

/** A loop as a program of one block. @throws UsageError when there are no words */
export function wordLoop(text: string): VirtualProgram & { readonly words: readonly string[] } {
  const words = text.split(/\s+/).filter(Boolean);
  if (words.length === 0) throw new UsageError('expected a loop of virtual instructions such as "A B A GOTO", got nothing');
  const names = [...new Set(words)];
  const last = words.length - 1;
  const opcodes: Opcode[] = names.map((name) => ({ name, flow: name === words[last] ? "jump" : "next", ...MEDIAN_BODY }));
  return {
    words,
    opcodes,
    opcodeAt: (address) => (address < words.length ? names.indexOf(words[address]) : -1),
    flowAt: (address) => (address === last ? "jump" : "next"),
    addressCount: words.length,
    targetAt: (address) => (address === last ? 0 : -1),
    enteredAt: (address) => address === 0,
    blockCount: 1,
    blockStart: () => 0,
    blockLength: () => words.length,
    leftByHost: () => false,
  };
}

/** How often a loop runs, by size. */
const ITERATIONS = { test: 1_000, full: 1_000_000 };

/** Ids in a chunk. */
const CHUNK = 32768;

/** A loop, ready to run for the lab. @param text the words, in the place of a file */
function start(text: string, { full }: StartOptions): VirtualRun {
  const program = wordLoop(text);
  const iterations = full ? ITERATIONS.full : ITERATIONS.test;
  return {
    program,
    run(sink) {
      const ids = new Int32Array(CHUNK + 1);
      for (let done = 0; done < iterations; done += CHUNK) {
        const count = Math.min(CHUNK, iterations - done);
        sink(ids.fill(0), count, done + count < iterations ? 0 : -1);
      }
    },
  };
}

function execute(text: string): never {
  throw new UsageError(`"${text}" is a loop of names: there is nothing to run (try bplab explain)`);
}

export const words: Guest = { start, execute };
