// C5: without computed gotos there is the switch, which is slow.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { ratioText } from "../clock.ts";
import { timesText, timesTheCycles } from "../estimates.ts";
import { NO_VIRTUAL_MACHINES, SHARED_OR_OWN } from "../experiments.ts";

/** Share of all cycles above which mispredictions make a switch slow. */
const SLOW = 0.1;

export default defineClaim({
  title: "switch statements are notoriously slow",
  quote: "These can be notoriously slow",
  source: "rust",
  place: "fifth paragraph",
  evidence: "assumption",
  wouldDecide: "clock",
  method:
    "No clock here: the part that mispredictions have in it. All virtual machines' programs, switch against direct threading on a " +
    "branch target buffer and on ITTAGE: estimated cycles, and how many of them are mispredictions that direct threading avoids " +
    "(assumed: 15 cycles each, 1 instruction a cycle; in brackets, the range over what these costs may be). Slow is, by our own measure, a tenth of the cycles.",
  experiments: { all: SHARED_OR_OWN },
  expected: {
    what: "up to 15 to 20 % faster with computed gotos, when that was written; mispredictions no longer critical since",
    from: "comment in CPython's Python/ceval_macros.h; E. Rohou, B. N. Swamy and A. Seznec, CGO 2015, abstract",
    confidence: "primary",
  },
  shows: { measure: "speedup", published: [{ low: 1.15, high: 1.2, what: "computed gotos, CPython's comment" }] },
  expectedVerdict: "depends on the predictor",
  byClock: {
    techniques: ["switch", "direct-threading"],
    judge(clock) {
      const times = clock.times("switch", "direct-threading");
      return (
        times && {
          verdict: 1 - 1 / times.mean >= SLOW ? "reproduced" : "not reproduced",
          measured: `${clock.by}, switch takes ${ratioText(times)} the cycles of direct threading`,
        }
      );
    },
  },
  judge({ all }) {
    const machines = all.except(NO_VIRTUAL_MACHINES);
    const [old, modern] = ["btb", "ittage"].map((predictor) => {
      const [shared, own] = ["switch", "direct-threading"].map((technique) => machines.where({ technique, predictor }));
      const avoided = (shared.cyclesLost - own.cyclesLost) / shared.estimatedCycles;
      const slower = timesText(timesTheCycles(shared, own));
      return {
        avoided,
        text: `${predictor} ${slower} the cycles of direct threading, ${percent(avoided)} of switch's are mispredictions that it avoids`,
      };
    });
    const verdict = old.avoided < SLOW ? "not reproduced" : modern.avoided >= SLOW ? "reproduced" : "depends on the predictor";
    return { verdict, measured: `${old.text}; ${modern.text}; the rest is that a switch executes more instructions` };
  },
});
