// Arm's own designs, small cores and large ones, as others build them.
import { type Machine, OUTCOMES_ALONE, unpublished } from "./machine.ts";

const ARTICLES = "Chips and Cheese, articles";
const MEASUREMENTS = "jia.je, microbenchmarks, which quote Arm's documents";

export const ARM: readonly Machine[] = [
  {
    id: "cortex-a53",
    title: "Arm Cortex-A53",
    year: 2012,
    frontEnd:
      "target-cache:historyBits=8:entries=256+btb:holds=taken:sets=64:ways=4+gshare:entries=4096:historyBits=12+return-stack:depth=8",
    penaltyCycles: 7.5,
    parts: {
      buffer: { published: "small", confidence: "memory", approximation: "256 entries in sets of 4, assumed" },
      indirect: {
        published: "an array of 256 targets; about 2 targets of each of 64 branches (from memory)",
        confidence: "secondary",
        approximation: `an untagged target cache selected by 8 outcomes of conditionals xor the address, assumed; ${OUTCOMES_ALONE}`,
      },
      returns: { published: "8 entries", confidence: "secondary" },
      direction: {
        published: "3072 entries selected by a global history",
        confidence: "secondary",
        approximation: "gshare of 4096 counters, 12 outcomes: the length of the history is not published",
      },
      penalty: { published: "7 to 8 cycles", confidence: "memory", approximation: "the middle" },
    },
    source: `Arm's technical reference manual, as quoted by ${ARTICLES}; penalty from memory`,
  },
  {
    id: "cortex-a72",
    title: "Arm Cortex-A72",
    year: 2015,
    frontEnd: "target-cache:historyBits=8:entries=256+multi-level-btb:firstSets=16:secondSets=1024+gshare+return-stack:depth=31",
    penaltyCycles: 15,
    parts: {
      buffer: {
        published: "two levels: 64 entries, and 2048 to 4096",
        confidence: "memory",
        approximation: "4096 in the second, where 2048 to 4096 are published; sets of 4, and that levels replace on their own, are assumed",
      },
      indirect: {
        published:
          "256 targets: 2 of each of 128 branches, at least 16 of one; weak even on 4 branches of 4 targets that outcomes of conditionals do not foretell",
        confidence: "secondary",
        approximation: `an untagged target cache selected by an assumed 8 outcomes of conditionals xor the address; ${OUTCOMES_ALONE}`,
      },
      returns: { published: "31 entries", confidence: "secondary" },
      direction: unpublished("gshare assumed: 65536 counters, 16 outcomes"),
      penalty: { published: "15 cycles", confidence: "memory" },
    },
    levels: [
      { entries: 64, basis: "published", source: ARTICLES },
      { entries: 4096, basis: "published", source: ARTICLES },
    ],
    source: `${ARTICLES}; penalty and buffer from memory`,
  },
  {
    id: "neoverse-n1",
    title: "Arm Neoverse N1",
    year: 2019,
    frontEnd:
      "tage-lite:tables=4:rows=1024+multi-level-btb:firstSets=4:secondSets=16:thirdSets=1024:thirdWays=6+tage+return-stack:depth=16",
    penaltyCycles: 11,
    parts: {
      buffer: {
        published: "three levels: 16 entries, 64, and 6144 (1024 sets of 3, two branches each)",
        confidence: "secondary",
        approximation: "16, 64 and 6144 single branches; sets of 4 in the first two, and that levels replace on their own, are assumed",
      },
      indirect: {
        published: "at least 4096 targets: 8 of each of 512 branches",
        confidence: "secondary",
        approximation: "a small ITTAGE, 4 tables of 1024 over 512 last targets: the algorithm is not published",
      },
      returns: { published: "about 16 entries", confidence: "memory" },
      direction: unpublished("TAGE of 52 KB assumed"),
      penalty: { published: "11 cycles at least", confidence: "secondary" },
    },
    levels: [
      { entries: 16, basis: "published", source: ARTICLES },
      { entries: 64, basis: "published", source: ARTICLES },
      { entries: 6144, basis: "published", source: ARTICLES },
    ],
    source: `${ARTICLES}, and ${MEASUREMENTS}; returns from memory`,
  },
  {
    id: "neoverse-v1",
    title: "Arm Neoverse V1 (N2 alike)",
    year: 2020,
    frontEnd: "tage-lite:tables=4:rows=1024+multi-level-btb:firstSets=32:firstWays=3:secondSets=2048+tage+return-stack:depth=16",
    penaltyCycles: 11,
    parts: {
      buffer: {
        published: "two levels: 96 entries (N2: 64), and 8192",
        confidence: "secondary",
        approximation: "sets of 3 and 4, and that levels replace on their own, are assumed",
      },
      indirect: unpublished("that of the Neoverse N1 assumed: a small ITTAGE, 4 tables of 1024 over 512 last targets"),
      returns: unpublished("16 entries assumed, as the Neoverse N1"),
      direction: unpublished("TAGE of 52 KB assumed"),
      penalty: { published: "about 11 cycles", confidence: "memory" },
    },
    levels: [
      { entries: 96, basis: "published", source: ARTICLES },
      { entries: 8192, basis: "published", source: ARTICLES },
    ],
    source: `${ARTICLES}, and ${MEASUREMENTS}; penalty from memory`,
  },
  {
    id: "cortex-a710",
    title: "Arm Cortex-A710",
    year: 2021,
    frontEnd:
      "tage-lite:tables=4:rows=1024+multi-level-btb:firstSets=512:secondSets=2048:secondWays=5+tage+return-stack:depth=14:underflow=indirect",
    penaltyCycles: 10,
    parts: {
      buffer: {
        published: "two levels: 2048 entries, and 10240",
        confidence: "secondary",
        approximation: "sets of 4 and 5, and that levels replace on their own, are assumed",
      },
      indirect: {
        published: "4096 targets, at most 64 of one branch",
        confidence: "secondary",
        approximation:
          "a small ITTAGE, 4 tables of 1024 over 512 last targets: the algorithm is not published, and no branch is held to 64",
      },
      returns: { published: "14 entries; on underflow the indirect predictor answers", confidence: "secondary" },
      direction: unpublished("TAGE of 52 KB assumed"),
      penalty: { published: "about 10 cycles", confidence: "memory" },
    },
    levels: [
      { entries: 2048, basis: "published", source: ARTICLES },
      { entries: 10240, basis: "published", source: ARTICLES },
    ],
    source: `${ARTICLES}; penalty from memory`,
  },
];
