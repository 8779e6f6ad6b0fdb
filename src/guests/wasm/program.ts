// A rewritten module as dispatch techniques see it.
import { MEDIAN_BODY } from "../../bodies/median-body.ts";
import type { Opcode, VirtualProgram } from "../../trace/virtual.ts";
import type { Blocks } from "./blocks.ts";
import { instructions, operandCount } from "./instructions.ts";
import type { Picture } from "./picture.ts";

const opcodes: readonly Opcode[] = instructions.map(({ name, flow, immediates }) => ({
  ...MEDIAN_BODY,
  name,
  flow,
  operands: operandCount[immediates],
}));

export function virtualProgram(picture: Picture, blocks: Blocks): VirtualProgram {
  return {
    opcodes,
    opcodeAt: (address) => picture.opcodeAt(address),
    flowAt: (address) => picture.flowAt(address),
    addressCount: picture.addressCount,
    targetAt: (address) => picture.targetAt(address),
    enteredAt: (address) => picture.enteredAt(address),
    get blockCount() {
      return blocks.count;
    },
    blockStart: (block) => blocks.start(block),
    blockLength: (block) => blocks.length(block),
    leftByHost: (block) => blocks.leftByHost(block),
  };
}
