// C20: the two iloads of c = a + b + 1 share a branch, which is therefore mispredicted.
import { defineClaim } from "../claim.ts";
import { LOOP_WARMUP, ofLoop, perIteration } from "../experiments.ts";
import type { Selection } from "../selection.ts";

const EXAMPLE = "iload iload iconst iadd iadd istore goto";
/** The same with a body of its own for each iload. */
const APART = "iload1 iload2 iconst iadd iadd istore goto";

export default defineClaim({
  title: "two iloads, one jump: the second execution is mispredicted",
  quote: "the hardware will likely mispredict the second execution of the dispatch branch",
  source: "zaleski",
  place: "section 4, The Context Problem",
  evidence: "law",
  method:
    "The statement c = a + b + 1 as a loop, in its steady state, with an unbounded branch target buffer; and the same loop with a body for each iload, " +
    "so that the difference is theirs.",
  experiments: {
    loops: {
      inputs: [EXAMPLE, APART],
      technique: "switch,direct-threading,dynamic-replication",
      predictor: "btb:unbounded",
      warmup: LOOP_WARMUP,
    },
  },
  expected: {
    what: "5 of 7 with switch, 4 of 7 with threaded code, 2 of these at the iloads, and none with a site per instance",
    from: "worked out by hand",
    confidence: "memory",
  },
  shows: { measure: "rate", experiment: "loops" },
  expectedVerdict: "by construction",
  judge({ loops }) {
    const of = (program: string, technique: string): Selection => loops.where({ program, technique });
    const direct = of(EXAMPLE, "direct-threading");
    const atLoads = perIteration(direct) - perIteration(of(APART, "direct-threading"));
    const instances = of(EXAMPLE, "dynamic-replication");
    const asExpected = perIteration(of(EXAMPLE, "switch")) === 5 && perIteration(direct) === 4 && perIteration(instances) === 0;
    return {
      verdict: atLoads !== 2 ? "not reproduced" : asExpected ? "by construction" : "reproduced in part",
      measured:
        `per iteration: switch ${ofLoop(of(EXAMPLE, "switch"))}, direct threading ${ofLoop(direct)}, ${atLoads} of them at the iloads ` +
        `(not only the second, once it is a loop), a site per instance ${ofLoop(instances)}`,
    };
  },
});
