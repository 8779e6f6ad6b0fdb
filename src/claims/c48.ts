// C48: clang 19 merged all computed gotos; the worst slowdown was on Sandy Bridge, and there was none on Zen 4.
import { NO_GAP, percent, points } from "./bands.ts";
import { defineClaim } from "./claim.ts";
import { NO_VIRTUAL_MACHINES, SHARED_OR_OWN } from "./experiments.ts";

export default defineClaim({
  title: "clang 19's merged computed gotos are slow on older processors and not on Zen 4",
  quote: "the worst slowdown happens on Sandy Bridge. Zen 4 shows no slowdown",
  source: "literature",
  place: "LLVM issue 106846, description, August 2024",
  method:
    "All virtual machines' programs, direct threading with all dispatches merged and without, on a branch target buffer, standing for " +
    "processors that predict the last target, and on ITTAGE, for those that predict by history; neither is the processor's own (Sandy " +
    "Bridge was better than a plain buffer). Estimated cycles: 15 a misprediction, 1 instruction a cycle.",
  experiments: { all: SHARED_OR_OWN },
  expected: { what: "a large loss on the one, none on the other", from: "the issue", confidence: "primary" },
  expectedVerdict: "reproduced in part",
  judge({ all }) {
    const [old, modern] = ["btb", "ittage"].map((predictor) => {
      const [before, after] = ["direct-threading", "direct-threading:merge=all"].map((technique) =>
        all.except(NO_VIRTUAL_MACHINES).where({ technique, predictor }),
      );
      const cycles = (after.cyclesLost - before.cyclesLost) / before.estimatedCycles;
      const gap = after.meanRate - before.meanRate;
      const ratio = (after.estimatedCycles / before.estimatedCycles).toFixed(2);
      return {
        gap,
        cycles,
        text:
          `${predictor} ${percent(before.meanRate)} to ${percent(after.meanRate)} mispredicted, ${percent(cycles)} more ` +
          `cycles for that, ${ratio} times the cycles with the jump that merging adds`,
      };
    });
    const large = old.cycles > 0.1;
    return {
      // stand-ins, not the two processors: never more than in part
      verdict: large && Math.abs(modern.gap) < NO_GAP ? "reproduced in part" : "not reproduced",
      measured:
        `${old.text}; ${modern.text}. What is left on ITTAGE (${points(modern.gap)}) is no misprediction, but a jump and ` +
        "its instruction",
    };
  },
});
