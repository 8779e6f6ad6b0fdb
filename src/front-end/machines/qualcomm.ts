// Qualcomm's own cores.
import { type Machine, unpublished } from "./machine.ts";

export const QUALCOMM: readonly Machine[] = [
  {
    id: "oryon",
    title: "Qualcomm Oryon",
    year: 2024,
    frontEnd:
      "tage-lite:tables=6:rows=1024:baseRows=1024+btb:holds=taken:sets=1024:ways=4+tage:tables=9:rows=4096:baseRows=32768+return-stack:depth=16",
    penaltyCycles: 13,
    parts: {
      buffer: unpublished("4096 entries in sets of 4 assumed"),
      indirect: {
        published: "40 KB",
        confidence: "secondary",
        approximation: "a small ITTAGE of 40 KB, 6 tables of 1024 over 1024 last targets: the algorithm is not published",
      },
      returns: unpublished("16 entries assumed"),
      direction: {
        published: "80 KB",
        confidence: "secondary",
        approximation: "TAGE of 80 KB, 9 tables of 4096: the algorithm is not published",
      },
      penalty: { published: "about 13 cycles", confidence: "memory" },
    },
    source: "Chips and Cheese, articles (sizes); penalty from memory",
  },
];
