// Token threading: virtual code is a list of opcodes, and every body ends by jumping through a table of addresses.

import { dispatchedBy } from "../layouts/own-dispatch.ts";
import { defineTechnique } from "../native-code.ts";

export default defineTechnique({
  title: "Token threading",
  description: "every body ends in its own indirect jump, through a table from opcode to address",
  means: "computed goto",
  source:
    "Klint, Interpretation Techniques, Software: Practice and Experience 1981; computed goto over a table in GNU C (citation from memory). " +
    "Dispatch of 4 instructions and 13 bytes (load, advance, table, jump) as gcc 12 -O2 compiles it for x86-64 (measured); " +
    "tails that gcc merges there are merge=FILE.",
  ...dispatchedBy({ bytes: 13, instructions: 4, tables: { private: false, entryBytes: 8 } }),
});
