// Selective inlining: when a basic block is loaded, the bodies of its instructions are copied into one, unless the same
// sequence has been seen before. The branches are those of dynamic superinstructions, which Ertl and Gregg named later.

import { alignment } from "../layouts/placement.ts";
import { relocation } from "../layouts/relocation.ts";
import { sharedSequences } from "../layouts/shared-sequences.ts";
import { defineTechnique } from "../native-code.ts";

export default defineTechnique({
  title: "Selective inlining",
  description: "bodies of a basic block inlined into one, cached by sequence; bodies that may not move are dispatched",
  means: "copied code",
  needsAddresses: true,
  source:
    "Piumarta and Riccardi, Optimizing Direct Threaded Code by Selective Inlining, PLDI 1998 (citation from memory). The same layout as " +
    "dynamic-superinstructions: other differences (which sequences are worth a copy, how constants are kept) are not modelled.",
  parameters: { ...alignment, ...relocation },
  layout: (program, values, context) => sharedSequences(program, context, values),
});
