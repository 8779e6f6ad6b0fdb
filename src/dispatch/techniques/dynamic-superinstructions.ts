// Dynamic superinstructions without replication: loading a program makes one body for each static basic block; blocks with
// the same instructions share it.

import { alignment } from "../layouts/placement.ts";
import { relocation } from "../layouts/relocation.ts";
import { sharedSequences } from "../layouts/shared-sequences.ts";
import { defineTechnique } from "../native-code.ts";

export default defineTechnique({
  title: "Dynamic superinstructions",
  description: "one body for each static basic block, shared by blocks with the same instructions",
  means: "copied code",
  needsAddresses: true,
  source:
    "Ertl and Gregg, PLDI 2003 (citation from memory). Bodies and dispatch of direct threading; between the copies of a block only the virtual program " +
    "counter advances (4 bytes, 1 instruction). A body that may not be copied ends a superinstruction, and the next one starts after it.",
  parameters: { ...alignment, ...relocation },
  layout: (program, values, context) => sharedSequences(program, context, values),
});
