// An assembled program in the form for dispatch techniques. It has no indirect jumps, so every block is known when it is loaded.
import type { VirtualProgram } from "../../trace/virtual.ts";
import type { Assembly } from "./assembler.ts";
import { opcodes } from "./instructions.ts";

export interface RegisterProgram extends VirtualProgram {
  /** The block that starts at a virtual address; -1 if control does not arrive there. */
  readonly blockAt: Int32Array;
  /** Instructions in each block. */
  readonly blockLengths: Int32Array;
}

export function loadProgram({ words, immediates }: Assembly): RegisterProgram {
  const count = words.length;
  const flowAt = (address: number) => opcodes[words[address] & 255].flow;
  const targetAt = (address: number): number => (["jump", "conditional"].includes(flowAt(address)) ? immediates[address] : -1);
  const entered = new Uint8Array(count);
  const starts = new Uint8Array(count);
  entered[0] = 1;
  starts[0] = 1;
  for (let address = 0; address < count; address++) {
    const target = targetAt(address);
    if (target < 0) continue;
    entered[target] = 1;
    starts[target] = 1;
    if (flowAt(address) === "conditional") starts[address + 1] = 1;
  }
  const blockAt = new Int32Array(count).fill(-1);
  const blockStarts: number[] = [];
  for (let address = 0; address < count; address++) if (starts[address] === 1) blockAt[address] = blockStarts.push(address) - 1;
  const blockLengths = new Int32Array(blockStarts.length);
  let end = count;
  for (let address = count - 1; address >= 0; address--) {
    if (flowAt(address) !== "next") end = address + 1;
    if (blockAt[address] >= 0) blockLengths[blockAt[address]] = end - address;
  }
  return {
    opcodes,
    opcodeAt: (address) => (address < count ? words[address] & 255 : -1),
    flowAt,
    addressCount: count,
    targetAt,
    enteredAt: (address) => entered[address] === 1,
    blockCount: blockStarts.length,
    blockStart: (block) => blockStarts[block],
    blockLength: (block) => blockLengths[block],
    leftByHost: () => false,
    blockAt,
    blockLengths,
  };
}
