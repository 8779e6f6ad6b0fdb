// C6: tail calls that become jumps are computed gotos.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { EXACT } from "../experiments.ts";
import { agree } from "../selection.ts";

export default defineClaim({
  title: "tail calls that become jumps do what computed gotos do",
  quote: "Tail calls converted to jump instructions can be used to effect computed gotos",
  source: "rust",
  place: "fourth paragraph",
  evidence: "law",
  method:
    "All programs, tail-call threading against computed gotos with addresses in the code (direct threading) and with a table (token " +
    "threading), on two predictors without bounds, where the layout of the code does not matter: the same mispredictions in every " +
    "program.",
  experiments: { all: { technique: "tail-call-threading,direct-threading,token-threading", predictor: EXACT } },
  expected: { what: "the same branches, so the same mispredictions", from: "how these techniques are built", confidence: "primary" },
  expectedVerdict: "by construction",
  judge({ all }) {
    const predictors = all.predictors.map((predictor) => {
      const [calls, ...gotos] = all.techniques.map((technique) => all.where({ technique, predictor }));
      const most = Math.max(...gotos.map((rows) => Math.abs(rows.rate - calls.rate)));
      return { same: agree(calls, ...gotos), close: most < 0.01, text: `${predictor} ${percent(calls.rate)}` };
    });
    const same = predictors.every((predictor) => predictor.same);
    return {
      verdict: same ? "by construction" : predictors.every(({ close }) => close) ? "reproduced in part" : "not reproduced",
      measured:
        `mispredicted with tail calls: ${predictors.map(({ text }) => text).join(", ")}; computed gotos ` +
        `${same ? "the same, in every program" : "differ"}`,
    };
  },
});
