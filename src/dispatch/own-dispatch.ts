// What token, direct and tail-call threading have in common: every body ends in an indirect jump of its own. They
// differ in how the next body's address is found, which is a matter of instructions and bytes, not of branches.
import { INDIRECT_JUMP } from "../branch.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import { type NativeCode, type NativeInstruction, NEXT, type Site } from "./native-code.ts";
import { placeBodies } from "./placement.ts";

/** Bytes of `jmp *%reg`. */
export const INDIRECT_JUMP_BYTES = 2;

/**
 * @param dispatch bytes and native instructions of one dispatch, its jump included
 */
export function ownDispatch(
  program: VirtualProgram,
  align: number,
  dispatch: { readonly bytes: number; readonly instructions: number },
): NativeCode {
  // the entry code is one more dispatch, in front of the bodies
  const { shared, bodyOf } = placeBodies(program, { extraBytes: dispatch.bytes, sharedBytes: dispatch.bytes, align });
  const dispatchAt = (end: number, owner: string): Site => ({
    address: end - INDIRECT_JUMP_BYTES,
    kind: INDIRECT_JUMP,
    target: NEXT,
    after: end,
    dispatch: true,
    when: "always",
    owner,
  });
  const byOpcode: NativeInstruction[] = [];
  return {
    entry: dispatchAt(shared.end, "entry"),
    at(address) {
      const opcode = program.opcodeAt(address);
      byOpcode[opcode] ??= {
        entry: bodyOf(opcode).start,
        nativeInstructions: program.opcodes[opcode].nativeInstructions + dispatch.instructions,
        sites: [dispatchAt(bodyOf(opcode).end, program.opcodes[opcode].name)],
      };
      return byOpcode[opcode];
    },
  };
}
