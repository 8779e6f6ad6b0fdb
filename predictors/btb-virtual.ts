// A branch target buffer that is looked up with the address of the virtual instruction in place of the branch's: every virtual
// instruction has an entry of its own, as if its code had been replicated for it.
import { defineKeyedBuffer } from "../src/models/keyed-buffer.ts";

export default defineKeyedBuffer(
  "BTB keyed by virtual address",
  "The idea is in M. A. Ertl and D. Gregg, The structure and performance of efficient interpreters, JILP 5, 2003 (from memory): tell the " +
    "processor the virtual program counter. The key is the address of the instruction that executes the dispatch, so that a virtual branch " +
    "that goes elsewhere than last time is mispredicted, and the buffer, whose size is ours, holds as many virtual instructions as it has entries. " +
    "Without limits it is the lab's oracle.",
  "virtualAddress",
  (_pc, address) => address,
);
