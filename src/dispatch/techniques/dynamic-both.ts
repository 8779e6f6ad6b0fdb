// Dynamic superinstructions with replication: loading a program makes one body for each static basic block, which no other block shares.
import { concatenated, concatenatedBytes, copiedRuns, loadedBeside, threadedBodies } from "../layouts/copied-code.ts";
import { codeOf, inLoadOrder } from "../layouts/load-order.ts";
import { alignment } from "../layouts/placement.ts";
import { relocates, relocation } from "../layouts/relocation.ts";
import { defineTechnique } from "../native-code.ts";

export default defineTechnique({
  title: "Dynamic superinstructions and replication",
  description: "one body for each static basic block, none shared",
  means: "copied code",
  needsAddresses: true,
  source:
    "Ertl and Gregg, PLDI 2003, 'dynamic both' (citation from memory). Bodies and dispatch of direct threading; between the copies of a block only the " +
    "virtual program counter advances (4 bytes, 1 instruction). A body that may not be copied ends a superinstruction.",
  parameters: { ...alignment, ...relocation },
  layout(program, { align, relocatable }, context) {
    const bodies = threadedBodies(program, context, align);
    const loader = codeOf((start, end) =>
      copiedRuns(program, start, end, relocates(relocatable)).flatMap((run) => {
        if (!run.copied) return [() => bodies.inPlace(run.start)];
        return concatenated(run.opcodes, bodies.space.generate(concatenatedBytes(run.opcodes)));
      }),
    );
    return loadedBeside(bodies, inLoadOrder(program, loader));
  },
});
