// C24: replication makes code grow, which may or may not cause cache misses.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { VM_PROGRAMS } from "../experiments.ts";
import type { Selection } from "../selection.ts";

const COPIES = "dynamic-replication";
/** Past the first executions of most code. */
const WARM = 50_000;

/** Misses per 1000 native instructions. */
const missRate = (rows: Selection): number => (rows.total(({ icacheMisses }) => icacheMisses) / rows.nativeInstructions) * 1000;
const touched = (rows: Selection): number => rows.total(({ footprint }) => footprint.touchedBytes);

export default defineClaim({
  title: "replication makes code grow, which may or may not cause cache misses",
  quote: "significant code growth, which may [#!vitale:catenation!#] or may not [#!ertl:vm-branch-pldi!#] cause cache misses",
  source: "zaleski",
  place: "section 6.3, Replication",
  evidence: "simulation",
  method:
    "Programs on virtual machines, direct threading and a copy of the body for each instruction that may be copied: distinct bytes of code that execute, and " +
    "misses of an instruction cache of 16 KB, 4 ways, lines of 32 bytes (a Pentium III's, from memory) after 50,000 virtual instructions. They are caused, by limits of ours, in a program with more " +
    "than 1 per 1000 native instructions (about 1 % of the cycles), and hardly in one with less than 0.1. Beside that, mispredictions with 256 entries in the branch target buffer: copied jumps need room there, too.",
  experiments: {
    vm: {
      inputs: VM_PROGRAMS,
      technique: `direct-threading,${COPIES}`,
      predictor: "btb:unbounded,btb:sets=64",
      warmup: WARM,
      icache: "bytes=16384:ways=4:line=32",
    },
  },
  expected: {
    what: "several times the code; cache misses where it outgrows the cache, and hardly any in programs where it does not",
    from: "the sentence itself; Vitale and Abdelrahman, IVME 2004, abstract: bodies overflow the cache",
    confidence: "primary",
  },
  shows: { measure: "code" },
  expectedVerdict: "reproduced",
  judge({ vm }) {
    const [direct, copies] = vm.techniques.map((technique) => vm.where({ technique, predictor: "btb:unbounded" }));
    const growth = touched(copies) / touched(direct);
    const missing = copies.programs.map((program) => missRate(copies.where({ program })));
    const many = missing.filter((misses) => misses > 1).length;
    const hardlyAny = missing.filter((misses) => misses < 0.1).length;
    const before = Math.max(...direct.programs.map((program) => missRate(direct.where({ program }))));
    const rate = (predictor: string): string => percent(vm.where({ technique: COPIES, predictor }).meanRate);
    return {
      verdict: growth < 2 || before > 1 ? "not reproduced" : many > 0 && hardlyAny > 0 ? "reproduced" : "reproduced in part",
      measured:
        `${growth.toFixed(1)} times the code executes; cache misses per 1000 native instructions: ${Math.min(...missing).toFixed(1)} to ` +
        `${Math.max(...missing).toFixed(1)} by program, above 1 in ${many} of ${missing.length}, below 0.1 in ${hardlyAny} (direct threading at most ` +
        `${before.toFixed(2)}); ${rate("btb:sets=64")} of dispatches mispredicted with 256 entries in the buffer, ${rate("btb:unbounded")} without a limit`,
    };
  },
});
