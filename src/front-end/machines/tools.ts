// Not processors: the default front ends of simulation tools.
import { type Machine, unpublished } from "./machine.ts";

export const TOOLS: readonly Machine[] = [
  {
    id: "cachegrind",
    title: "Cachegrind (Valgrind)",
    year: undefined,
    frontEnd: "btb:sets=512:ways=1:tagBits=0+gshare:entries=16384:historyBits=14+no-return-stack",
    penaltyCycles: undefined,
    parts: {
      buffer: unpublished("none: the tool counts no bubbles"),
      indirect: { published: "512 targets of last time, selected by the low 9 bits of the address, untagged", confidence: "memory" },
      returns: unpublished("not modelled: nothing says how the tool would predict them"),
      direction: {
        published: "16384 two-bit counters, selected by about address xor 14 outcomes",
        confidence: "memory",
        approximation: "gshare of that size: the tool mixes address and history in its own way",
      },
      penalty: unpublished("none: the tool counts no cycles"),
    },
    source: "Valgrind's source code, from memory",
  },
  {
    id: "gem5",
    title: "gem5, what it simulates by default",
    year: undefined,
    frontEnd:
      "two-level:targets=3:entries=512:ways=2:tagBits=16+btb:holds=taken:sets=4096:ways=1:tagBits=16+tournament+return-stack:depth=16",
    penaltyCycles: undefined,
    parts: {
      buffer: { published: "4096 entries with tags of 16 bits", confidence: "primary" },
      indirect: {
        published: "256 sets of 2 with tags of 16 bits, selected by the address, a path of 3 targets and 13 outcomes, folded",
        confidence: "primary",
        approximation: "a two-level predictor of 256 sets of 2, by a hash of address and path; outcomes of conditionals are left out",
      },
      returns: { published: "16 entries", confidence: "primary" },
      direction: unpublished("the tournament of the Alpha 21264 assumed"),
      penalty: unpublished("none: it follows from the pipeline that is simulated"),
    },
    source: "gem5's source code (SimpleBTB, SimpleIndirectPredictor)",
  },
];
