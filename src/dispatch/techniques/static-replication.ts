// Static replication: several bodies for the frequent instructions, compiled into the interpreter; a loader gives each
// instance one of them.

import { alignment } from "../layouts/placement.ts";
import { replicaParameters, staticChoice, staticUnits } from "../layouts/static-units.ts";
import { defineTechnique } from "../native-code.ts";

const NO_SUPERINSTRUCTIONS = { superinstructions: 0, longest: 2, parse: "greedy" } as const;

export default defineTechnique({
  title: "Static replication",
  description: "direct threading with several bodies for frequent instructions, chosen by training programs",
  means: "computed goto",
  needsAddresses: true,
  source:
    "Ertl and Gregg, PLDI 2003 (citation from memory), who found round robin better than random. Replicas go one by one to the opcode whose bodies execute " +
    "most often in training; round robin runs over the loaded program in order of address.",
  parameters: { ...alignment, ...replicaParameters },
  choice: (program, values, context) => staticChoice(program, context, { ...values, ...NO_SUPERINSTRUCTIONS }),
  layout: (program, values, context) => staticUnits(program, context, { ...values, ...NO_SUPERINSTRUCTIONS }),
});
