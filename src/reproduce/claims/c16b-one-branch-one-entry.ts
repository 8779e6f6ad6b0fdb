// C16b: with one dispatch branch, all dispatches share an entry of the branch target buffer.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { ALIKE, DISTINCT, LOOPS, ONE_ENTRY } from "../experiments.ts";
import { agree } from "../selection.ts";

export default defineClaim({
  title: "with one dispatch branch, all dispatches share one entry of the branch target buffer",
  quote: "there is only one dispatch branch and so all dispatches share the same BTB entry",
  source: "zig",
  place: "Problem Statement, quoting Zaleski on direct call threading and switch dispatch",
  evidence: "law",
  method:
    "If they share one entry, one entry is enough: all programs, switch, call threading and direct threading, a branch target buffer " +
    "of one entry against one without bounds. And two loops in their steady state: distinct instructions, and six alike in a row.",
  experiments: {
    all: { technique: "switch,call-threading,direct-threading", predictor: `btb:unbounded,${ONE_ENTRY}` },
    loops: { ...LOOPS, technique: "switch,call-threading" },
  },
  expected: {
    what: "switch and call threading miss the same with one entry, threaded code misses more; 6 of 6 and 2 of 7 in the loops",
    from: "M. Zaleski's dissertation, chapter 3; the loops: computed",
    confidence: "primary",
  },
  shows: { measure: "rate", experiment: "loops" },
  expectedVerdict: "by construction",
  judge({ all, loops }) {
    const of = (technique: string): { enough: boolean; one: number; many: number } => {
      const [one, many] = [ONE_ENTRY, "btb:unbounded"].map((predictor) => all.where({ technique, predictor }));
      return { enough: agree(one, many), one: one.rate, many: many.rate };
    };
    const [shared, calls, own] = ["switch", "call-threading", "direct-threading"].map(of);
    const [distinct, alike] = [DISTINCT, ALIKE].map((program) => loops.where({ technique: "call-threading", program }).rate);
    const law = distinct === 1 && Math.abs(alike - 2 / 7) < 0.001;
    const share = shared.enough && calls.enough && own.one > own.many;
    return {
      verdict: share && law ? "by construction" : share || law ? "reproduced in part" : "not reproduced",
      measured:
        `mispredicted with one entry and without bounds: switch ${percent(shared.one)} and ${percent(shared.many)}, call ` +
        `threading ${percent(calls.one)} and ${percent(calls.many)}, ` +
        `direct threading ${percent(own.one)} and ${percent(own.many)}; call threading ${percent(distinct)} in the loop of ` +
        `distinct instructions, ${percent(alike)} in the other`,
    };
  },
});
