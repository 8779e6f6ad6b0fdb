// Not processors: the default front ends of simulation tools.
import { type Machine, OUTCOMES_ALONE, unpublished } from "./machine.ts";

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
      "simple-indirect+btb:holds=taken:sets=4096:ways=1:tagBits=16+tournament:localHistories=2048:localBits=11:globalBits=13+return-stack:depth=16",
    penaltyCycles: undefined,
    parts: {
      buffer: { published: "4096 entries with tags of 16 bits", confidence: "primary" },
      indirect: {
        published: "256 sets of 2 with tags of 16 bits, selected by the address, a path of 3 targets and 13 outcomes, folded",
        confidence: "primary",
        approximation:
          "the same, with another source of random numbers for replacement; of programs, conditionals inside of bodies are not modelled",
      },
      returns: { published: "16 entries", confidence: "primary" },
      direction: {
        published:
          "TournamentBP: 2048 local histories, 8192 global counters, 8192 that choose (the default of its out-of-order cores, from memory)",
        confidence: "primary",
        approximation: "the tournament of the Alpha 21264 in these sizes, with its local counters of three bits",
      },
      penalty: unpublished("none: it follows from the pipeline that is simulated"),
    },
    source: "gem5's source code (SimpleBTB, SimpleIndirectPredictor, src/cpu/pred/BranchPredictor.py)",
  },
  {
    id: "champsim",
    title: "ChampSim, what it simulates by default",
    year: undefined,
    frontEnd:
      "target-cache:historyBits=12:addressSkipBits=2:entries=4096+btb:holds=taken:sets=1024:ways=8:skipBits=2+bimodal:entries=16384" +
      "+return-stack:depth=64:callLengths=1024",
    penaltyCycles: undefined,
    parts: {
      buffer: {
        published: "1024 sets of 8, by the address without its two low bits",
        confidence: "primary",
        approximation: "the same, but a conditional that falls through does not count as a use of its entry",
      },
      indirect: {
        published: "4096 targets without tags, selected by address / 4 xor 12 outcomes of conditionals",
        confidence: "primary",
        approximation: `the same; ${OUTCOMES_ALONE}`,
      },
      returns: {
        published: "64 addresses of calls; a table of 1024 learns how long each call is",
        confidence: "primary",
      },
      direction: {
        published: "16384 two-bit counters, selected by address mod 16381",
        confidence: "primary",
        approximation: "the same by the low 14 bits of the address",
      },
      penalty: unpublished("none: it follows from the pipeline that is simulated"),
    },
    source: "ChampSim's source code (champsim_config.json, btb/basic_btb, branch/bimodal)",
  },
  {
    id: "scarab",
    title: "Scarab, what it simulates by default",
    year: undefined,
    frontEnd:
      "target-cache:historyBits=32:newest=high:entries=4096:ways=4:tagBits=32+btb:holds=taken:sets=1024:ways=4+gshare:entries=65536:historyBits=16" +
      "+return-stack:depth=32",
    penaltyCycles: undefined,
    parts: {
      buffer: { published: "4096 entries in sets of 4, LRU, whole tags", confidence: "primary" },
      indirect: {
        published: "4096 targets in sets of 4 with whole tags, by address xor 32 outcomes of conditionals",
        confidence: "primary",
        approximation: `the same; ${OUTCOMES_ALONE}`,
      },
      returns: { published: "32 entries, which wrong paths do not disturb", confidence: "primary" },
      direction: {
        published: "gshare with 16 outcomes",
        confidence: "primary",
        approximation: "65536 counters, selected by the low bits of the address, unshifted",
      },
      penalty: unpublished("none: it follows from the pipeline that is simulated"),
    },
    source: "Scarab's source code (src/bp/bp.param.def, bp_table.def, bp_targ_mech.c)",
  },
];
