// T-Head's RISC-V designs.
import { type Machine, OUTCOMES_ALONE, unpublished } from "./machine.ts";

export const XUANTIE: readonly Machine[] = [
  {
    id: "xuantie-c910",
    title: "XuanTie C910",
    year: 2019,
    frontEnd: "target-cache:historyBits=8:entries=256+multi-level-btb:firstSets=4:secondSets=256+gshare+return-stack:depth=12",
    penaltyCycles: undefined,
    parts: {
      buffer: {
        published: "two levels: 16 entries, and 1024 in sets of 4",
        confidence: "secondary",
        approximation: "sets of 4 in the first, and that levels replace on their own, are assumed",
      },
      indirect: {
        published: "an array of 256 targets",
        confidence: "secondary",
        approximation: `an untagged target cache selected by 8 outcomes of conditionals xor the address, assumed; ${OUTCOMES_ALONE}`,
      },
      returns: { published: "12 entries", confidence: "secondary" },
      direction: {
        published: "bi-mode, 22 outcomes",
        confidence: "secondary",
        approximation:
          "gshare with 65536 counters and 16 outcomes; no table for branches that lean one way apart from those that lean the other",
      },
      penalty: unpublished("none assumed: --penalty sets it"),
    },
    levels: [
      { entries: 16, basis: "published", source: "secondary sources" },
      { entries: 1024, basis: "published", source: "secondary sources" },
    ],
    source: "secondary sources",
  },
];
