// Lays a program out as a loader does: static basic block by static basic block, in the order of virtual addresses, as
// far as control has come. A static basic block ends where control may be transferred, or where it may arrive.
import { grown } from "../../files/grown.ts";
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

/** How a technique lays out what is loaded. */
export interface Loader {
  /** Gives the instructions of the block from `start` to `end` - 1 their addresses. */
  layOut(start: number, end: number): void;
  /** Builds the code of an instruction as it was last laid out, in this version. */
  code(address: number, version: number): NativeInstruction;
  /** A number that changes with whatever an instruction's code depends on; default: its opcode. */
  version?(address: number): number;
  /**
   * Lays out one instruction whose version is another one now (quickening); by default its whole block is laid out again. An
   * instruction that comes back to an earlier version gets its earlier code.
   */
  rewrite?(address: number): NativeInstruction;
}

/** A loader that makes the code of each instruction as it lays it out. @param layOut one result for each instruction */
export function codeOf(layOut: (start: number, end: number) => readonly Later[]): Loader {
  const made: Later[] = [];
  return {
    layOut(start, end) {
      const code = layOut(start, end);
      for (let i = 0; i < code.length; i++) made[start + i] = code[i];
    },
    code: (address) => made[address](),
  };
}

/** Of an address at which nothing was loaded when the blocks around it were laid out. It has no opcode either, a negative number. */
const NO_BLOCK = -1;

/** What is loaded takes no objects until it executes: the library of our Forth has 2,000 instructions, of which a program executes a few. */
export function inLoadOrder(program: VirtualProgram, loader: Loader): LoadedCode {
  const { rewrite, version: versionAt = (address) => program.opcodeAt(address) } = loader;
  /**
   * The code of addresses that have been needed, after one that stands for none. By address: its place in that list, 0 until it has
   * been needed; the start of the block that was laid out with it; its version at that time.
   */
  const results: (NativeInstruction | undefined)[] = [undefined];
  let placeOf = new Int32Array(0);
  let blockStarts = new Int32Array(0);
  let laidOut = new Int32Array(0);
  /** By start of a block: its end, and the number of executed blocks at the last search for rewritten instructions: a search for each address would be quadratic. */
  let blockEnds = new Int32Array(0);
  let seen = new Int32Array(0);
  /** All versions of rewritten code, by its addresses and their versions. */
  const versions = new Map<string, readonly NativeInstruction[]>();
  let free = 0;
  const keyOf = (start: number, end: number, version: (address: number) => number): string =>
    [start, ...Array.from({ length: end - start }, (_, i) => version(start + i))].join(" ");
  function reserve(): void {
    const before = blockStarts.length;
    blockStarts = grown(blockStarts, program.addressCount);
    if (blockStarts.length === before) return;
    blockStarts.fill(NO_BLOCK, before);
    placeOf = grown(placeOf, blockStarts.length);
    laidOut = grown(laidOut, blockStarts.length);
    blockEnds = grown(blockEnds, blockStarts.length);
    seen = grown(seen, blockStarts.length);
  }
  function resultAt(address: number): NativeInstruction {
    const known = results[placeOf[address]];
    if (known !== undefined) return known;
    const code = loader.code(address, laidOut[address]);
    setResult(address, code);
    return code;
  }
  function setResult(address: number, code: NativeInstruction | undefined): void {
    if (placeOf[address] === 0) placeOf[address] = results.length;
    results[placeOf[address]] = code;
  }
  function place(start: number, end: number): void {
    loader.layOut(start, end);
    for (let at = start; at < end; at++) {
      laidOut[at] = versionAt(at);
      blockStarts[at] = start;
    }
    blockEnds[start] = end;
    seen[start] = program.blockCount;
  }
  /** Lays out the addresses from `start` to `end` - 1 again, unless this version has been laid out before. */
  function placeAgain(start: number, end: number, layOutAgain: () => readonly (NativeInstruction | undefined)[]): void {
    const before = keyOf(start, end, (address) => laidOut[address]);
    if (!versions.has(before))
      versions.set(
        before,
        Array.from({ length: end - start }, (_, i) => resultAt(start + i)),
      );
    const code = versions.get(keyOf(start, end, versionAt)) ?? layOutAgain();
    for (let at = start; at < end; at++) {
      setResult(at, code[at - start]);
      laidOut[at] = versionAt(at);
    }
  }
  function layOutBlockAgain(start: number, end: number): readonly undefined[] {
    loader.layOut(start, end);
    return new Array<undefined>(end - start).fill(undefined);
  }
  function advance(to: number): void {
    reserve();
    while (free < to) {
      const start = free;
      free = program.opcodeAt(start) < 0 ? start + 1 : endOfBasicBlock(program, start);
      if (program.opcodeAt(start) >= 0) place(start, free);
    }
  }
  const isRewritten = (address: number): boolean => laidOut[address] !== versionAt(address);
  return {
    at(address) {
      if (address >= free) advance(address + 1);
      const start = blockStarts[address];
      if (start === NO_BLOCK) place(address, address + 1);
      else if (rewrite !== undefined) {
        if (isRewritten(address)) placeAgain(address, address + 1, () => [rewrite(address)]);
      } else {
        // rewritten instructions are in blocks that are new since the last search
        if (seen[start] !== program.blockCount) {
          seen[start] = program.blockCount;
          const end = blockEnds[start];
          let at = start;
          while (at < end && !isRewritten(at)) at++;
          if (at < end) placeAgain(start, end, () => layOutBlockAgain(start, end));
        }
      }
      return resultAt(address);
    },
    all: () => advance(program.addressCount),
  };
}
