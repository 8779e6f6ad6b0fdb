// Context threading: subroutine threading in which generated code does the virtual branches, calls and returns natively, so
// that the native program counter goes where the virtual one goes, and every predictor of the processor sees the program.
import { calledBodies } from "../layouts/called-bodies.ts";
import { alignment } from "../layouts/placement.ts";
import { relocation } from "../layouts/relocation.ts";
import { defineTechnique } from "../native-code.ts";

export default defineTechnique({
  title: "Context threading",
  description: "subroutine threading with native branches, calls and returns for virtual ones, and tiny bodies inlined",
  means: "generated code",
  needsAddresses: true,
  source:
    "Berndl, Vitale, Zaleski and Brown, Context Threading, CGO 2005; Zaleski, YETI, dissertation, Toronto 2008 (citations from memory). Bodies of virtual " +
    "branches, calls and returns are inlined if they may be copied, otherwise called before the native branch. The threshold of tiny inlining is " +
    "assumed. A non-local exit (a caught exception, a return address dropped) leaves the native stack out of step, as it would without a repair.",
  parameters: {
    ...alignment,
    tiny: {
      default: 16,
      min: 0,
      max: 256,
      unit: "bytes",
      description: "bodies with at most this much work are inlined, if they may be copied",
    },
    ...relocation,
  },
  layout: (program, values, context) =>
    calledBodies(program, context, { ...values, leave: "generated", inlineBranches: true, inlineCalls: true }),
});
