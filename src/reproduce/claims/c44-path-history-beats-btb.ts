// C44: two-level predictors of indirect branches, and hybrids of them.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { NO_VIRTUAL_MACHINES } from "../experiments.ts";

const PREDICTORS = ["btb:unbounded", "two-level:entries=1024", "two-level:entries=8192", "hybrid:entries=512", "hybrid:entries=4096"];

export default defineClaim({
  title: "path history predicts indirect branches three times as well as an ideal BTB; hybrids do better still",
  quote: "more than a threefold improvement over an ideal BTB",
  source: "literature",
  place: "K. Driesen and U. Hölzle, Accurate Indirect Branch Prediction, ISCA 1998, abstract",
  evidence: "simulation",
  method:
    "All virtual machines' programs, token threading: a branch target buffer without bounds, two-level predictors of 1024 and 8192 " +
    "entries (paths of 4 targets), and hybrids of two path lengths (3 and 7, from memory) with as many entries together. Theirs were " +
    "SPECint95 and C++ programs, so only directions and the factor compare.",
  experiments: { all: { technique: "token-threading", predictor: PREDICTORS.join(",") } },
  expected: {
    what: "two-level 9.8 % with 1024 entries and 7.3 % with 8192, a third of an ideal BTB or less; hybrid 8.98 % and 5.95 %",
    from: "the abstract",
    confidence: "primary",
  },
  shows: {
    measure: "rate",
    kind: "indirect",
    published: [
      { low: 9.8, high: 9.8, what: "two-level, 1024 entries" },
      { low: 7.3, high: 7.3, what: "two-level, 8192 entries" },
    ],
  },
  expectedVerdict: "reproduced",
  judge({ all }) {
    const [ideal, small, large, smallHybrid, largeHybrid] = PREDICTORS.map(
      (predictor) => all.except(NO_VIRTUAL_MACHINES).where({ technique: "token-threading", predictor }).meanRate,
    );
    const factors = [small, large].map((rate) => ideal / rate);
    const threefold = Math.min(...factors) > 3;
    const ordered = large < small && smallHybrid < small && largeHybrid < large;
    return {
      verdict: threefold && ordered ? "reproduced" : threefold || ordered ? "reproduced in part" : "not reproduced",
      measured:
        `mispredicted: ideal BTB ${percent(ideal)}, two-level ${percent(small)} with 1024 entries and ${percent(large)} with ` +
        `8192 (${factors.map((factor) => factor.toFixed(1)).join(" and ")} times ` +
        `fewer), hybrid ${percent(smallHybrid)} and ${percent(largeHybrid)}`,
    };
  },
});
