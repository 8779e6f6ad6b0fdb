// Switch dispatch: a loop around one switch. Every body jumps back to the loop's head, where one indirect jump, shared
// by all virtual instructions, goes through a jump table.
import { INDIRECT_JUMP, JUMP } from "../../branch.ts";
import { defineTechnique, type NativeInstruction, NEXT, type Site } from "../native-code.ts";
import { INDIRECT_JUMP_BYTES } from "../own-dispatch.ts";
import { alignment, createCodeSpace } from "../placement.ts";

const LOOP = { bytes: 17, instructions: 5 };
const JUMP_BACK_BYTES = 5;

export default defineTechnique({
  title: "Switch",
  description: "one shared indirect jump at the head of a loop; every body jumps back to it",
  source:
    "Ertl and Gregg, JILP 2003 (citation from memory). Loop head of 5 instructions and 17 bytes and a jump back of 5 bytes from every body, without " +
    "range check, as gcc 12 -O2 compiles a switch with an unreachable default for x86-64 (measured).",
  parameters: { ...alignment },
  layout(program, { align }, context) {
    const space = createCodeSpace(program, context, align, JUMP_BACK_BYTES);
    const shared = space.shared(LOOP.bytes);
    const dispatch: Site = {
      address: shared.end - INDIRECT_JUMP_BYTES,
      kind: INDIRECT_JUMP,
      target: NEXT,
      after: shared.end,
      dispatch: true,
      when: "always",
      owner: "dispatch loop",
    };
    const byOpcode: NativeInstruction[] = [];
    return {
      entry: dispatch,
      at(address) {
        const opcode = program.opcodeAt(address);
        const { name, nativeInstructions } = program.opcodes[opcode];
        const { start, end } = space.bodyOf(opcode);
        byOpcode[opcode] ??= {
          entry: start,
          nativeInstructions: nativeInstructions + 1 + LOOP.instructions,
          sites: [
            { address: end - JUMP_BACK_BYTES, kind: JUMP, target: shared.start, after: end, dispatch: false, when: "always", owner: name },
            dispatch,
          ],
          code: [{ start, end }, shared],
        };
        return byOpcode[opcode];
      },
      pieces: () => space.pieces(),
    };
  },
});
