// Apple's processors.
import type { Machine } from "./machine.ts";

const MEASUREMENTS = "jia.je, microbenchmarks";

export const APPLE: readonly Machine[] = [
  {
    id: "apple-m1",
    title: "Apple M1 (Firestorm)",
    year: 2020,
    frontEnd: "ittage:rowBits=9+btb:holds=taken:sets=512:ways=2+tage:maxHistory=100+return-stack:depth=50",
    penaltyCycles: 14.5,
    parts: {
      buffer: {
        published: "1024 entries in sets of 2, one cycle; 3 cycles as far as the 192 KB of the instruction cache go",
        confidence: "secondary",
        approximation: "1024 entries; a branch that is not among them is late by the published 2 cycles, wherever its code is",
      },
      indirect: {
        published: "unknown, by some history",
        confidence: "memory",
        approximation: "ITTAGE of 8 KB assumed",
      },
      returns: { published: "50 entries (32 in the small cores, Icestorm)", confidence: "secondary" },
      direction: {
        published:
          "like TAGE (from memory); 100 bits of the targets and 28 bits of the addresses of taken branches, shifted by one at each",
        confidence: "secondary",
        approximation: "TAGE of 52 KB, an assumed size, with up to 100 outcomes instead of these paths",
      },
      penalty: {
        published: "about 13 to 16 cycles; 16 in LLVM for the earlier Cyclone",
        confidence: "memory",
        approximation: "the middle of 13 and 16",
      },
    },
    levels: [{ entries: 1024, cycles: 1, basis: "published", source: MEASUREMENTS }],
    costs: { bubbleCycles: { value: 2, basis: "published", source: `${MEASUREMENTS}: three cycles instead of one` } },
    source: "jia.je, microbenchmarks; Chips and Cheese, articles; penalty from memory",
  },
];
