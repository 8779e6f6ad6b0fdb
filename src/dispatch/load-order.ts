// Lays a program out as a loader does: static basic block by static basic block, in the order of virtual addresses, as
// far as control has come. A static basic block ends where control may be transferred, or where it may arrive.
import type { Flow, VirtualProgram } from "../trace/virtual.ts";
import type { NativeInstruction } from "./native-code.ts";

/** Whether control may go on to the next virtual address. */
export const fallsThrough = (flow: Flow): boolean => flow === "next" || flow === "conditional" || flow === "raise";

/** The virtual address behind the static basic block that starts at `start`. */
export function endOfBasicBlock(program: VirtualProgram, start: number): number {
  let at = start;
  while (program.flowAt(at) === "next" && at + 1 < program.addressCount && program.opcodeAt(at + 1) >= 0 && !program.enteredAt(at + 1)) {
    at++;
  }
  return at + 1;
}

/** Code that is built when it is first asked for: most of what is loaded never executes, and needs only its place. */
export type Later = () => NativeInstruction;

export function lazily<T>(build: () => T): () => T {
  let built: T | undefined;
  return () => {
    built ??= build();
    return built;
  };
}

export interface LoadedCode {
  /** What was laid out for the instruction at a virtual address. */
  at(address: number): NativeInstruction;
  /** Lays out all that is loaded. */
  all(): void;
}

/**
 * @param layOut  lays out the block from `start` to `end` - 1: one result for each instruction
 * @param rewrite lays out one instruction that has been rewritten since (quickening); by default its whole block is laid
 *                out again
 */
export function inLoadOrder(
  program: VirtualProgram,
  layOut: (start: number, end: number) => readonly Later[],
  rewrite?: (address: number) => Later,
): LoadedCode {
  const results: Later[] = [];
  /** What was laid out at each address: the first address of its block, and the opcode. */
  const starts: number[] = [];
  const opcodes: number[] = [];
  let free = 0;
  function place(start: number, end: number): void {
    layOut(start, end).forEach((result, i) => {
      results[start + i] = result;
      starts[start + i] = start;
      opcodes[start + i] = program.opcodeAt(start + i);
    });
  }
  function advance(to: number): void {
    while (free < to) {
      const start = free;
      free = program.opcodeAt(start) < 0 ? start + 1 : endOfBasicBlock(program, start);
      if (program.opcodeAt(start) >= 0) place(start, free);
    }
  }
  function placeAgain(address: number): void {
    if (rewrite !== undefined && results[address] !== undefined) {
      results[address] = rewrite(address);
      opcodes[address] = program.opcodeAt(address);
      return;
    }
    const start = starts[address] ?? address;
    let end = address + 1;
    while (end < free && starts[end] === start) end++;
    place(start, end);
  }
  return {
    at(address) {
      advance(address + 1);
      if (opcodes[address] !== program.opcodeAt(address)) placeAgain(address);
      return results[address]();
    },
    all: () => advance(program.addressCount),
  };
}
