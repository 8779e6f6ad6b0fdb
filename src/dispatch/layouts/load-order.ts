// Lays a program out as a loader does: static basic block by static basic block, in the order of virtual addresses, as
// far as control has come. A static basic block ends where control may be transferred, or where it may arrive.
import type { Flow, VirtualProgram } from "../../trace/virtual.ts";
import type { NativeInstruction } from "../native-code.ts";

/** Whether control may go on to the next virtual address. */
export const fallsThrough = (flow: Flow): boolean => flow === "next" || flow === "conditional" || flow === "raise";

/** The virtual address after the static basic block that starts at `start`. */
export function endOfBasicBlock(program: VirtualProgram, start: number): number {
  let at = start;
  while (program.flowAt(at) === "next" && at + 1 < program.addressCount && program.opcodeAt(at + 1) >= 0 && !program.enteredAt(at + 1)) {
    at++;
  }
  return at + 1;
}

/** Code that is built when it is first needed: most loaded code never executes, and needs only an address. */
export type Later = () => NativeInstruction;

export function lazily<T>(build: () => T): () => T {
  let built: T | undefined;
  return () => {
    built ??= build();
    return built;
  };
}

export interface LoadedCode {
  /** The code of the instruction at a virtual address. */
  at(address: number): NativeInstruction;
  /** Lays out everything that is loaded. */
  all(): void;
}

/** A static basic block that was laid out as a whole. */
interface LaidOut {
  readonly start: number;
  readonly end: number;
  /** Number of executed blocks at the last search for rewritten instructions: a search for each address would be quadratic. */
  seen: number;
}

/**
 * @param layOut  lays out the block from `start` to `end` - 1: one result for each instruction
 * @param rewrite lays out one instruction that has been rewritten since (quickening); by default its whole block is laid
 *                out again. An instruction that is rewritten to an earlier version gets its earlier code.
 */
export function inLoadOrder(
  program: VirtualProgram,
  layOut: (start: number, end: number) => readonly Later[],
  rewrite?: (address: number) => Later,
): LoadedCode {
  /** For each address: its code, the block that was laid out with it, and its opcode at that time. */
  const results: Later[] = [];
  const blocks: LaidOut[] = [];
  const opcodes: number[] = [];
  /** All versions of rewritten code, by its addresses and opcodes. */
  const versions = new Map<string, readonly Later[]>();
  let free = 0;
  const keyOf = (start: number, end: number, opcodeAt: (address: number) => number): string =>
    [start, ...Array.from({ length: end - start }, (_, i) => opcodeAt(start + i))].join(" ");
  function keep(start: number, code: readonly Later[]): void {
    for (let i = 0; i < code.length; i++) {
      results[start + i] = code[i];
      opcodes[start + i] = program.opcodeAt(start + i);
    }
  }
  function place(start: number, end: number): void {
    keep(start, layOut(start, end));
    const block = { start, end, seen: program.blockCount };
    for (let at = start; at < end; at++) blocks[at] = block;
  }
  /** Lays out the addresses from `start` to `end` - 1 again, unless this version has been laid out before. */
  function placeAgain(start: number, end: number, layOutAgain: () => readonly Later[]): void {
    const before = keyOf(start, end, (address) => opcodes[address]);
    if (!versions.has(before)) versions.set(before, results.slice(start, end));
    const now = keyOf(start, end, (address) => program.opcodeAt(address));
    const code = versions.get(now) ?? layOutAgain();
    versions.set(now, code);
    keep(start, code);
  }
  function advance(to: number): void {
    while (free < to) {
      const start = free;
      free = program.opcodeAt(start) < 0 ? start + 1 : endOfBasicBlock(program, start);
      if (program.opcodeAt(start) >= 0) place(start, free);
    }
  }
  const isRewritten = (address: number): boolean => opcodes[address] !== program.opcodeAt(address);
  return {
    at(address) {
      advance(address + 1);
      const block = blocks[address];
      // nothing was loaded here when this part was laid out
      if (block === undefined) place(address, address + 1);
      else if (rewrite !== undefined) {
        if (isRewritten(address)) placeAgain(address, address + 1, () => [rewrite(address)]);
      } else {
        // rewritten instructions are in blocks that are new since the last search
        if (block.seen !== program.blockCount) {
          block.seen = program.blockCount;
          let at = block.start;
          while (at < block.end && !isRewritten(at)) at++;
          if (at < block.end) placeAgain(block.start, block.end, () => layOut(block.start, block.end));
        }
      }
      return results[address]();
    },
    all: () => advance(program.addressCount),
  };
}
