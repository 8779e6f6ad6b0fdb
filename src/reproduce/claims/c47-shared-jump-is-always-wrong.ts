// C47: a jump shared by all opcodes is always predicted wrong; one for each predicts pairs of opcodes.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { ALIKE, DISTINCT, LOOPS, NO_VIRTUAL_MACHINES, PAIRS, SHARED_OR_OWN } from "../experiments.ts";
import { agree } from "../selection.ts";

export default defineClaim({
  title: "a shared jump is always wrong except for identical opcodes; own jumps predict the second opcode of a pair",
  quote: "it will be always wrong except in the uncommon case of a sequence of several identical opcodes",
  source: "literature",
  place: "CPython, Python/ceval_macros.h, comment on computed gotos",
  evidence: "simulation",
  method:
    "A predictor of pairs of opcodes is one that knows the last target of the shared jump, the opcode before (two-level, one target): " +
    "if the comment is right, it misses on switch exactly what a branch target buffer misses on threaded code. All programs, without " +
    "bounds; two loops in their steady state; and the same switch on ITTAGE, because the comment is older.",
  experiments: {
    loops: { ...LOOPS, technique: "switch" },
    exact: { technique: "switch,direct-threading", predictor: `btb:unbounded,${PAIRS}` },
    all: SHARED_OR_OWN,
  },
  expected: {
    what: "on a predictor of the last target 6 of 6 and 2 of 7 in the loops, and pairs exactly; on ITTAGE neither",
    from: "the comment; the loops: computed",
    confidence: "primary",
  },
  shows: { measure: "rate", experiment: "loops" },
  expectedVerdict: "depends on the predictor",
  judge({ loops, exact, all }) {
    const [shared, own] = ["switch", "direct-threading"].map((technique) => exact.where({ technique, predictor: "btb:unbounded" }));
    const ofPairs = agree(own, exact.where({ technique: "switch", predictor: PAIRS }));
    const [distinct, alike] = [DISTINCT, ALIKE].map((program) => loops.where({ program }).rate);
    const holds = ofPairs && distinct === 1 && Math.abs(alike - 2 / 7) < 0.001;
    const modern = all.except(NO_VIRTUAL_MACHINES).where({ technique: "switch", predictor: "ittage" }).meanRate;
    return {
      verdict: !holds ? "not reproduced" : modern < 0.5 ? "depends on the predictor" : "reproduced",
      measured:
        `a BTB misses ${percent(distinct)} of distinct opcodes in a loop, ${percent(alike)} with six alike in a row, ` +
        `${percent(shared.rate)} in all programs; with own jumps ${percent(own.rate)}, ` +
        `${ofPairs ? "exactly" : "not exactly"} what a predictor of pairs misses. On ITTAGE the shared jump is wrong in ${percent(modern)}`,
    };
  },
});
