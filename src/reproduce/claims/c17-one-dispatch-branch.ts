// C17: a single dispatch branch is mispredicted unless the same body is dispatched twice in a row.
import { percent, rangeText } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { everyProgram } from "../experiments.ts";
import type { Selection } from "../selection.ts";

const LOOPS = ["A B A GOTO", "A B A B A GOTO", "x x x x x x goto", "a b c d e f", "a b b c c c goto"];

/** Mispredictions of one run of a loop according to the claim: the first dispatch, and each dispatch to another body than the last one. */
function byTheLaw(row: Selection): number {
  const words = row.programs[0].split(" ");
  let misses = 1;
  for (let i = 1; i < row.virtualInstructions; i++) if (words[i % words.length] !== words[(i - 1) % words.length]) misses++;
  return misses;
}

export default defineClaim({
  title: "one dispatch branch is wrong unless the same body is dispatched again",
  quote: "will mispredict all dispatches except when the same virtual instruction body is dispatched multiple times consecutively",
  source: "zaleski",
  place: "section 4, The Context Problem",
  evidence: "law",
  method:
    "Loops of words through call threading and switch with an unbounded branch target buffer: mispredictions against the law, 1 + the words that " +
    "differ from the one before, counted in the text; and with a buffer of one entry, which is all that one branch needs. All programs: both techniques.",
  experiments: {
    loops: { inputs: LOOPS, technique: "call-threading,switch", predictor: "btb:unbounded,btb:sets=1:ways=1" },
    all: { technique: "call-threading,switch", predictor: "btb:unbounded" },
  },
  expected: {
    what: "the law, exactly, whatever the size of the buffer; the same count for both techniques",
    from: "the sentence itself",
    confidence: "primary",
  },
  shows: { measure: "rate", experiment: "loops" },
  expectedVerdict: "by construction",
  judge({ loops, all }) {
    const runs = loops.where({}).rows.map(({ program, technique, predictor }) => loops.where({ program, technique, predictor }));
    const lawful = runs.filter((run) => run.mispredictions === byTheLaw(run)).length;
    const [calls, switches] = all.techniques.map((technique) => all.where({ technique }));
    const alike = everyProgram(all, (program) => calls.where({ program }).mispredictions === switches.where({ program }).mispredictions);
    return {
      verdict: lawful < runs.length ? "not reproduced" : alike ? "by construction" : "reproduced in part",
      measured:
        `${lawful} of ${runs.length} runs of loops follow the law exactly; programs mispredict ${percent(calls.meanRate)} on average ` +
        `(${rangeText(calls.rates[0], calls.rates[1], percent)}), ${alike ? "" : "not "}the same with call threading and switch`,
    };
  },
});
