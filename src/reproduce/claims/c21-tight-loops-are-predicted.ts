// C21: a loop of unique instructions is predicted, one with duplicates may not be.
import { defineClaim } from "../claim.ts";
import { LOOP_WARMUP, ofLoop, perIteration } from "../experiments.ts";
import type { Selection } from "../selection.ts";

const UNIQUE = "a b c d e f";
const ONE_TWICE = "A B A GOTO";
/** Every instruction occurs twice, followed by a different one each time. */
const ALL_TWICE = "A A B B";

export default defineClaim({
  title: "a tight loop of unique instructions is predicted; duplicates may spoil it all",
  quote: "if the sequence contains duplicate virtual instructions, the BTB may mispredict all of them",
  source: "zaleski",
  place: "section 4, The Context Problem",
  evidence: "law",
  method: "Three loops in their steady state, direct threading and switch, an unbounded branch target buffer: no duplicates, one, all.",
  experiments: {
    loops: {
      inputs: [UNIQUE, ONE_TWICE, ALL_TWICE],
      technique: "direct-threading,switch",
      predictor: "btb:unbounded",
      warmup: LOOP_WARMUP,
    },
  },
  expected: {
    what: "threaded code: none of 6, 2 of 4 (the dispatches from the duplicate), and 4 of 4; switch: 6 of 6 even without duplicates",
    from: "worked out by hand",
    confidence: "memory",
  },
  shows: { measure: "rate", experiment: "loops" },
  expectedVerdict: "by construction",
  judge({ loops }) {
    const of = (program: string, technique = "direct-threading"): Selection => loops.where({ program, technique });
    const unique = perIteration(of(UNIQUE)) === 0;
    const some = perIteration(of(ONE_TWICE)) > 0;
    const all = perIteration(of(ALL_TWICE)) === 4;
    return {
      verdict: unique && some && all ? "by construction" : unique && some ? "reproduced in part" : "not reproduced",
      measured:
        `mispredicted per iteration with direct threading: ${[UNIQUE, ONE_TWICE, ALL_TWICE].map((loop) => `${loop}: ${ofLoop(of(loop))}`).join("; ")}; ` +
        `with switch ${UNIQUE}: ${ofLoop(of(UNIQUE, "switch"))}`,
    };
  },
});
