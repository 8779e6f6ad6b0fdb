// PowerPC and POWER: no branch target buffers in the usual sense; targets come with the decoded instructions.
import { type Machine, OUTCOMES_ALONE } from "./machine.ts";

export const POWER: readonly Machine[] = [
  {
    id: "powerpc-7410",
    title: "PowerPC 7400 and 7410 (G4)",
    year: 1999,
    frontEnd: "bimodal:entries=512+no-return-stack",
    penaltyCycles: 5,
    indirectStallCycles: 5,
    parts: {
      buffer: {
        published: "64 entries of target instructions, for direct and conditional branches",
        confidence: "memory",
        approximation: "left out: no taken branch costs a bubble",
      },
      indirect: {
        published: "not predicted: they stall until the count register is known",
        confidence: "primary",
        approximation: "a stall of 5 cycles, assumed, whatever other work hides of it",
      },
      returns: {
        published: "not predicted (in the 7450: 8 entries)",
        confidence: "memory",
        approximation: "not modelled: a return is neither mispredicted nor does it stall",
      },
      direction: { published: "512 two-bit counters", confidence: "memory" },
      penalty: { published: "4 to 6 cycles", confidence: "memory", approximation: "the middle" },
    },
    source:
      "M. Zaleski's dissertation (that indirect branches stall); the figures from memory; how long they stall is assumed, and near the penalty",
  },
  {
    id: "powerpc-970",
    title: "PowerPC 970 (G5)",
    year: 2003,
    frontEnd: "btb:sets=8:ways=4+tournament:localHistories=16384:localBits=1:globalBits=14+return-stack:depth=16",
    penaltyCycles: 12.5,
    parts: {
      buffer: {
        published: "none: targets come from decoding",
        confidence: "memory",
        approximation: "none either, and what decoding costs at each taken branch is left out",
      },
      indirect: {
        published: "a count cache of 32 entries, the target of last time",
        confidence: "memory",
        approximation: "a BTB of 32 entries for indirect branches alone; its sets of 4 are assumed",
      },
      returns: { published: "16 entries", confidence: "memory" },
      direction: {
        published: "16384 local and 16384 global one-bit entries, 11 outcomes of history, 16384 selectors",
        confidence: "memory",
        approximation: "a tournament of 16384 last outcomes and 16384 two-bit counters selected by 14 outcomes without the address",
      },
      penalty: { published: "12 to 13 cycles and more", confidence: "memory", approximation: "the middle of 12 and 13" },
    },
    source: "IBM's documents, from memory",
  },
  {
    id: "power8",
    title: "IBM POWER8",
    year: 2014,
    frontEnd: "target-cache:historyBits=9:entries=512+tournament:localHistories=16384:localBits=1:globalBits=14+return-stack:depth=32",
    penaltyCycles: 16,
    parts: {
      buffer: {
        published: "none: 3 cycles to scan the instructions that were fetched",
        confidence: "secondary",
        approximation: "none either, and those cycles at each taken branch are left out",
      },
      indirect: {
        published:
          "two count caches with two-bit confidence, and two-bit counters that choose: 256 entries by the address, 512 by address xor global history",
        confidence: "secondary",
        approximation: `the second cache alone, 9 outcomes of conditionals as its history, no confidence and no choice; ${OUTCOMES_ALONE}`,
      },
      returns: { published: "32 entries, for a thread that runs alone", confidence: "secondary" },
      direction: {
        published: "16384 local entries, 16384 global ones, 16384 selectors; 21 bits of global history",
        confidence: "secondary",
        approximation: "a tournament of 16384 last outcomes and 16384 two-bit counters selected by 14 outcomes without the address",
      },
      penalty: { published: "16 cycles", confidence: "primary" },
    },
    source: "LLVM, scheduler models (penalty); the rest from secondary sources",
  },
];
