// Tail-call threading: every opcode is a function that ends by calling the next opcode's function in tail position,
// which the compiler turns into an indirect jump.

import { dispatchedBy } from "../layouts/own-dispatch.ts";
import { defineTechnique } from "../native-code.ts";

export default defineTechnique({
  title: "Tail-call threading",
  description: "one function per opcode, each ending in an indirect tail call to the next",
  means: "tail calls",
  source:
    "Virtual machine dispatch experiments in Rust (pliniker); the musttail interpreters of protobuf and CPython. " +
    "Dispatch of 3 instructions and 9 bytes as clang 14 compiles it for x86-64 (measured). Bodies are assumed to be those of " +
    "direct threading; additions by a calling convention are not modelled.",
  ...dispatchedBy({ bytes: 9, instructions: 3 }),
});
