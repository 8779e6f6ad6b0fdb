// AMD's processors, from the first Athlon on.
import { type Machine, OUTCOMES_ALONE, unpublished } from "./machine.ts";

const FOG = "A. Fog, The microarchitecture of Intel, AMD and VIA CPUs (from memory)";
const ARTICLES = "Chips and Cheese, articles";
const MEASUREMENTS = "jia.je, microbenchmarks, which quote AMD's documents";
const GUIDE = "AMD's software optimization guide, as LLVM's scheduler model quotes it (penalty)";

const ZEN_4_GUIDE =
  "AMD, Software optimization guide for the Zen 4 microarchitecture, publication 57647, section 2.8.1.2 (as quoted elsewhere)";
const ZEN_4_MEASURED = "microbenchmarks on one Zen 4 server of 3.694 GHz, a virtual machine, November 2026";

const ZEN_4_CALLS = `${ZEN_4_MEASURED}: 4.0 cycles for a call and its return, less an instruction each`;
const ZEN_4_TIMED =
  "two compiled interpreters timed on that server (direct threading by gcc 12.2, tail calls by clang 19.1), native instructions over cycles " +
  "less overrides and mispredictions";

const GUIDES =
  "AMD, Software optimization guides for families 17h and 19h: a bubble where a second level differs from the first, four (17h) or three (19h) " +
  "where the last does (as jia.je quotes them)";

const LAST_TARGET = "the target of last time, in the buffer";

export const AMD: readonly Machine[] = [
  {
    id: "athlon-k7",
    title: "AMD Athlon (K7)",
    year: 1999,
    frontEnd: "btb:holds=taken:sets=512:ways=4+gselect:entries=4096:historyBits=8+return-stack:depth=12",
    penaltyCycles: 10,
    parts: {
      buffer: { published: "2048 entries", confidence: "memory", approximation: "sets of 4, assumed" },
      indirect: { published: LAST_TARGET, confidence: "memory" },
      returns: { published: "12 entries", confidence: "memory" },
      direction: {
        published: "2048 to 4096 two-bit counters, 8 outcomes",
        confidence: "memory",
        approximation: "gselect of 4096 counters: how history and address select one is not published",
      },
      penalty: { published: "10 cycles", confidence: "memory" },
    },
    source: FOG,
  },
  {
    id: "athlon-64",
    title: "AMD Athlon 64 (K8)",
    year: 2003,
    frontEnd: "btb:holds=taken:sets=512:ways=4+gselect:entries=16384:historyBits=8+return-stack:depth=12",
    penaltyCycles: 11.5,
    parts: {
      buffer: { published: "2048 entries", confidence: "memory", approximation: "sets of 4, assumed" },
      indirect: { published: LAST_TARGET, confidence: "memory" },
      returns: { published: "12 entries", confidence: "secondary" },
      direction: {
        published: "16384 counters selected by a global history",
        confidence: "secondary",
        approximation: "gselect with 8 outcomes, as the K7: the length of the history is not published",
      },
      penalty: { published: "11 to 12 cycles", confidence: "memory", approximation: "the middle" },
    },
    source: `${MEASUREMENTS}, and ${ARTICLES} (returns, counters); the rest from memory`,
  },
  {
    id: "k10",
    title: "AMD K10 (Barcelona, Phenom)",
    year: 2007,
    frontEnd:
      "target-cache:historyBits=9:entries=512+btb:holds=taken:sets=512:ways=4+gselect:entries=16384:historyBits=8+return-stack:depth=24",
    penaltyCycles: 12.5,
    parts: {
      buffer: { published: "2048 entries", confidence: "secondary", approximation: "sets of 4, assumed" },
      indirect: {
        published: "an array of 512 targets",
        confidence: "memory",
        approximation: `an untagged target cache selected by 9 outcomes of conditionals xor the address, assumed; ${OUTCOMES_ALONE}`,
      },
      returns: { published: "24 entries", confidence: "memory" },
      direction: unpublished("that of the Athlon 64 assumed: gselect, 16384 counters, 8 outcomes"),
      penalty: { published: "12 to 13 cycles", confidence: "memory", approximation: "the middle" },
    },
    source: `${ARTICLES} (buffer); the rest from memory`,
  },
  {
    id: "bulldozer",
    title: "AMD Bulldozer (and Piledriver)",
    year: 2011,
    frontEnd:
      "target-cache:historyBits=9:entries=512+multi-level-btb:firstSets=128:firstWays=4:secondSets=1024:secondWays=5+perceptron+return-stack:depth=24",
    penaltyCycles: 20,
    parts: {
      buffer: {
        published: "two levels: 512 entries in sets of 4, and 5120 in sets of 5",
        confidence: "secondary",
        approximation: "a new branch enters both levels, which replace on their own: assumed",
      },
      indirect: {
        published: "an array of 512 targets, with history",
        confidence: "memory",
        approximation: `an untagged target cache selected by 9 outcomes of conditionals xor the address, assumed; ${OUTCOMES_ALONE}`,
      },
      returns: { published: "24 entries", confidence: "secondary" },
      direction: {
        published: "something like a perceptron",
        confidence: "memory",
        approximation: "1024 perceptrons of 59 outcomes: sizes are not published",
      },
      penalty: { published: "20 cycles", confidence: "memory" },
    },
    levels: [
      { entries: 512, cycles: 2, basis: "published", source: ARTICLES },
      { entries: 5120, cycles: 5, basis: "published", source: ARTICLES },
    ],
    costs: {
      overrideCycles: {
        value: 3,
        basis: "published",
        source: `${ARTICLES}: two cycles where the first level holds a branch, five where the second does`,
      },
      slowLevelCycles: {
        value: 3,
        basis: "published",
        source: `${ARTICLES}: two cycles where the first level holds a branch, five where the second does`,
      },
    },
    source: `${ARTICLES}, and ${MEASUREMENTS} (buffer, returns); AnandTech, AMD Zen microarchitecture, part 2, 2016 (sets of the buffer); the rest from memory`,
  },
  {
    id: "zen-1",
    title: "AMD Zen",
    year: 2017,
    frontEnd:
      "target-cache:historyBits=9:entries=512+multi-level-btb:firstSets=2:secondSets=64:thirdSets=1024:thirdWays=4+hashed-perceptron+return-stack:depth=32",
    penaltyCycles: 15,
    parts: {
      buffer: {
        published: "three levels: 4 + 4 entries, 256, and 2048 that hold up to two branches each (4096)",
        confidence: "secondary",
        approximation: "8, 256 and 4096 single branches; sets of 4, and that levels replace on their own, are assumed",
      },
      indirect: {
        published: "an array of 512 targets, by a global history",
        confidence: "memory",
        approximation: `an untagged target cache selected by 9 outcomes of conditionals xor the address, assumed; ${OUTCOMES_ALONE}`,
      },
      returns: { published: "32 entries; 31 measured", confidence: "secondary" },
      direction: {
        published: "a hashed perceptron",
        confidence: "memory",
        approximation: "sizes are not published: 16 tables of 4096 weights, up to 232 outcomes",
      },
      penalty: { published: "12 to 18 cycles; 17 in LLVM", confidence: "memory", approximation: "15, the middle" },
    },
    levels: [
      { entries: 8, cycles: 1, basis: "published", source: GUIDES },
      { entries: 256, cycles: 2, basis: "published", source: GUIDES },
      { entries: 4096, cycles: 5, basis: "published", source: GUIDES },
    ],
    costs: {
      overrideCycles: { value: 4, basis: "published", source: GUIDES },
      middleLevelCycles: { value: 1, basis: "published", source: GUIDES },
      slowLevelCycles: { value: 4, basis: "published", source: GUIDES },
    },
    source: `${ARTICLES}, and ${MEASUREMENTS} (buffer, returns); the rest from memory`,
  },
  {
    id: "zen-2",
    title: "AMD Zen 2",
    year: 2019,
    frontEnd:
      "target-cache:historyBits=10:entries=1024+multi-level-btb:firstSets=4:secondSets=128:thirdSets=1024:thirdWays=7+tage+return-stack:depth=32",
    penaltyCycles: 15,
    parts: {
      buffer: {
        published: "three levels: 8 + 8 entries, 512, and 7168",
        confidence: "secondary",
        approximation: "16, 512 and 7168 branches; sets of 4 and 7, and that levels replace on their own, are assumed",
      },
      indirect: {
        published:
          "an array of 1024 targets, at least 128 for one branch; it seems to see nothing but whether conditionals were taken, so loops with " +
          "no other branches than indirect ones are mispredicted",
        confidence: "secondary",
        approximation:
          "an untagged target cache selected by 10 outcomes of conditionals xor the address: how many there are is not published",
      },
      returns: { published: "32 entries", confidence: "memory" },
      direction: {
        published: "a perceptron first, then TAGE",
        confidence: "memory",
        approximation: "TAGE alone, of 52 KB, an assumed size",
      },
      penalty: { published: "12 to 18 cycles", confidence: "memory", approximation: "the middle" },
    },
    levels: [
      { entries: 16, cycles: 1, basis: "published", source: GUIDES },
      { entries: 512, cycles: 2, basis: "published", source: GUIDES },
      { entries: 7168, cycles: 5, basis: "published", source: GUIDES },
    ],
    costs: {
      overrideCycles: { value: 4, basis: "published", source: GUIDES },
      middleLevelCycles: { value: 1, basis: "published", source: GUIDES },
      slowLevelCycles: { value: 4, basis: "published", source: GUIDES },
    },
    source: `${ARTICLES}, and ${MEASUREMENTS} (buffer, indirect branches); the rest from memory`,
  },
  {
    id: "zen-3",
    title: "AMD Zen 3",
    year: 2020,
    frontEnd: "tage-lite:tables=6:rows=256+multi-level-btb:firstSets=256:secondSets=512:secondWays=13+tage+return-stack:depth=32",
    penaltyCycles: 13,
    parts: {
      buffer: {
        published: "two levels: 1024 entries in one cycle, and 6656",
        confidence: "secondary",
        approximation: "sets of 4 and 13, and that levels replace on their own, are assumed",
      },
      indirect: {
        published: "an array of 1536 targets",
        confidence: "memory",
        approximation: "a small ITTAGE, 6 tables of 256 over 512 last targets: algorithm and history are not published",
      },
      returns: { published: "32 entries", confidence: "memory" },
      direction: {
        published: "two levels, the second like TAGE",
        confidence: "memory",
        approximation: "TAGE alone, of 52 KB, an assumed size",
      },
      penalty: { published: "11 to 18 cycles, commonly 13", confidence: "primary" },
    },
    levels: [
      { entries: 1024, cycles: 1, basis: "published", source: GUIDES },
      { entries: 6656, cycles: 4, basis: "published", source: GUIDES },
    ],
    costs: {
      overrideCycles: { value: 3, basis: "published", source: GUIDES },
      slowLevelCycles: { value: 3, basis: "published", source: GUIDES },
    },
    source: `${ARTICLES}, and ${MEASUREMENTS} (buffer); ${GUIDE}; the rest from memory`,
  },
  {
    id: "zen-4",
    title: "AMD Zen 4",
    year: 2022,
    frontEnd:
      "tage-lite:tables=3:rows=1024:minHistory=4:maxHistory=18:history=zen-4+multi-level-btb:firstSets=512:firstWays=3:secondSets=2048" +
      "+tage+return-stack:depth=32",
    penaltyCycles: 18,
    parts: {
      buffer: {
        published: "two levels: 1536 entries of up to two branches each, and 7680; 8192 branches measured",
        confidence: "secondary",
        approximation: "1536 and 8192 single branches; sets of 3 and 4, and that levels replace on their own, are assumed",
      },
      indirect: {
        published:
          "an array of 3072 targets; more than 32 targets of a branch cost no more; measured: paths of 2 to 9 jumps are told apart, " +
          "depending on bits of their addresses",
        confidence: "secondary",
        approximation:
          "a small ITTAGE, 3 tables of 1024 over 512 last targets, which sees paths of 2 to 9 taken branches, but no direct calls and returns, by " +
          "bits 0 to 3 and 6 to 9 of their targets: algorithm, lengths between, bits and kinds are assumed",
      },
      returns: { published: "32 entries, all of them for a thread that runs alone", confidence: "secondary" },
      direction: unpublished("TAGE of 52 KB assumed"),
      penalty: {
        published: "11 to 18 cycles, commonly 13",
        confidence: "primary",
        approximation: "18 for indirect branches and 16 for conditionals, as measured on one server",
      },
    },
    costs: {
      instructionsPerCycle: { value: 3.2, low: 3, high: 3.3, basis: "measured", source: ZEN_4_TIMED },
      callCycles: { value: 1.7, basis: "measured", source: ZEN_4_CALLS },
      returnCycles: { value: 1.7, basis: "measured", source: ZEN_4_CALLS },
      penaltyCycles: { value: 18, low: 17.9, high: 18.5, basis: "measured", source: ZEN_4_MEASURED },
      conditionalPenaltyCycles: { value: 16, basis: "measured", source: ZEN_4_MEASURED },
      overrideCycles: { value: 3.5, low: 3, high: 4, basis: "measured", source: `${ZEN_4_MEASURED}; ${ZEN_4_GUIDE} has three bubbles` },
      slowLevelCycles: { value: 3, basis: "published", source: ZEN_4_GUIDE },
      bubbleCycles: { value: 11, low: 10, high: 12, basis: "measured", source: ZEN_4_MEASURED },
    },
    levels: [
      { entries: 1536, cycles: 1, basis: "measured", source: `${ZEN_4_MEASURED}, 1536 to 2048; ${ZEN_4_GUIDE}` },
      {
        entries: 8192,
        cycles: 4,
        basis: "published",
        source: `${ZEN_4_GUIDE}: 7680 entries, three bubbles; ${ZEN_4_MEASURED}: 8192 branches`,
      },
    ],
    misestimated: {
      technique: "switch",
      why:
        "do not believe the cycles of a switch that gcc compiles, nor speedups over it: gcc places case labels at multiples of 16, and a " +
        "Zen 4's clock took 1.7 times the estimated cycles, of clang's switch 0.9 times (docs/cycles.md)",
    },
    source: `${ARTICLES}, and ${MEASUREMENTS}; ${GUIDE}; ${ZEN_4_GUIDE}; ${ZEN_4_MEASURED}`,
  },
  {
    id: "zen-5",
    title: "AMD Zen 5",
    year: 2024,
    frontEnd:
      "tage-lite:tables=6:rows=512+multi-level-btb:firstSets=4096:firstWays=4:secondSets=2048:secondWays=4:inclusion=exclusive+tage+return-stack:depth=52",
    penaltyCycles: 14,
    parts: {
      buffer: {
        published: "two levels: 16384 entries, and 8192",
        confidence: "secondary",
        approximation: "sets of 4, and that no branch is in both levels, are assumed",
      },
      indirect: {
        published: "an array of 3072 targets",
        confidence: "secondary",
        approximation: "a small ITTAGE, 6 tables of 512 over 512 last targets: algorithm and history are not published",
      },
      returns: { published: "52 entries", confidence: "secondary" },
      direction: {
        published: "TAGE, two branches ahead",
        confidence: "memory",
        approximation: "TAGE of 52 KB, an assumed size; one branch at a time",
      },
      penalty: { published: "about 13 to 15 cycles", confidence: "memory", approximation: "the middle" },
    },
    levels: [
      { entries: 16384, basis: "published", source: ARTICLES },
      { entries: 24576, basis: "published", source: ARTICLES },
    ],
    source: `${ARTICLES}, and ${MEASUREMENTS}; direction and penalty from memory`,
  },
];
