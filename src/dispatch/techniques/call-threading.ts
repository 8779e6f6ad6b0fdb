// Call threading: a loop calls the body's function through a pointer; every body returns to the loop, which tests
// whether to go on.
import { CONDITIONAL, INDIRECT_CALL } from "../../branch.ts";
import { byOpcode } from "../layouts/by-opcode.ts";
import { alignment, createCodeSpace } from "../layouts/placement.ts";
import { BYTES, instructionOf, returnTo, siteOf } from "../layouts/sites.ts";
import { defineTechnique, NEXT } from "../native-code.ts";

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
    const callEnd = loop.start + LOOP.callEnd;
    const call = siteOf(INDIRECT_CALL, callEnd - BYTES.indirectJump, NEXT, callEnd, true, "always", owner);
    const test = siteOf(CONDITIONAL, loop.end - BYTES.shortConditional, loop.start, loop.end, false, "always", owner);
    return {
      entry: call,
      at: byOpcode(program, (opcode) => {
        const { name, nativeInstructions } = program.opcodes[opcode];
        const { start, end } = space.bodyOf(opcode);
        const sites = [returnTo(end, call.after, name), test, call];
        return instructionOf(start, nativeInstructions + 1 + LOOP.instructions, sites, [{ start, end }, loop]);
      }),
      pieces: () => space.pieces(),
    };
  },
});
