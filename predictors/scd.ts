// SCD, short-circuit dispatch: a branch target buffer is looked up with the opcode instead of an address; if it knows the opcode, the
// processor goes to its body at once, without the instructions that check it, read the table of bodies and jump.
import { defineKeyedBuffer } from "../src/models/keyed-buffer.ts";

export default defineKeyedBuffer(
  "SCD, BTB keyed by opcode",
  "C. Kim, S. Kim, H. G. Cho, D. Kim, J. Kim, Y. H. Oh, H. Jang and J. W. Lee, Short-circuit dispatch: accelerating virtual machine interpreters on " +
    "embedded processors, ISCA 2016: only its entries for opcodes, whose sizes here are ours. In the paper they share a BTB with those of " +
    "branches, which they may evict; and a hit also saves the instructions of the dispatch, which are counted here as without it. " +
    "One table of bodies: a technique in which an opcode has several bodies is mispredicted when it goes to another one than last time.",
  "opcode",
  (_pc, opcode) => opcode,
);
