// Switch dispatch: a loop around one switch. Every body jumps back to the loop's head, where one indirect jump, shared
// by all virtual instructions, goes through a jump table.
import { INDIRECT_JUMP } from "../../branch.ts";
import { byOpcode } from "../layouts/by-opcode.ts";
import { ownDispatch } from "../layouts/own-dispatch.ts";
import { alignment, createCodeSpace } from "../layouts/placement.ts";
import { BYTES, bodyConditional, checkBranch, instructionOf, jump, siteOf } from "../layouts/sites.ts";
import { defineTechnique, NEXT } from "../native-code.ts";

// load; advance; table; add; jmp *%rax
const HEAD = { bytes: 17, instructions: 5 };
// cmp $N,(%rax); ja
const RANGE_CHECK = { bytes: 10, instructions: 2 };
// inc; cmp; jae
const LOOP_TEST = { bytes: 8, instructions: 3 };
// add $4; mov; jmp *table(,%rax,8)
const SENTINEL = { bytes: 15, instructions: 3, branchBytes: 7, tables: { private: false, entryBytes: 8 } };
const NONE = { bytes: 0, instructions: 0 };

export default defineTechnique({
  title: "Switch",
  description: "one shared indirect jump at the head of a loop; every body jumps back to it",
  means: "portable C",
  source:
    "Ertl and Gregg, JILP 2003 (citation from memory). Loop head of 5 instructions and 17 bytes and a jump back of 5 bytes from every body, without " +
    "range check, as gcc 12 -O2 compiles a switch with an unreachable default for x86-64; with range check 7 instructions and 27 bytes (measured). " +
    "counted and sentinel are the two forms of the Zig proposal for labeled continue: a test of the list's length before the shared jump, and " +
    "a list that ends in a tag, of which LLVM makes one jump per prong (assembly quoted there, bytes counted from it). " +
    "Not modelled: the exit of the counted loop, which is taken once.",
  parameters: {
    ...alignment,
    "range-check": {
      type: "flag",
      default: false,
      description: "tests the opcode before the jump: a conditional that is never taken",
    },
    counted: {
      type: "flag",
      default: false,
      description: "tests whether instructions are left, as a list of known length needs: also a conditional that is never taken",
    },
    sentinel: {
      type: "flag",
      default: false,
      description: "the list ends in a tag, and every body gets a jump of its own, through 8-byte entries",
    },
    entryBytes: { default: 4, min: 4, max: 8, powerOfTwo: true, unit: "bytes", description: "one entry of the jump table" },
    conditional: {
      type: "choice",
      choices: ["move", "branch"],
      default: "move",
      description: "bodies of virtual conditionals hold a conditional move or a native branch",
    },
  },
  check: ({ "range-check": rangeCheck, counted, sentinel }) =>
    sentinel && (rangeCheck || counted) ? "a sentinel needs neither range-check nor counted" : undefined,
  layout(program, { align, "range-check": rangeCheck, counted, sentinel, entryBytes, conditional }, context) {
    if (sentinel) return ownDispatch(program, context, { align, conditional, merge: () => ({}), dispatch: SENTINEL });
    const branchBytes = (opcode: number): number =>
      conditional === "branch" && program.opcodes[opcode].flow === "conditional" ? BYTES.shortConditional : 0;
    const space = createCodeSpace(program, context, align, (opcode) => branchBytes(opcode) + BYTES.jump);
    const test = counted ? LOOP_TEST : NONE;
    const range = rangeCheck ? RANGE_CHECK : NONE;
    const loop = space.shared(test.bytes + range.bytes + HEAD.bytes);
    const owner = "dispatch loop";
    const table = space.table(program.opcodes.length, entryBytes);
    const dispatch = siteOf(INDIRECT_JUMP, loop.end - BYTES.indirectJump, NEXT, loop.end, true, "always", owner, undefined, table);
    const checks = [
      ...(counted ? [checkBranch(loop.start + test.bytes - BYTES.shortConditional, owner)] : []),
      ...(rangeCheck ? [checkBranch(loop.start + test.bytes + range.bytes - BYTES.shortConditional, owner)] : []),
    ];
    return {
      entry: dispatch,
      tableEntryBytes: entryBytes,
      at: byOpcode(program, (opcode) => {
        const { name, nativeInstructions } = program.opcodes[opcode];
        const { start, workEnd, end } = space.bodyOf(opcode);
        const branches = branchBytes(opcode) > 0;
        const sites = [
          ...(branches ? [bodyConditional(workEnd, end - BYTES.jump, name)] : []),
          jump(end - BYTES.jump, loop.start, name),
          ...checks,
          dispatch,
        ];
        const added = (branches ? 1 : 0) + 1 + test.instructions + range.instructions + HEAD.instructions;
        return instructionOf(start, nativeInstructions + added, sites, [{ start, end }, loop]);
      }),
      pieces: () => space.pieces(),
    };
  },
});
