// The smallest guest: a loop of virtual instructions written as words, "A B A GOTO", as papers print their examples.
// Words are opcodes; the last one is a virtual jump back to the first, whatever its name.
import { UsageError } from "../../errors.ts";
import type { Opcode, VirtualProgram } from "../../trace/virtual.ts";
import { MEDIAN_BODY } from "../median-body.ts";

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
