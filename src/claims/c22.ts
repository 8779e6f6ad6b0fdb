// C22: the context problem: where a dispatch goes depends on the virtual address, and hardly on the branch's own.
import { percent } from "./bands.ts";
import { defineClaim } from "./claim.ts";
import { everyProgram, VM_PROGRAMS } from "./experiments.ts";
import type { Selection } from "./selection.ts";

const INSTANCES = "dynamic-replication:relocatable=all";

export default defineClaim({
  title: "destinations correlate with the virtual program counter, not with the hardware's",
  quote: "not correlated with the hardware pc. Instead, its destination is correlated to the vPC",
  source: "zaleski",
  place: "section 4, The Context Problem",
  method:
    "Programs on virtual machines. The same rule, last target, asked with the branch's address (an unbounded branch target buffer) and with the virtual " +
    "address of the dispatching instruction (oracle); and a body for each instruction, where both addresses say the same.",
  experiments: { vm: { inputs: VM_PROGRAMS, technique: `switch,direct-threading,${INSTANCES}`, predictor: "btb:unbounded,oracle" } },
  expected: {
    what: "by virtual address few mispredictions, whatever the technique; with a body for each instruction the buffer is the oracle",
    from: "the sentence itself",
    confidence: "primary",
  },
  expectedVerdict: "reproduced",
  judge({ vm }) {
    const of = (technique: string, predictor: string): Selection => vm.where({ technique, predictor });
    const misses = (program: string, technique: string, predictor: string): number =>
      of(technique, predictor).where({ program }).mispredictions;
    const whateverSite = everyProgram(vm, (p) => misses(p, "switch", "oracle") === misses(p, "direct-threading", "oracle"));
    const sameAddress = everyProgram(vm, (p) => misses(p, INSTANCES, "btb:unbounded") === misses(p, INSTANCES, "oracle"));
    const oracle = of("direct-threading", "oracle");
    const explains = oracle.meanRate < of("direct-threading", "btb:unbounded").meanRate / 4;
    const rate = (technique: string): string => percent(of(technique, "btb:unbounded").meanRate);
    return {
      verdict: !explains ? "not reproduced" : whateverSite && sameAddress ? "reproduced" : "reproduced in part",
      measured:
        `mispredicted by the branch's address: switch ${rate("switch")}, direct threading ${rate("direct-threading")}; by the virtual address: ` +
        `${percent(oracle.meanRate)}, ${whateverSite ? "the same" : "not the same"} for both; a body for each instruction: ${rate(INSTANCES)} by ` +
        `${sameAddress ? "either" : "the first"} address (more, because two places of one opcode are two targets then)`,
    };
  },
});
