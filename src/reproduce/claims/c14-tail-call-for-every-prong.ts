// C14: tail calls solve the problem, at the price of functions.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { EXACT } from "../experiments.ts";
import { agree } from "../selection.ts";

export default defineClaim({
  title: "tail calls give every prong its own jump; through a function that dispatches they do not",
  quote: "another jump that maybe you did not want in your hot path",
  source: "zig",
  place: "Other Possible Solution: Tail Calls",
  evidence: "law",
  method:
    "All programs, two predictors without bounds: tail-call threading against direct threading, and tail calls through one dispatching " +
    "function that was not inlined against switch. The proposal's doubts about other architectures and about debugging are out of " +
    "reach.",
  experiments: { all: { technique: "tail-call-threading,direct-threading,tail-call-dispatcher,switch", predictor: EXACT } },
  expected: {
    what: "the mispredictions of threaded code if the dispatch is inlined; those of a switch and one jump more if it is not",
    from: "how calls work",
    confidence: "primary",
  },
  expectedVerdict: "by construction",
  judge({ all }) {
    const same = (a: string, b: string): boolean =>
      all.predictors.every((predictor) => agree(all.where({ technique: a, predictor }), all.where({ technique: b, predictor })));
    const [inlined, through] = ["tail-call-threading", "tail-call-dispatcher"].map((technique) => {
      const { branches, virtualInstructions } = all.where({ technique, kind: "all", predictor: "btb:unbounded" });
      return { branches: branches / virtualInstructions, rate: all.where({ technique, predictor: "btb:unbounded" }).rate };
    });
    const solved = same("tail-call-threading", "direct-threading") && inlined.rate < through.rate;
    const spoilt = same("tail-call-dispatcher", "switch") && through.branches > inlined.branches;
    return {
      verdict: solved && spoilt ? "by construction" : solved || spoilt ? "reproduced in part" : "not reproduced",
      measured:
        `${percent(inlined.rate)} of dispatches mispredicted with the dispatch ` +
        `inlined${solved ? ", exactly as direct threading" : ""}; ${percent(through.rate)} through one ` +
        `function${spoilt ? ", exactly as switch" : ""}, which takes ${through.branches.toFixed(2)} native branches per virtual ` +
        `instruction instead of ${inlined.branches.toFixed(2)}`,
    };
  },
});
