// A rewritten module as dispatch techniques see it.
import { MEDIAN_BODY } from "../../bodies/median-body.ts";
import type { Opcode, VirtualProgram } from "../../trace/virtual.ts";
import { instructions, operandCount } from "./instructions.ts";
import type { Picture } from "./picture.ts";

const opcodes: readonly Opcode[] = instructions.map(({ name, flow, immediates }) => ({
  ...MEDIAN_BODY,
  name,
  flow,
  operands: operandCount[immediates],
}));

export function virtualProgram(picture: Picture): VirtualProgram {
  return {
    opcodes,
    opcodeAt: (address) => picture.opcodeAt(address),
    flowAt: (address) => picture.flowAt(address),
    get addressCount() {
      return picture.addressCount;
    },
    targetAt: (address) => picture.targetAt(address),
    enteredAt: (address) => picture.enteredAt(address),
    get blockCount() {
      return picture.blockCount;
    },
    blockStart: (block) => picture.starts[block],
    blockLength: (block) => picture.lengths[block],
    leftByHost: (block) => picture.leftByHost(block),
  };
}
