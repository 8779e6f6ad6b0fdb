// Case block table: for the branch of a switch, the target by the value that is switched on. It learns every case once.
import { defineKeyedBuffer } from "../src/models/keyed-buffer.ts";

export default defineKeyedBuffer(
  "Case block table",
  "D. R. Kaeli and P. G. Emma, Branch history table prediction of moving target branches due to subroutine returns, ISCA 1991, and Improving the " +
    "accuracy of history-based branch prediction, IEEE Transactions on Computers 46(4), 1997 (from memory): an entry belongs to a branch and a value of " +
    "the variable of its switch, here the opcode, which is always known in time. Departures: an entry holds both as one hash of 32 bits; sizes are ours. " +
    "Every indirect branch is taken for that of a switch.",
  "opcode",
  // the cases of one switch lie in neighbouring sets
  (pc, opcode) => Math.imul(pc, 0x85ebca6b) + opcode,
);
