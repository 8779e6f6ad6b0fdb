// C11: prongs that jump to each other benefit the branch predictor.
import { NO_GAP, percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { COMPILER_PASS, EXACT, STAGES } from "../experiments.ts";
import { agree } from "../selection.ts";

export default defineClaim({
  title: "prongs that jump directly to each other benefit the branch predictor",
  quote: "instead of all switch prongs sharing the same indirect jump, in order to benefit the branch predictor",
  source: "zig",
  place: "Problem Statement, last paragraph",
  evidence: "simulation",
  method:
    "All programs, switch against replicated switch (labeled continue) and direct threading on predictors without bounds; and the " +
    "proposal's own case, a compiler's walk over tagged instructions, on bounded ones and on ITTAGE.",
  experiments: { all: { technique: "switch,replicated-switch,direct-threading", predictor: EXACT }, stages: STAGES },
  expected: {
    what: "on predictors of the last target the rates of threaded code; on ITTAGE next to nothing",
    from: "M. Zaleski's dissertation, as the proposal quotes it; E. Rohou, B. N. Swamy and A. Seznec, CGO 2015, abstract",
    confidence: "primary",
  },
  expectedVerdict: "depends on the predictor",
  judge({ all, stages }) {
    const threaded = all.predictors.every((predictor) =>
      agree(all.where({ technique: "replicated-switch", predictor }), all.where({ technique: "direct-threading", predictor })),
    );
    const rates = ["switch", "replicated-switch"].map((technique) => all.where({ technique, predictor: "btb:unbounded" }).meanRate);
    const pass = ["btb", "ittage"].map((predictor) =>
      ["switch", "replicated-switch"].map((technique) => stages.where({ technique, predictor, program: COMPILER_PASS }).rate),
    );
    const [old, modern] = pass.map(([shared, own]) => shared - own);
    const helps = rates[0] - rates[1] > NO_GAP && old > NO_GAP && threaded;
    return {
      verdict: !helps ? "not reproduced" : modern < NO_GAP ? "depends on the predictor" : "reproduced",
      measured:
        `${percent(rates[0])} of dispatches mispredicted through a shared jump, ${percent(rates[1])} with one for each prong ` +
        `(${threaded ? "as" : "not as"} direct threading, ` +
        `program by program); the compiler pass ${percent(pass[0][0])} and ${percent(pass[0][1])}, on ITTAGE ` +
        `${percent(pass[1][0])} and ${percent(pass[1][1])}`,
    };
  },
});
