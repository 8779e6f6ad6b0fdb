// Static superinstructions: bodies for frequent sequences, compiled into the interpreter; a loader combines the instructions
// of a basic block into them.

import { alignment } from "../layouts/placement.ts";
import { staticUnits, superinstructionChoice, superinstructionParameters } from "../layouts/static-units.ts";
import { defineTechnique } from "../native-code.ts";

export default defineTechnique({
  title: "Static superinstructions",
  description: "direct threading with additional bodies for frequent sequences, chosen by training programs",
  means: "computed goto",
  needsAddresses: true,
  source:
    "Ertl, Gregg, Krall and Paysan, vmgen, Software: Practice and Experience 2002; Ertl and Gregg, PLDI 2003 (citations from memory). Chosen by how many " +
    "dispatches each would save alone. The work of a superinstruction is that of its parts; what a compiler saves between them (stack " +
    "accesses) is not modelled, so native instructions are an upper bound.",
  parameters: { ...alignment, ...superinstructionParameters },
  choice: (_, values, context) => superinstructionChoice(context, values),
  layout: (program, values, context) => staticUnits(program, context, { ...values, replicas: 0, every: 1, assign: "round-robin", seed: 1 }),
});
