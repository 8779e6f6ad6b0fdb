// A rewritten module as dispatch techniques see it.
import { MEDIAN_BODY } from "../../bodies/median-body.ts";
import type { Opcode, VirtualProgram } from "../../trace/virtual.ts";
import type { Form } from "./forms.ts";
import { type Instruction, instructions, operandCount } from "./instructions.ts";
import type { Picture } from "./picture.ts";
import { wamrInstructions } from "./wamr/instructions.ts";

const opcodeOf = ({ name, flow, immediates }: Instruction): Opcode => ({ ...MEDIAN_BODY, name, flow, operands: operandCount[immediates] });
const plainOpcodes: readonly Opcode[] = instructions.map(opcodeOf);
const wamrOpcodes: readonly Opcode[] = wamrInstructions.map(opcodeOf);

export function virtualProgram(picture: Picture, form: Form): VirtualProgram {
  const opcodes = form === "wamr" ? wamrOpcodes : plainOpcodes;
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
