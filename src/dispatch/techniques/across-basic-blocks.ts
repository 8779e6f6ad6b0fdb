// Dynamic superinstructions with replication, across basic blocks: the copies of a whole program one after the other. Only
// taken virtual branches, calls and returns dispatch; otherwise control falls through into the next copy.
import { copiesAcrossBlocks, threadedBodies } from "../layouts/copied-code.ts";
import { alignment } from "../layouts/placement.ts";
import { relocates, relocation } from "../layouts/relocation.ts";
import { defineTechnique } from "../native-code.ts";

export default defineTechnique({
  title: "Dynamic superinstructions across basic blocks",
  description: "copies of all bodies in load order; only taken virtual branches, calls and returns dispatch",
  means: "copied code",
  needsAddresses: true,
  source:
    "Ertl and Gregg, PLDI 2003, 'across bb'; Casey, Ertl and Gregg, TOPLAS 2007 (citations from memory). Bodies and dispatch of direct threading. A virtual " +
    "conditional holds a native branch, which is taken when control falls through, and skips the dispatch.",
  parameters: { ...alignment, ...relocation },
  layout: (program, { align, relocatable }, context) =>
    copiesAcrossBlocks(program, threadedBodies(program, context, align), relocates(relocatable)),
});
