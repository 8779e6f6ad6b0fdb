// Call threading: a loop calls the body's function through a pointer; every body returns to the loop, which tests
// whether to go on.
import { CONDITIONAL, INDIRECT_CALL } from "../../branch.ts";
import { byOpcode } from "../layouts/by-opcode.ts";
import { alignment, createCodeSpace } from "../layouts/placement.ts";
import { BYTES, dispatchJump, jump, returnTo } from "../layouts/sites.ts";
import { defineTechnique, type Site } from "../native-code.ts";

// mov; mov; lea; mov; call *(%rax) | mov; test; je
const LOOP = { bytes: 22, instructions: 8, callEnd: 14 };

export default defineTechnique({
  title: "Call threading",
  description: "one shared indirect call in a loop; every body is a function that returns to it",
  means: "portable C",
  source:
    "Zaleski, YETI (dissertation, Toronto 2008), chapter 3: direct call threading. Loop of 8 instructions and 22 bytes with a " +
    "test that is taken until the end, as gcc 12 -O2 compiles it for x86-64 (measured); place of the call in it estimated.",
  parameters: { ...alignment },
  layout(program, { align }, context) {
    const space = createCodeSpace(program, context, align, BYTES.return);
    const loop = space.shared(LOOP.bytes);
    const owner = "dispatch loop";
    const call: Site = { ...dispatchJump(loop.start + LOOP.callEnd, owner), kind: INDIRECT_CALL };
    const test: Site = { ...jump(loop.end - BYTES.shortConditional, loop.start, owner), kind: CONDITIONAL, after: loop.end };
    return {
      entry: call,
      at: byOpcode(program, (opcode) => {
        const { name, nativeInstructions } = program.opcodes[opcode];
        const { start, end } = space.bodyOf(opcode);
        return {
          entry: start,
          nativeInstructions: nativeInstructions + 1 + LOOP.instructions,
          sites: [returnTo(end, call.after, name), test, call],
          code: [{ start, end }, loop],
        };
      }),
      pieces: () => space.pieces(),
    };
  },
});
