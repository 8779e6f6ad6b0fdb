// C4: switch dispatch mispredicts every dispatch.
import { percent, SWITCH_ON_BTB, within } from "./bands.ts";
import { defineClaim } from "./claim.ts";

export default defineClaim({
  title: "switch dispatch mispredicts 100 % of dispatches on old processors",
  quote: "100% branch predictor prediction failure rate under VM dispatch circumstances for now-old CPU implementations",
  source: "rust",
  place: "introduction",
  method:
    "All programs, switch, a branch target buffer of 512 sets of 4: the rate of mispredicted dispatches, per program and of the sums.",
  experiments: { all: { technique: "switch", predictor: "btb" } },
  expected: {
    what: "81 to 98 % (100 % only where no two adjacent instructions are of the same opcode)",
    from: "M. A. Ertl and D. Gregg, JILP 5, 2003, as summaries quote it",
    confidence: "secondary",
  },
  expectedVerdict: "reproduced in part",
  judge({ all }) {
    const rows = all.where({ technique: "switch" });
    const [lowest, highest] = rows.rates;
    const most = rows.rates[1] >= 0.9995;
    const verdict = lowest >= 0.9995 ? "reproduced" : within(rows.meanRate, SWITCH_ON_BTB) ? "reproduced in part" : "not reproduced";
    return {
      verdict,
      measured:
        `${percent(rows.meanRate)} on average, ${percent(lowest)} to ${percent(highest)} by program: ` +
        (most ? "100 % for some programs, but not for all" : "never quite 100 %, because some adjacent instructions are alike"),
    };
  },
});
