// Tail calls through a dispatcher that the compiler did not inline: every body's function ends by jumping to one shared
// function, which finds the next body and tail-calls it. The source looks like tail-call threading; the branches are those of a switch.

import { dispatchedThrough } from "../layouts/own-dispatch.ts";
import { defineTechnique } from "../native-code.ts";

export default defineTechnique({
  title: "Tail calls through a dispatcher",
  description: "every body jumps to one shared dispatcher function, which tail-calls the next body",
  means: "tail calls",
  source:
    "The Zig proposal for labeled continue, on tail calls: 'another jump that maybe you did not want'. Dispatcher of 3 instructions and 9 bytes as clang " +
    "14 compiles a tail call for x86-64 (measured), a jump of 5 bytes to it from every body.",
  ...dispatchedThrough("dispatcher", { bytes: 9, instructions: 3 }),
});
