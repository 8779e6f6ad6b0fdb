// VBBI, value-based BTB indexing: a branch target buffer in which an indirect branch has an entry for each value of the register
// that decides where it goes, which in an interpreter holds the opcode.
import { defineKeyedBuffer } from "../src/models/keyed-buffer.ts";

export default defineKeyedBuffer(
  "VBBI, BTB indexed by address and opcode",
  "M. U. Farooq, L. Chen and L. K. John, Value based BTB indexing for indirect jump prediction, HPCA 2010: the index is made of the jump's " +
    "address and the value that its hint instruction computed. Here the hint is always the opcode of the instruction dispatched, and is always " +
    "there in time (the paper predicts without it when it comes late, and again when it has come). The hash, the address xor a product of the opcode, and the " +
    "sizes are ours; only indirect branches have entries.",
  "opcode",
  (pc, opcode) => pc ^ Math.imul(opcode, 0x9e3779b1),
);
