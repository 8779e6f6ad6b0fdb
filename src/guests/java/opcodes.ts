// All opcodes of the guest: the 202 of class files, then the quick forms.
import { MEDIAN_BODY } from "../../bodies/median-body.ts";
import type { Opcode } from "../../trace/virtual.ts";
import { codeOf, instructions, operandSlots } from "./instructions.ts";
import { QUICK_NAMES, SLOW_NAMES } from "./quickening.ts";

export const opcodes: readonly Opcode[] = [
  ...instructions.map((instruction) => ({
    ...MEDIAN_BODY,
    name: instruction.name,
    flow: instruction.flow,
    operands: operandSlots(instruction),
  })),
  ...QUICK_NAMES.map((name) => {
    const slow = instructions[codeOf(name.slice(0, name.indexOf("_quick")))];
    return { ...MEDIAN_BODY, name, flow: slow.flow, operands: operandSlots(slow) };
  }),
];

/** The same, as an interpreter has them whose slow forms resolve their operands. */
export const quickenedOpcodes: readonly Opcode[] = opcodes.map((opcode) =>
  SLOW_NAMES.includes(opcode.name) ? { ...opcode, helperCalls: 1, relocatable: false, quickens: true } : opcode,
);
