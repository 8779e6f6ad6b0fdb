// A Java program as dispatch techniques see it.
import type { Opcode, VirtualProgram } from "../../trace/virtual.ts";
import type { ExecutedBlocks } from "./executed-blocks.ts";
import type { Picture } from "./picture.ts";

export function virtualProgram(picture: Picture, blocks: ExecutedBlocks, opcodes: readonly Opcode[]): VirtualProgram {
  return {
    opcodes,
    opcodeAt: (address) => picture.codeAt(address),
    flowAt: (address) => picture.flowAt(address),
    get addressCount() {
      return picture.addressCount;
    },
    targetAt: (address) => picture.targetAt(address),
    enteredAt: (address) => picture.enteredAt(address),
    get blockCount() {
      return blocks.blockCount;
    },
    blockStart: (block) => blocks.start(block),
    blockLength: (block) => blocks.length(block),
    leftByHost: (block) => blocks.leftByHost(block),
  };
}
