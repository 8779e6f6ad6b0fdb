// Dynamic replication: loading a program copies the body of every instruction, so each instance has an indirect jump of its
// own, which goes to one place unless the virtual program branches.
import { concatenated, concatenatedBytes, loadedBeside, threadedBodies } from "../layouts/copied-code.ts";
import { inLoadOrder, type Later, lazily } from "../layouts/load-order.ts";
import { alignment } from "../layouts/placement.ts";
import { relocates, relocation } from "../layouts/relocation.ts";
import { defineTechnique } from "../native-code.ts";

export default defineTechnique({
  title: "Dynamic replication",
  description: "a copy of the body, dispatch included, for every instruction that is loaded",
  means: "copied code",
  needsAddresses: true,
  source:
    "Ertl and Gregg, Optimizing Indirect Branch Prediction Accuracy in Virtual Machine Interpreters, PLDI 2003 (citation from memory). Bodies and " +
    "dispatch of direct threading. Translation happens when code is loaded; its cost is not modelled.",
  parameters: { ...alignment, ...relocation },
  layout(program, { align, relocatable }, context) {
    const bodies = threadedBodies(program, context, align);
    const mayCopy = relocates(relocatable);
    const layOut = (address: number): Later => {
      const opcode = program.opcodes[program.opcodeAt(address)];
      if (!mayCopy(opcode)) return () => bodies.inPlace(address);
      const { start } = bodies.space.generate(concatenatedBytes([opcode]));
      return lazily(() => concatenated([opcode], start)[0]());
    };
    const each = (start: number, end: number) => Array.from({ length: end - start }, (_, i) => layOut(start + i));
    return loadedBeside(bodies, inLoadOrder(program, each, layOut));
  },
});
