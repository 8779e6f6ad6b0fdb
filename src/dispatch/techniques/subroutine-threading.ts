// Subroutine threading: loading a program generates a native call of the body for every virtual instruction, and bodies
// return. Where a virtual instruction transfers control, an indirect jump follows.
import { calledBodies } from "../layouts/called-bodies.ts";
import { alignment } from "../layouts/placement.ts";
import { relocation } from "../layouts/relocation.ts";
import { defineTechnique } from "../native-code.ts";

export default defineTechnique({
  title: "Subroutine threading",
  description: "a generated call per virtual instruction; virtual branches leave through a jump in the generated code",
  means: "generated code",
  needsAddresses: true,
  source:
    "Curley, Life in the FastForth Lane, Forth Dimensions 1993; Berndl, Vitale, Zaleski and Brown, Context Threading, CGO 2005 (citations from memory). " +
    "Calls of 5 bytes, returns of 1 (measured); bodies advance the virtual program counter, because operands stay in the " +
    "virtual code. leave=body jumps at the end of the branch's body instead and leaves a stale return address: on a return stack, that is " +
    "one entry too many for every virtual transfer. tiny and branches are Curley's improvements.",
  parameters: {
    ...alignment,
    leave: {
      type: "choice",
      choices: ["generated", "body"],
      default: "generated",
      description: "virtual transfers jump after their call, with one site for each instance, or at the end of the branch's body",
    },
    tiny: {
      default: 0,
      min: 0,
      max: 256,
      unit: "bytes",
      description: "bodies with at most this much work are inlined, if they may be copied",
    },
    branches: { type: "flag", default: false, description: "virtual jumps and conditionals become native ones" },
    ...relocation,
  },
  layout: (program, { branches, ...values }, context) =>
    calledBodies(program, context, { ...values, inlineBranches: branches, inlineCalls: false }),
});
