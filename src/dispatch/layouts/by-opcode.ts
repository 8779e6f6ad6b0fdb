// Layouts in which the native code of an instruction depends on its opcode alone.
import type { VirtualProgram } from "../../trace/virtual.ts";
import type { NativeInstruction } from "../native-code.ts";

/** @param layOut makes the code of an opcode; called once for each */
export function ofOpcode(layOut: (opcode: number) => NativeInstruction): (opcode: number) => NativeInstruction {
  const known: NativeInstruction[] = [];
  return (opcode) => {
    known[opcode] ??= layOut(opcode);
    return known[opcode];
  };
}

/** The same by address. */
export function byOpcode(program: VirtualProgram, layOut: (opcode: number) => NativeInstruction): (address: number) => NativeInstruction {
  const code = ofOpcode(layOut);
  return (address) => code(program.opcodeAt(address));
}
