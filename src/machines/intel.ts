// Intel's processors, from the Pentium MMX on.
import type { Machine } from "./machine.ts";

export const INTEL: readonly Machine[] = [
  {
    id: "haswell",
    title: "Intel Haswell",
    year: 2013,
    frontEnd: "ittage:rowBits=9+tage+btb:holds=taken:sets=1024:ways=4+return-stack:underflow=indirect",
    penaltyCycles: 16,
    parts: {
      buffer: {
        published: "128 entries without a bubble, and 4096",
        confidence: "secondary",
        approximation: "one buffer of 1024 sets of 4; the small one is not modelled",
      },
      indirect: {
        published: "strong, by history; behaves like ITTAGE",
        confidence: "secondary",
        approximation: "ITTAGE of 8 KB",
      },
      returns: { published: "16 entries", confidence: "secondary" },
      direction: { published: "nothing", confidence: "unpublished", approximation: "TAGE of 64 KB" },
      penalty: { published: "16 cycles", confidence: "primary" },
    },
    source: "…",
  },
];
