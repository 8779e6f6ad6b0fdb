// Token threading: virtual code is a list of opcodes, and every body ends by jumping through a table of addresses.
import { defineTechnique } from "../native-code.ts";
import { ownDispatch } from "../own-dispatch.ts";
import { alignment } from "../placement.ts";

export default defineTechnique({
  title: "Token threading",
  description: "every body ends in its own indirect jump, through a table from opcode to address",
  source:
    "Klint, Interpretation Techniques, Software: Practice and Experience 1981; computed goto over a table in GNU C (citation from memory). " +
    "Dispatch of 4 instructions and 13 bytes (load, advance, table, jump) as gcc 12 -O2 compiles it for x86-64 (measured); " +
    "the tails that gcc merges there are not modelled here.",
  parameters: { ...alignment },
  layout: (program, { align }) => ownDispatch(program, align, { bytes: 13, instructions: 4 }),
});
