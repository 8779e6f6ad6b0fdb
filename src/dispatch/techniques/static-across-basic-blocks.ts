// Static superinstructions across basic blocks: a program is combined into superinstructions of the interpreter first, then
// their bodies are copied one after the other, as across basic blocks.
import { copiesAcrossBlocks, threadedBodies } from "../layouts/copied-code.ts";
import { alignment } from "../layouts/placement.ts";
import { relocates, relocation } from "../layouts/relocation.ts";
import { copyableChoice, superinstructionParameters } from "../layouts/static-units.ts";
import { defineTechnique } from "../native-code.ts";

export default defineTechnique({
  title: "Static superinstructions across basic blocks",
  description: "copies of superinstructions in load order; only taken virtual branches, calls and returns dispatch",
  means: "copied code",
  needsAddresses: true,
  source:
    "Casey, Ertl and Gregg, TOPLAS 2007, 'with static super across bb' (citation from memory). As across-basic-blocks, but within a superinstruction " +
    "nothing advances the virtual program counter; further savings by a compiler are not modelled. Superinstructions are chosen " +
    "among bodies that may be copied; their bodies in the interpreter's text are not counted, because only copies execute.",
  parameters: { ...alignment, ...superinstructionParameters, ...relocation },
  choice: (program, values, context) => copyableChoice(program, context, values),
  layout(program, values, context) {
    const { align, relocatable } = values;
    const mayCopy = relocates(relocatable);
    const { parse } = copyableChoice(program, context, values);
    return copiesAcrossBlocks(program, threadedBodies(program, context, align), mayCopy, (start, end) => {
      const names = Array.from({ length: end - start }, (_, i) => program.opcodes[program.opcodeAt(start + i)].name);
      let at = start;
      return parse(names).map((length) => {
        at += length;
        return at;
      });
    });
  },
});
