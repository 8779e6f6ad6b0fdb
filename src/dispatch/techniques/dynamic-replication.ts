// Dynamic replication: loading a program copies the body of every instruction, so each instance has an indirect jump of its
// own, which goes to one place unless the virtual program branches.
import { copyOf, DISPATCH, loadedBeside, threadedBodies } from "../layouts/copied-code.ts";
import { inLoadOrder } from "../layouts/load-order.ts";
import { alignment } from "../layouts/placement.ts";
import { relocates, relocation } from "../layouts/relocation.ts";
import { defineTechnique, type NativeInstruction } from "../native-code.ts";

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
    /** Of each address: where its copy starts; 0 if its body is executed in place. */
    const starts: number[] = [];
    function place(address: number): void {
      const opcode = program.opcodes[program.opcodeAt(address)];
      starts[address] = mayCopy(opcode) ? bodies.space.generate(opcode.bodyBytes + DISPATCH.bytes) : 0;
    }
    function code(address: number, opcode: number): NativeInstruction {
      const start = starts[address];
      return start === 0 ? bodies.original(opcode) : copyOf(program.opcodes[opcode], start);
    }
    return loadedBeside(
      bodies,
      inLoadOrder(program, {
        layOut(start, end) {
          for (let address = start; address < end; address++) place(address);
        },
        code,
        rewrite(address) {
          place(address);
          return code(address, program.opcodeAt(address));
        },
      }),
    );
  },
});
