// Token threading through one shared NEXT: every body jumps to a common piece of code that fetches the next token and
// jumps through the table. Early Forths and microcontrollers use it because it is small; compilers may turn token threading into it.

import { dispatchedThrough } from "../layouts/own-dispatch.ts";
import { defineTechnique } from "../native-code.ts";

export default defineTechnique({
  title: "Token threading, shared NEXT",
  description: "every body jumps to one shared NEXT, which holds the only indirect jump",
  means: "computed goto",
  source:
    "The classic NEXT of small Forth systems (from memory); predicts like a switch. NEXT of 4 instructions and 13 bytes as gcc 12 -O2 compiles " +
    "token threading for x86-64 (measured), a jump of 5 bytes from every body.",
  ...dispatchedThrough("NEXT", { bytes: 13, instructions: 4, tables: { private: false, entryBytes: 8 } }),
});
