// C56: handlers of conditional branches with a dispatch on either side are predicted much better than with one.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { WASM_PROGRAMS } from "../experiments.ts";

/** A conditional move picks where to go, and one jump goes there. */
const ONE = "direct-threading";
/** A native branch, and a jump on either side of it. */
const TWO = "direct-threading:conditional=two-exits";
/** "Dramatically": a fifth fewer, our own limit. */
const MUCH = 0.2;

export default defineClaim({
  title: "conditional branches with two dispatches are predicted much better than with one",
  quote: "This dramatically improves branch prediction.",
  source: "wasm",
  place: "Robbepop, wasmi-labs/wasmi, pull request 2027, 10 August 2026",
  evidence: "simulation",
  wouldDecide: "clock",
  method:
    "The lab's WebAssembly programs, in place (wasmi's compare and branch are one instruction), direct threading whose conditionals hold a conditional move, or a native branch with a " +
    "dispatch on either side: mispredictions of all kinds, those of the native branch included. A branch target buffer, two targets of history, ITTAGE of 64 KB, and " +
    "a model of the Apple M1 (an approximation; it was measured on an M2 Pro). Much: at least a fifth fewer on each.",
  experiments: {
    predictors: { inputs: WASM_PROGRAMS, technique: `${ONE},${TWO}`, predictor: "btb,two-level:targets=2,ittage" },
    machine: { inputs: WASM_PROGRAMS, technique: `${ONE},${TWO}`, machine: "apple-m1" },
  },
  expected: { what: "far fewer mispredictions, without a figure", from: "the sentence itself", confidence: "primary" },
  shows: { measure: "misses", kind: "all" },
  expectedVerdict: "not reproduced",
  judge({ predictors, machine }) {
    const found = [predictors, machine].flatMap((rows) =>
      rows.predictors.map((predictor) => {
        const of = (technique: string, kind: "all" | "dispatch"): number => rows.where({ technique, predictor, kind }).mispredictions;
        const [all, dispatches] = (["all", "dispatch"] as const).map((kind) => 1 - of(TWO, kind) / of(ONE, kind));
        return {
          fewer: all,
          text: `${predictor} ${percent(all)} (dispatches alone ${percent(dispatches)})`,
        };
      }),
    );
    const much = found.filter(({ fewer }) => fewer >= MUCH).length;
    return {
      verdict: much === found.length ? "reproduced" : much > 0 ? "depends on the predictor" : "not reproduced",
      measured:
        `fewer mispredictions of all kinds: ${found.map(({ text }) => text).join(", ")}. What dispatches no longer mispredict, the native branches do; that a jump no longer waits for the ` +
        "comparison is not in mispredictions",
    };
  },
});
