// C48: clang 19 merged all computed gotos; the worst slowdown was on Sandy Bridge, and there was none on Zen 4.
import { NO_GAP, percent, points } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { ratioText } from "../clock.ts";
import { timesText, timesTheCycles } from "../estimates.ts";
import { AS_WRITTEN, MERGED, VM_PROGRAMS } from "../experiments.ts";

const WORST = "sandy-bridge";
const NONE = "zen-4";
/** More of the estimated cycles than these are a slowdown. */
const SLOWER = 1.01;

export default defineClaim({
  title: "clang 19's merged computed gotos are slowest on Sandy Bridge, and not slower on Zen 4",
  quote: "the worst slowdown happens on Sandy Bridge. Zen 4 shows no slowdown",
  source: "literature",
  place: "LLVM issue 106846, description, August 2024",
  evidence: "assumption",
  wouldDecide: "clock",
  method:
    "Programs on virtual machines, direct threading with all dispatches merged and without, on models of four processors (approximations: how they predict indirect " +
    "branches is not published): the mispredictions and estimated cycles that merging adds. A gap of less than 2 points in the rate is none. The issue's own " +
    "program and its table of processors are not at hand. The verdict is by size: whether the slowdown, over the range of the estimate's costs, is the worst on Sandy Bridge, and can be less " +
    "than 1 % on Zen 4. Before overrides were modelled, it was by mispredictions alone, which agree; but a merged dispatch is predicted and nearly always overridden.",
  experiments: {
    machines: { inputs: VM_PROGRAMS, technique: `${AS_WRITTEN},${MERGED}`, machine: `nehalem,${WORST},haswell,${NONE}` },
  },
  expected: {
    what:
      "worst on Sandy Bridge, none on Zen 4, in a small test; in later comments there, of whole interpreters, Ajla takes 1.21 times as long on Sandy Bridge and 1.07 " +
      "times on Zen 4, and Luau loses 15.6 % on Zen 4",
    from: "the issue and its comments",
    confidence: "primary",
  },
  shows: { measure: "cycles" },
  expectedVerdict: "not reproduced",
  byClock: {
    techniques: ["token-threading-shared-next", "token-threading"],
    judge(clock) {
      const times = clock.times("token-threading-shared-next", "token-threading");
      // the claim is about two processors: another one's clock decides nothing
      const here = /EPYC 9.[0-9]4|Ryzen . 7.../.test(clock.by) ? NONE : undefined;
      if (times === undefined || here === undefined) return undefined;
      return {
        verdict: times.mean < SLOWER ? "reproduced in part" : "not reproduced",
        measured: `${clock.by}, one shared dispatch takes ${ratioText(times)} the cycles of one in each body, tokens in both`,
      };
    },
  },
  judge({ machines }) {
    const found = machines.predictors.map((predictor) => {
      const [before, after] = [AS_WRITTEN, MERGED].map((technique) => machines.where({ technique, predictor }));
      const gap = after.meanRate - before.meanRate;
      const slowdown = timesTheCycles(after, before);
      const forThat = (after.cyclesLost - before.cyclesLost) / before.estimatedCycles;
      const text =
        `${predictor} ${percent(before.meanRate)} and ${points(gap)} more, ${percent(forThat)} more cycles for that, ${timesText(slowdown)} the cycles ` +
        "with the jump";
      return { predictor, gap, slowdown, text };
    });
    const [mostMissed] = found.toSorted((a, b) => b.gap - a.gap);
    const none = found.filter(({ predictor }) => predictor === NONE);
    const predicted = mostMissed.predictor === WORST && mostMissed.gap > NO_GAP && none.every(({ gap }) => Math.abs(gap) < NO_GAP);
    const [worst] = found.toSorted((a, b) => b.slowdown.value - a.slowdown.value);
    const halves = [worst.predictor === WORST, none.every(({ slowdown: { value, low } }) => Math.min(value, low) < SLOWER)];
    const held = halves.filter(Boolean).length;
    return {
      verdict: held === 2 ? "reproduced" : held === 1 ? "reproduced in part" : "not reproduced",
      measured:
        `mispredicted as written, and merged: ${found.map(({ text }) => text).join("; ")}. Mispredictions ${predicted ? "rise" : "do not rise"} as claimed, ` +
        `most on ${mostMissed.predictor}; the estimated slowdown is worst on ${worst.predictor}`,
    };
  },
});
