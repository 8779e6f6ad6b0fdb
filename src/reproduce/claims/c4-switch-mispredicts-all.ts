// C4: switch dispatch mispredicts every dispatch.
import { inBand, percent, rangeText, SWITCH_ON_BTB } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { ALIKE, DISTINCT, LOOPS, NO_VIRTUAL_MACHINES, SHARED_OR_OWN } from "../experiments.ts";

export default defineClaim({
  title: "switch dispatch mispredicts 100 % of dispatches on old processors",
  quote: "100% branch predictor prediction failure rate under VM dispatch circumstances for now-old CPU implementations",
  source: "rust",
  place: "fifth paragraph",
  evidence: "simulation",
  method:
    "All virtual machines' programs, switch, a branch target buffer of 512 sets of 4: the rate of mispredicted dispatches, per program " +
    "and on average. Two loops beside them, in their steady state: one whose instructions are all distinct, one with six alike in a " +
    "row.",
  experiments: { all: SHARED_OR_OWN, loops: { ...LOOPS, technique: "switch" } },
  expected: {
    what: "81 to 98 % (100 % only where no two adjacent instructions are of the same opcode)",
    from: "M. A. Ertl and D. Gregg, JILP 5, 2003, as summaries quote it",
    confidence: "secondary",
  },
  shows: { measure: "rate", experiment: "all", published: [{ low: 81, high: 98, what: "switch, Ertl and Gregg 2003" }] },
  expectedVerdict: "reproduced in part",
  judge({ all, loops }) {
    const rows = all.except(NO_VIRTUAL_MACHINES).where({ technique: "switch", predictor: "btb" });
    const [lowest, highest] = rows.rates;
    const distinct = loops.where({ program: DISTINCT }).rate;
    const inPart = inBand(rows.meanRate, SWITCH_ON_BTB) && distinct === 1;
    return {
      verdict: lowest === 1 ? "reproduced" : inPart ? "reproduced in part" : "not reproduced",
      measured:
        `${percent(rows.meanRate)} on average, ${rangeText(lowest, highest, percent)} by program; ${percent(distinct)} in a ` +
        "loop of distinct instructions, " +
        `${percent(loops.where({ program: ALIKE }).rate)} in one with six alike in a row: what follows its like is predicted`,
    };
  },
});
