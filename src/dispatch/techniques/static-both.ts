// Static superinstructions and static replication together: replicas of plain instructions and of superinstructions.

import { alignment } from "../layouts/placement.ts";
import { replicaParameters, staticChoice, staticUnits, superinstructionParameters } from "../layouts/static-units.ts";
import { defineTechnique } from "../native-code.ts";

export default defineTechnique({
  title: "Static superinstructions and replication",
  description:
    "direct threading with additional bodies for frequent sequences, then several bodies for frequent instructions and sequences",
  means: "computed goto",
  needsAddresses: true,
  source:
    "Ertl and Gregg, PLDI 2003 (citation from memory). Superinstructions are chosen first; replicas by how often each unit executes once the training " +
    "programs are parsed into them.",
  parameters: {
    ...alignment,
    ...superinstructionParameters,
    superinstructions: { ...superinstructionParameters.superinstructions, default: 200 },
    ...replicaParameters,
    replicas: { ...replicaParameters.replicas, default: 200 },
  },
  choice: (program, values, context) => staticChoice(program, context, values),
  layout: (program, values, context) => staticUnits(program, context, values),
});
