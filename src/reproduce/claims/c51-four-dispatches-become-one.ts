// C51: a superinstruction for load, constant, add and store takes one dispatch instead of four.
import { defineClaim } from "../claim.ts";
import { LOOP_WARMUP } from "../experiments.ts";

/** The statement, and the jump back that makes a loop of it. */
const LOOP = "load constant add store goto";
/** The same with one virtual instruction that does the work of the four. */
const COMBINED = "load-constant-add-store goto";
const DIRECT = "direct-threading";
const BLOCKS = "dynamic-superinstructions";

export default defineClaim({
  title: "a superinstruction that adds a constant to a variable dispatches once instead of four times",
  quote: "a single superinstruction that performs the work of all four virtual instructions",
  source: "zaleski",
  place: "section 6.1, Superinstructions",
  evidence: "law",
  method:
    "The statement as a loop, in its steady state: load, constant, add, store, and a jump back. Direct threading of the four instructions and of one that does their " +
    "work; and superinstructions that the loader makes of each basic block, which take the jump in as well. Dispatches of an iteration.",
  experiments: {
    loops: { inputs: [LOOP, COMBINED], technique: `${DIRECT},${BLOCKS}`, predictor: "btb:unbounded", warmup: LOOP_WARMUP },
  },
  expected: {
    what: "5 dispatches an iteration become 2, since 4 become 1 and the jump's stays; 1 where the loader combines the block",
    from: "the sentence itself",
    confidence: "primary",
  },
  shows: { measure: "branches" },
  expectedVerdict: "by construction",
  judge({ loops }) {
    const dispatches = (program: string, technique: string): number => {
      const { branches, virtualInstructions } = loops.where({ program, technique });
      // a run lacks one dispatch of its 1000 iterations
      return Math.round((branches / virtualInstructions) * program.split(" ").length * 100) / 100;
    };
    const [four, one, block] = [dispatches(LOOP, DIRECT), dispatches(COMBINED, DIRECT), dispatches(LOOP, BLOCKS)];
    const lawful = four === 5 && one === 2 && block === 1;
    return {
      verdict: lawful ? "by construction" : one < four ? "reproduced in part" : "not reproduced",
      measured:
        `${four} dispatches an iteration become ${one}: the ${four - 1} of the statement ${one - 1}, and one of the jump back; ` +
        `${block} where the loader makes a superinstruction of the block, the jump included`,
    };
  },
});
