// The replicated switch: every body ends in a whole dispatch with its jump table, as made by `continue :label` in Zig, by a
// macro in C, or by a compiler that duplicates tails.
import { merging, readMergeMap } from "../layouts/merge-map.ts";
import { conditionals, ownDispatch } from "../layouts/own-dispatch.ts";
import { alignment } from "../layouts/placement.ts";
import { defineTechnique } from "../native-code.ts";

// load; advance; table; add; jmp *%rax
const SWITCH = { bytes: 17, instructions: 5 };
// cmp $N,(%rax); ja
const RANGE_CHECK = { bytes: 10, instructions: 2, endsWith: 2 };

export default defineTechnique({
  title: "Replicated switch, labeled continue",
  description: "every body ends in a switch of its own, with one jump table for all or one for each",
  means: "portable C",
  source:
    "Kelley's proposal for labeled continue in Zig (ziglang/zig issue 8220, quoted in the project's sources); Ertl and Gregg (from memory). Dispatch of a " +
    "switch as gcc 12 -O2 compiles it for x86-64, 5 instructions and 17 bytes, 7 and 27 with a range check (measured). What compilers make of the " +
    "source differs: merge=all is LLVM's first answer in the proposal, and gcc -O1. gcc and clang also specialise bodies by predecessor; not modelled.",
  parameters: {
    ...alignment,
    ...merging,
    ...conditionals,
    tables: {
      type: "choice",
      choices: ["shared", "private"],
      default: "shared",
      description: "one jump table for all bodies, or one for each",
    },
    entryBytes: { default: 4, min: 4, max: 8, powerOfTwo: true, unit: "bytes", description: "one entry of a jump table" },
    "range-check": {
      type: "flag",
      default: false,
      description: "every body tests the opcode before its jump: a conditional that is never taken",
    },
  },
  layout(program, { align, merge, conditional, tables, entryBytes, "range-check": rangeCheck }, context) {
    const check = rangeCheck ? RANGE_CHECK : { bytes: 0, instructions: 0, endsWith: 0 };
    return ownDispatch(program, context, {
      align,
      conditional,
      merge: readMergeMap(merge),
      dispatch: {
        bytes: check.bytes + SWITCH.bytes,
        instructions: check.instructions + SWITCH.instructions,
        tables: { private: tables === "private", entryBytes },
        checkAt: rangeCheck ? check.bytes - check.endsWith : undefined,
      },
    });
  },
});
