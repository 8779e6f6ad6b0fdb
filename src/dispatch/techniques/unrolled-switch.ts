// The unrolled switch: the loop holds the whole switch several times, bodies and all. A body continues with the next
// copy; after a taken virtual branch the loop starts over. So the copy that executes an instruction depends on how many
// instructions ran since the last taken branch.
//
//   head 0: dispatch ──► bodies 0: work; jmp head 1 | taken: jmp head 0
//   head 1: dispatch ──► bodies 1: work; jmp head 2 | taken: jmp head 0
//   …                    the last: work; jmp head 0
import { byOpcode } from "../layouts/by-opcode.ts";
import { fallsThrough } from "../layouts/load-order.ts";
import { alignment, createCodeSpace } from "../layouts/placement.ts";
import { BYTES, bodyConditional, dispatchJump, jump } from "../layouts/sites.ts";
import { defineTechnique, type NativeInstruction, type Site } from "../native-code.ts";
import { inPhases, isOutOfLine, MOST_PHASES, phaseOf } from "../views/phases.ts";

// load; advance; table; add; jmp *%rax
const HEAD = { bytes: 17, instructions: 5 };

export default defineTechnique({
  title: "Unrolled switch",
  description: "a loop of several whole switches, one after the other; taken virtual branches start it over",
  means: "portable C",
  needsAddresses: true,
  source:
    "Loop unrolling applied to switch dispatch, as discussed by Ertl and Gregg (from memory). Heads and jumps as gcc 12 -O2 compiles a switch for x86-64 " +
    "(measured for one copy). Bodies of virtual conditionals hold a native branch, because its two outcomes go to different copies.",
  parameters: {
    ...alignment,
    copies: { default: 4, min: 2, max: MOST_PHASES, unit: "copies", description: "switches in one round of the loop" },
    entryBytes: { default: 4, min: 4, max: 8, powerOfTwo: true, unit: "bytes", description: "one entry of the jump tables" },
  },
  view: (program, { copies }) => inPhases(program, copies),
  layout(program, { align, copies, entryBytes }, context) {
    /** The exits of a body: to the next copy, and to the first. */
    const waysOf = (opcode: number): { onward: boolean; over: boolean; branches: boolean } => {
      const { flow } = program.opcodes[opcode];
      const onward = fallsThrough(flow);
      const over = flow !== "next";
      return { onward, over, branches: onward && over };
    };
    const space = createCodeSpace(program, context, align, (opcode) => {
      const { branches } = waysOf(opcode);
      return branches ? BYTES.shortConditional + 2 * BYTES.jump : BYTES.jump;
    });
    const switches = Array.from({ length: copies }, (_, copy) => {
      const head = space.shared(HEAD.bytes);
      const table = space.table(program.opcodes.length, entryBytes);
      const dispatch: Site = { ...dispatchJump(head.end, `dispatch loop, copy ${copy + 1}`), table };
      const bodyOf = copy === 0 ? space.bodyOf : space.copyOfBodies();
      bodyOf(0);
      return { head, dispatch, bodyOf };
    });
    const layOut = (copy: number, opcode: number, outOfLine: boolean): NativeInstruction => {
      const { name, nativeInstructions } = program.opcodes[opcode];
      const { start, workEnd, end } = switches[copy].bodyOf(opcode);
      const { branches, onward, over } = waysOf(opcode);
      const first = workEnd + (branches ? BYTES.shortConditional : 0);
      const to = (address: number, target: number, when: Site["when"]): Site[] => [
        { ...jump(address, switches[target].head.start, name), when },
        { ...switches[target].dispatch, when },
      ];
      const next = (copy + 1) % copies;
      return {
        entry: start,
        nativeInstructions: nativeInstructions + 1 + (branches ? 1 : 0) + HEAD.instructions,
        sites: [
          ...(branches ? [bodyConditional(workEnd, first + BYTES.jump, name)] : []),
          ...(onward ? to(first, next, outOfLine ? "always" : "fall-through") : []),
          ...(over ? to(branches ? first + BYTES.jump : first, 0, onward ? "taken" : "always") : []),
        ],
        code: [switches[copy].head, { start, end }],
      };
    };
    const codeAt = switches.map((_, copy) => [
      byOpcode(program, (opcode) => layOut(copy, opcode, false)),
      byOpcode(program, (opcode) => layOut(copy, opcode, true)),
    ]);
    return {
      entry: switches[0].dispatch,
      tableEntryBytes: entryBytes,
      at: (address) => codeAt[phaseOf(address, copies)][isOutOfLine(program, address) ? 1 : 0](address),
      pieces: () => space.pieces(),
    };
  },
});
