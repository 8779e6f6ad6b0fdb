// Call threading: a loop calls the body's function through a pointer; every body returns to the loop, which tests
// whether to go on.
import { CONDITIONAL, INDIRECT_CALL, RETURN } from "../../branch.ts";
import { defineTechnique, type NativeInstruction, NEXT, type Site } from "../native-code.ts";
import { alignment, createCodeSpace } from "../placement.ts";

// mov; mov; lea; mov; call *(%rax) | mov; test; je
const LOOP = { bytes: 22, instructions: 8, callAt: 12, callBytes: 2, testAt: 20, testBytes: 2 };
const RETURN_BYTES = 1;

export default defineTechnique({
  title: "Call threading",
  description: "one shared indirect call in a loop; every body is a function that returns to it",
  source:
    "Zaleski, YETI (dissertation, Toronto 2008), chapter 3: direct call threading. Loop of 8 instructions and 22 bytes with a " +
    "test that is taken until the end, as gcc 12 -O2 compiles it for x86-64 (measured); place of the call in it estimated.",
  parameters: { ...alignment },
  layout(program, { align }, context) {
    const space = createCodeSpace(program, context, align, RETURN_BYTES);
    const shared = space.shared(LOOP.bytes);
    const returnsTo = shared.start + LOOP.callAt + LOOP.callBytes;
    const call: Site = {
      address: shared.start + LOOP.callAt,
      kind: INDIRECT_CALL,
      target: NEXT,
      after: returnsTo,
      dispatch: true,
      when: "always",
      owner: "dispatch loop",
    };
    const test: Site = {
      address: shared.start + LOOP.testAt,
      kind: CONDITIONAL,
      target: shared.start,
      after: shared.start + LOOP.testAt + LOOP.testBytes,
      dispatch: false,
      when: "always",
      owner: "dispatch loop",
    };
    const byOpcode: NativeInstruction[] = [];
    return {
      entry: call,
      at(address) {
        const opcode = program.opcodeAt(address);
        const { name, nativeInstructions } = program.opcodes[opcode];
        const { start, end } = space.bodyOf(opcode);
        byOpcode[opcode] ??= {
          entry: start,
          nativeInstructions: nativeInstructions + 1 + LOOP.instructions,
          sites: [
            { address: end - RETURN_BYTES, kind: RETURN, target: returnsTo, after: end, dispatch: false, when: "always", owner: name },
            test,
            call,
          ],
          code: [{ start, end }, shared],
        };
        return byOpcode[opcode];
      },
      pieces: () => space.pieces(),
    };
  },
});
