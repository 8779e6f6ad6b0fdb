// Primitives that work on blocks of memory, checked; and what CATCH and ABORT" need of the machine.
import { ForthException } from "../exceptions.ts";
import type { DataMemory } from "./data-memory.ts";

/** What primitives need of the machine that they run on. */
export interface MachineWithMemory {
  readonly bytes: Uint8Array;
  readonly memory: DataMemory;
  hostMark: () => number;
  caught: ForthException | undefined;
}

/** Blocks of memory, with addresses and lengths as numbers. */
export interface MemoryBlocks {
  move(from: number, to: number, length: number): void;
  cmove(from: number, to: number, length: number): void;
  cmoveUp(from: number, to: number, length: number): void;
  fill(at: number, length: number, char: number): void;
  compare(a: number, aLength: number, b: number, bLength: number): number;
  hostMark(): number;
  abortMessage(address: number, length: number): void;
}

export function createMemoryBlocks(machine: MachineWithMemory): MemoryBlocks {
  const { bytes } = machine;
  return {
    move(from, to, length) {
      if (length === 0) return;
      machine.memory.check(from, length);
      machine.memory.check(to, length);
      bytes.copyWithin(to, from, from + length);
    },
    cmove(from, to, length) {
      if (length === 0) return;
      machine.memory.check(from, length);
      machine.memory.check(to, length);
      // upwards, byte by byte where the ranges overlap: that propagates, and programs use it to fill
      if (to <= from || to >= from + length) bytes.copyWithin(to, from, from + length);
      else for (let i = 0; i < length; i++) bytes[to + i] = bytes[from + i];
    },
    cmoveUp(from, to, length) {
      if (length === 0) return;
      machine.memory.check(from, length);
      machine.memory.check(to, length);
      if (to >= from || to + length <= from) bytes.copyWithin(to, from, from + length);
      else for (let i = length - 1; i >= 0; i--) bytes[to + i] = bytes[from + i];
    },
    fill(at, length, char) {
      if (length === 0) return;
      machine.memory.check(at, length);
      bytes.fill(char, at, at + length);
    },
    compare(a, aLength, b, bLength) {
      const length = Math.min(aLength, bLength);
      if (length > 0) {
        machine.memory.check(a, length);
        machine.memory.check(b, length);
      }
      for (let i = 0; i < length; i++) {
        if (bytes[a + i] !== bytes[b + i]) return bytes[a + i] < bytes[b + i] ? -1 : 1;
      }
      return Math.sign(aLength - bLength);
    },
    hostMark: () => machine.hostMark(),
    abortMessage(address, length) {
      machine.caught = new ForthException(-2, machine.memory.text(address, length).trim() || "aborted");
    },
  };
}
