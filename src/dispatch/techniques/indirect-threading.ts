// Indirect threading: virtual code is a list of addresses of code fields, and a code field holds the address of the body:
// Forth's classic form. Every body ends by loading the next code field's address, then the code field, then jumping.
import { merging, readMergeMap } from "../merge-map.ts";
import { defineTechnique } from "../native-code.ts";
import { conditionals, ownDispatch } from "../own-dispatch.ts";
import { alignment } from "../placement.ts";

export default defineTechnique({
  title: "Indirect threading",
  description: "every body ends in its own indirect jump, through the code field that the virtual code points to",
  source:
    "Dewar, Indirect Threaded Code, CACM 1975 (citation from memory). Direct threading's measured dispatch and one load more: 4 instructions and 12 " +
    "bytes (estimated). Branches as in direct threading; that the target comes one load later is not modelled. The code field of opcode n is " +
    "taken to stand in a table, 8 bytes each; in a Forth they are scattered over the dictionary.",
  parameters: { ...alignment, ...merging, ...conditionals },
  layout: (program, { align, merge, conditional }, context) =>
    ownDispatch(program, context, {
      align,
      conditional,
      merge: readMergeMap(merge),
      dispatch: { bytes: 12, instructions: 4, tables: { private: false, entryBytes: 8 } },
    }),
});
