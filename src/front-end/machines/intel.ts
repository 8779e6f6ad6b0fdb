// Intel's processors, from the Pentium MMX on.
import { type Machine, unpublished } from "./machine.ts";

const FOG = "A. Fog, The microarchitecture of Intel, AMD and VIA CPUs (from memory)";
const GOCHMAN =
  "S. Gochman and others, The Intel Pentium M processor: microarchitecture and performance, Intel Technology Journal 7(2), 2003 (from memory)";
const ROHOU = "E. Rohou, B. N. Swamy and A. Seznec, Branch prediction and the performance of interpreters, CGO 2015 (as quoted elsewhere)";
const ARTICLES = "Chips and Cheese, articles";
const MEASUREMENTS = "jia.je, microbenchmarks, which quote Intel's documents";
const LLVM = "LLVM, scheduler models (penalty)";

const LAST_TARGET = "the target of last time, in the buffer";
const PENTIUM_M_DIRECTION =
  "L-TAGE, which also has these three, of 32 Kbit with up to 32 outcomes: its global part is many tables; no sizes are published";

export const INTEL: readonly Machine[] = [
  {
    id: "pentium-mmx",
    title: "Intel Pentium MMX",
    year: 1997,
    frontEnd: "btb:holds=taken:sets=64:ways=4+pap:histories=256:historyBits=4+return-stack:depth=4",
    penaltyCycles: 4.5,
    parts: {
      buffer: { published: "256 entries; sets of 4 or of 16, as sources differ", confidence: "memory", approximation: "sets of 4" },
      indirect: { published: LAST_TARGET, confidence: "memory" },
      returns: { published: "4 entries", confidence: "memory" },
      direction: {
        published: "two levels, local histories of 4 outcomes",
        confidence: "memory",
        approximation: "PAp of 256 histories, untagged and not part of the buffer's entries",
      },
      penalty: { published: "4 to 5 cycles", confidence: "memory", approximation: "the middle" },
    },
    source: FOG,
  },
  {
    id: "celeron-800",
    title: "Intel Celeron-800 (Pentium III; Pentium Pro and II alike)",
    year: 2001,
    frontEnd: "btb:holds=taken:sets=128:ways=4+pap:histories=512:historyBits=4+return-stack:depth=16",
    penaltyCycles: 10,
    parts: {
      buffer: {
        published: "512 entries; sets of 4 (Intel) or of 16 (Fog)",
        confidence: "memory",
        approximation: "sets of 4",
      },
      indirect: { published: LAST_TARGET, confidence: "memory" },
      returns: {
        published: "16 entries (Fog); 4 to 8 in early documents",
        confidence: "memory",
        approximation: "16, where sources differ",
      },
      direction: {
        published: "two levels, a history of 4 outcomes in each entry",
        confidence: "memory",
        approximation: "PAp of 512 histories, untagged and not part of the buffer's entries",
      },
      penalty: {
        published: "10 to 15 cycles, at least about 10; Ertl and Gregg count with about 10",
        confidence: "memory",
        approximation: "10, the figure of papers on interpreters",
      },
    },
    source: `${FOG}; M. A. Ertl and D. Gregg, The structure and performance of efficient interpreters, JILP 5, 2003 (penalty, from memory)`,
  },
  {
    id: "pentium-4-northwood",
    title: "Intel Pentium 4, Northwood",
    year: 2002,
    frontEnd: "btb:holds=taken:sets=1024:ways=4+gshare:entries=65536:historyBits=16+return-stack:depth=16",
    penaltyCycles: 20,
    parts: {
      buffer: {
        published: "4096 entries; another 512 for the trace cache (from memory)",
        confidence: "secondary",
        approximation: "one buffer of 4096; that of the trace cache is left out",
      },
      indirect: { published: LAST_TARGET, confidence: "memory" },
      returns: { published: "16 entries", confidence: "memory" },
      direction: {
        published: "a global history of 16 outcomes",
        confidence: "secondary",
        approximation: "gshare with a counter for each history; how many there are is not published",
      },
      penalty: { published: "about 20 to 24 cycles", confidence: "memory", approximation: "20, the figure of papers on interpreters" },
    },
    source: `${ARTICLES} (main buffer, history), quoting Fog; the rest from memory`,
  },
  {
    id: "pentium-4-prescott",
    title: "Intel Pentium 4, Prescott",
    year: 2004,
    frontEnd:
      "cascaded:firstEntries=4096:entries=512+multi-level-btb:firstSets=512:secondSets=1024+gshare:entries=65536:historyBits=16+return-stack:depth=16",
    penaltyCycles: 30,
    parts: {
      buffer: {
        published: "4096 entries, and about 2000 without a bubble: more than 1024, more than 2048 where branches are dense",
        confidence: "secondary",
        approximation: "sets of 4, and that levels replace on their own, are assumed",
      },
      indirect: {
        published: "by history, taken over from the Pentium M",
        confidence: "memory",
        approximation: "as for the Pentium M: a cascaded predictor with a path of 4 indirect targets and an assumed 512 entries",
      },
      returns: { published: "16 entries", confidence: "memory" },
      direction: {
        published: "recognises patterns 24 outcomes long",
        confidence: "secondary",
        approximation: "gshare with 16 outcomes and 65536 counters, both assumed",
      },
      penalty: { published: "about 30 cycles", confidence: "memory" },
    },
    levels: [
      { entries: 2048, cycles: 1, basis: "published", source: ARTICLES },
      { entries: 4096, basis: "published", source: ARTICLES },
    ],
    source: `${ARTICLES} (buffer, patterns); the rest from memory`,
  },
  {
    id: "pentium-m",
    title: "Intel Pentium M (Banias, Dothan)",
    year: 2003,
    frontEnd:
      "cascaded:firstEntries=2048:entries=512+btb:holds=taken:sets=512:ways=4+l-tage:kilobits=32:loops=64:maxHistory=32+return-stack:depth=16",
    penaltyCycles: 13.5,
    parts: {
      buffer: { published: "about 2048 entries", confidence: "memory", approximation: "sets of 4, assumed" },
      indirect: {
        published: "tagged, selected by a global history: the first of its kind at Intel",
        confidence: "memory",
        approximation: "a cascaded predictor: last targets, then a path of 4 indirect targets, with an assumed 512 tagged entries",
      },
      returns: { published: "16 entries", confidence: "memory" },
      direction: {
        published: "bimodal, global history, and a loop detector",
        confidence: "memory",
        approximation: PENTIUM_M_DIRECTION,
      },
      penalty: { published: "12 to 15 cycles", confidence: "memory", approximation: "the middle" },
    },
    source: GOCHMAN,
  },
  {
    id: "core-2",
    title: "Intel Core 2 (Merom)",
    year: 2006,
    frontEnd:
      "cascaded:firstEntries=2048:entries=512+multi-level-btb:firstSets=1:secondSets=512+l-tage:kilobits=32:loops=64:maxHistory=32+return-stack:depth=16",
    penaltyCycles: 15,
    parts: {
      buffer: {
        published: "about 2048 entries, sets of 4 (from memory); 4 branches without a bubble",
        confidence: "secondary",
        approximation: "a first level of one set; that levels replace on their own is assumed",
      },
      indirect: {
        published: "as in the Pentium M",
        confidence: "memory",
        approximation: "a cascaded predictor with a path of 4 indirect targets and an assumed 512 entries",
      },
      returns: { published: "16 entries", confidence: "memory" },
      direction: {
        published: "bimodal, global history, and a loop detector",
        confidence: "memory",
        approximation: PENTIUM_M_DIRECTION,
      },
      penalty: { published: "15 cycles", confidence: "memory" },
    },
    levels: [
      { entries: 4, cycles: 1, basis: "published", source: ARTICLES },
      { entries: 2048, basis: "published", source: ARTICLES },
    ],
    source: `${ARTICLES} (branches without a bubble); the rest from memory`,
  },
  {
    id: "nehalem",
    title: "Intel Nehalem",
    year: 2008,
    frontEnd:
      "cascaded:firstEntries=2048:targets=2:entries=512+btb:holds=taken:sets=512:ways=4" +
      "+tage:tables=4:rows=1024:maxHistory=18+return-stack:depth=16",
    penaltyCycles: 17,
    parts: {
      buffer: { published: "2048 entries", confidence: "secondary", approximation: "sets of 4, assumed" },
      indirect: {
        published: "by history, weak on long patterns (from memory); 12.8 misses per 1000 instructions of CPython's switch",
        confidence: "secondary",
        approximation: "a cascaded predictor with a path of 2 indirect targets and 512 entries, all assumed",
      },
      returns: { published: "16 entries, renamed", confidence: "memory", approximation: "not renamed: a trace has no wrong path to undo" },
      direction: {
        published: "two levels, perhaps like TAGE, a global history of 18 outcomes",
        confidence: "memory",
        approximation: "TAGE with up to 18 outcomes in four tables of 1024 entries, an assumed size",
      },
      penalty: { published: "17 cycles", confidence: "memory" },
    },
    source: `M. Godbolt, through ${ARTICLES} (buffer); ${ROHOU}; ${FOG}`,
  },
  {
    id: "sandy-bridge",
    title: "Intel Sandy Bridge",
    year: 2011,
    frontEnd: "cascaded:firstEntries=4096:entries=128+multi-level-btb:firstSets=2:secondSets=1024+gshare+return-stack:depth=16",
    penaltyCycles: 16,
    parts: {
      buffer: {
        published: "4096 entries in 2 cycles; 8 branches without a bubble",
        confidence: "secondary",
        approximation: "sets of 4, and that levels replace on their own, are assumed",
      },
      indirect: {
        published: "tracks 128 targets, at most 24 of one branch",
        confidence: "secondary",
        approximation:
          "a cascaded predictor with 128 entries, each for one path of 4 indirect targets; the algorithm is not published, and no branch is held to 24",
      },
      returns: { published: "16 entries", confidence: "secondary" },
      direction: {
        published: "one-bit counters that share their confidence",
        confidence: "secondary",
        approximation: "gshare with two-bit counters and 16 outcomes: history and sizes are not published",
      },
      penalty: { published: "16 cycles; from 15 on out of the micro-operation cache (secondary source)", confidence: "primary" },
    },
    levels: [
      { entries: 8, cycles: 1, basis: "published", source: ARTICLES },
      { entries: 4096, cycles: 2, basis: "published", source: ARTICLES },
    ],
    costs: { slowLevelCycles: { value: 1, basis: "published", source: ARTICLES } },
    source: `${ARTICLES}; ${LLVM}`,
  },
  {
    id: "haswell",
    title: "Intel Haswell",
    year: 2013,
    frontEnd: "ittage:rowBits=9+multi-level-btb:firstSets=32:secondSets=1024+tage+return-stack:depth=16",
    penaltyCycles: 16,
    parts: {
      buffer: {
        published: "4096 entries, and 128 without a bubble",
        confidence: "secondary",
        approximation: "sets of 4, and that levels replace on their own, are assumed",
      },
      indirect: {
        published: "by history, like ITTAGE (from memory); 1.4 misses per 1000 instructions of CPython's switch",
        confidence: "secondary",
        approximation: "ITTAGE of 8 KB: algorithm and size are not published",
      },
      returns: { published: "16 entries", confidence: "secondary" },
      direction: unpublished("TAGE of 52 KB assumed"),
      penalty: { published: "16 cycles", confidence: "primary" },
    },
    levels: [
      { entries: 128, cycles: 1, basis: "published", source: ARTICLES },
      { entries: 4096, basis: "published", source: ARTICLES },
    ],
    source: `${ARTICLES}; ${ROHOU}; ${LLVM}`,
  },
  {
    id: "skylake",
    title: "Intel Skylake",
    year: 2015,
    frontEnd: "ittage:rowBits=9+multi-level-btb:firstSets=32:secondSets=1024+tage+return-stack:depth=16:underflow=indirect",
    penaltyCycles: 17,
    parts: {
      buffer: {
        published: "4096 entries with a bubble of one cycle, and 128 without",
        confidence: "secondary",
        approximation: "sets of 4, and that levels replace on their own, are assumed",
      },
      indirect: {
        published: "as Haswell's",
        confidence: "memory",
        approximation: "ITTAGE of 8 KB: algorithm and size are not published",
      },
      returns: { published: "16 entries (from memory); on underflow the indirect predictor answers", confidence: "secondary" },
      direction: unpublished("TAGE of 52 KB assumed"),
      penalty: {
        published: "14 cycles (LLVM); 16 to 20 measured",
        confidence: "memory",
        approximation: "17, the middle of 14 and 20",
      },
    },
    levels: [
      { entries: 128, cycles: 1, basis: "published", source: ARTICLES },
      { entries: 4096, cycles: 2, basis: "published", source: ARTICLES },
    ],
    costs: { slowLevelCycles: { value: 1, basis: "published", source: ARTICLES } },
    source: `${ARTICLES}; LLVM, scheduler models (penalty, from memory)`,
  },
  {
    id: "golden-cove",
    title: "Intel Golden Cove (and Raptor Cove)",
    year: 2021,
    frontEnd:
      "tage-lite:tables=3:rows=1024:baseRows=8192:minHistory=68:maxHistory=388:history=golden-cove+multi-level-btb:firstSets=32:secondSets=2048:secondWays=6" +
      "+tage:maxHistory=388+return-stack:depth=20",
    penaltyCycles: 17,
    parts: {
      buffer: {
        published: "three levels: 128 entries without a bubble, 12288 in the last (from memory)",
        confidence: "secondary",
        approximation:
          "the middle level is left out, whose size is not published; sets of 4 and 6, and that levels replace on their own, are assumed",
      },
      indirect: {
        published:
          "3 tagged tables, 2 ways each, behind the buffer; they see 68, 132 and 388 bits of history: 34, 66 and 194 taken branches; " +
          "512 sets in a table (from memory)",
        confidence: "primary",
        approximation:
          "a small ITTAGE: 3 tables of 1024 without ways over 8192 last targets; they see 68, 162 and 388 bits, with the published footprint of " +
          "two bits and 16 address bits for every taken branch",
      },
      returns: { published: "20 entries measured; another measurement saw no sharp edge", confidence: "secondary" },
      direction: {
        published: "388 bits of path: every taken branch shifts by two and adds 16 bits of its address and target",
        confidence: "secondary",
        approximation: "TAGE of 52 KB with up to 388 outcomes instead of that path; its tables are assumed",
      },
      penalty: { published: "17 cycles (Intel); 14 (LLVM)", confidence: "memory", approximation: "17, where sources differ" },
    },
    levels: [
      { entries: 128, cycles: 1, basis: "published", source: ARTICLES },
      { entries: 12288, basis: "published", source: "Intel, from memory" },
    ],
    source:
      "L. Li, H. Yavarzadeh and D. Tullsen, Indirector, USENIX Security 2024, its artifact (tables of the indirect predictor); " +
      `${MEASUREMENTS} (returns); ${ARTICLES}; penalty from memory`,
  },
];
