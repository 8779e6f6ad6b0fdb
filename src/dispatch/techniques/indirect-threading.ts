// Indirect threading: virtual code is a list of addresses of code fields, and a code field holds the address of the body:
// Forth's classic form. Every body ends by loading the next code field's address, then the code field, then jumping.

import { dispatchedBy } from "../layouts/own-dispatch.ts";
import { defineTechnique } from "../native-code.ts";

export default defineTechnique({
  title: "Indirect threading",
  description: "every body ends in its own indirect jump, through the code field that the virtual code points to",
  means: "computed goto",
  source:
    "Dewar, Indirect Threaded Code, CACM 1975 (citation from memory). Direct threading's measured dispatch and one load more: 4 instructions and 12 " +
    "bytes (estimated). Branches as in direct threading; that the target comes one load later is not modelled. The code fields of all opcodes are " +
    "assumed to be in one table, 8 bytes each; in a Forth they are scattered over the dictionary.",
  ...dispatchedBy({ bytes: 12, instructions: 4, tables: { private: false, entryBytes: 8 } }),
});
