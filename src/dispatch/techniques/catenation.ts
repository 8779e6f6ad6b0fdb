// Catenation: copies of all bodies in load order, patched so that every body can move, with its operands in the code.
// There is no virtual program counter: virtual branches are native ones, and only virtual returns and indirect calls dispatch.
import { CONDITIONAL } from "../../branch.ts";
import { loadedBeside, threadedBodies } from "../layouts/copied-code.ts";
import { fallsThrough } from "../layouts/load-order.ts";
import { alignment } from "../layouts/placement.ts";
import { BYTES, bodyConditional, dispatchJump, instructionOf, jump, siteOf } from "../layouts/sites.ts";
import { straightCode, type Unplaced } from "../layouts/straight-code.ts";
import { defineTechnique, NEXT, type Site } from "../native-code.ts";

// load the target (3 bytes); jmp *target
const DISPATCH = { bytes: 5, instructions: 2 };

export default defineTechnique({
  title: "Catenation",
  description: "specialised copies of all bodies, native branches for virtual ones; only virtual returns and indirect calls dispatch",
  means: "generated code",
  needsAddresses: true,
  source:
    "Vitale and Abdelrahman, Catenation and Specialization for Tcl Virtual Machine Performance, IVME 2004 (citation from memory). Every body is moved, " +
    "whatever it calls. Operands become constants in the code; the savings in the bodies are not modelled. A virtual call saves its return address " +
    "and is a jump.",
  parameters: { ...alignment },
  layout(program, { align }, context) {
    const bodies = threadedBodies(program, context, align);
    function codeFor(address: number): Unplaced {
      const { name, bodyBytes, nativeInstructions } = program.opcodes[program.opcodeAt(address)];
      const flow = program.flowAt(address);
      const virtualTarget = program.targetAt(address);
      // falls through, or goes to a target that is known only at run time
      const mayLeave = fallsThrough(flow) && flow !== "next" && (flow !== "conditional" || virtualTarget < 0);
      const code = (bytes: number, instructions: number, sitesAt: (start: number, end: number) => Site[]): Unplaced => ({
        bytes: bodyBytes + bytes,
        runsOn: fallsThrough(flow),
        at: ({ start, end }) => {
          const executed = nativeInstructions + instructions;
          const left = mayLeave ? executed + DISPATCH.instructions : undefined;
          return instructionOf(start, executed, sitesAt(start + bodyBytes, end), [{ start, end }], left);
        },
      });
      if (flow === "next" || flow === "halt") return code(0, 0, () => []);
      if (virtualTarget >= 0 && flow === "conditional") {
        return code(BYTES.conditional, 1, (start) => [
          siteOf(CONDITIONAL, start, NEXT, start + BYTES.conditional, false, "taken", name, virtualTarget),
        ]);
      }
      if (virtualTarget >= 0) return code(BYTES.jump, 1, (start) => [jump(start, NEXT, name, virtualTarget)]);
      if (!fallsThrough(flow)) return code(DISPATCH.bytes, DISPATCH.instructions, (_, end) => [dispatchJump(end, name)]);
      return code(BYTES.shortConditional + DISPATCH.bytes, 1, (start, end) => [
        bodyConditional(start, end, name, "fall-through"),
        dispatchJump(end, name, BYTES.indirectJump, "taken"),
      ]);
    }
    return loadedBeside(bodies, straightCode(program, bodies.space, codeFor));
  },
});
