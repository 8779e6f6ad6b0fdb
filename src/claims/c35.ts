// C35: some techniques reduce contexts, others dispatches, possibly to zero.
import { percent } from "./bands.ts";
import { defineClaim } from "./claim.ts";
import { LOOP_WARMUP, perIteration, VM_PROGRAMS } from "./experiments.ts";
import type { Selection } from "./selection.ts";

const INSTANCES = "dynamic-replication:relocatable=all";
/** Fewer and fewer contexts of each dispatch. */
const CONTEXTS = ["switch", "direct-threading", "static-replication", INSTANCES];
/** Fewer and fewer dispatches. */
const DISPATCHES = ["direct-threading", "static-superinstructions", "dynamic-superinstructions", "across-basic-blocks", "catenation"];
const LOOPS = ["A B A GOTO", "A A B B", "iload iload iconst iadd iadd istore goto"];

export default defineClaim({
  title: "some techniques reduce contexts, others dispatches, possibly to zero",
  quote: "reducing the number of contexts in which a body is executed. Others reduce the number of dispatches, possibly to zero",
  source: "zaleski",
  place: "section 7, Chapter Summary",
  method:
    "Contexts are not counted yet: what stands for them is how often an unbounded branch target buffer, which knows one target of each branch, is wrong per dispatch. " +
    "Programs on virtual machines; loops of words in their steady state, where a body's contexts are the places at which its word stands.",
  experiments: {
    vm: { inputs: VM_PROGRAMS, technique: [...new Set([...CONTEXTS, ...DISPATCHES])].join(","), predictor: "btb:unbounded" },
    loops: { inputs: LOOPS, technique: `direct-threading,${INSTANCES},catenation`, predictor: "btb:unbounded", warmup: LOOP_WARMUP },
  },
  expected: {
    what: "mispredictions per dispatch fall with the contexts, at one dispatch per virtual instruction; dispatches fall to zero in loops with catenation",
    from: "the two sentences themselves",
    confidence: "primary",
  },
  expectedVerdict: "reproduced in part",
  judge({ vm, loops }) {
    const of = (technique: string): Selection => vm.where({ technique });
    const falls = (values: readonly number[]): boolean => values.every((value, i) => i === 0 || value < values[i - 1]);
    const rates = CONTEXTS.map((technique) => of(technique).rate);
    const oneEach = CONTEXTS.every((technique) => of(technique).branches === of(technique).virtualInstructions);
    const dispatches = DISPATCHES.map((technique) => of(technique).branchesPerVirtual);
    const inLoops = (technique: string): number[] => LOOPS.map((program) => perIteration(loops.where({ program, technique })));
    const oneContext = inLoops(INSTANCES).every((misses) => misses === 0) && inLoops("direct-threading").every((misses) => misses > 0);
    const zero = loops.where({ technique: "catenation" }).branches;
    const contexts = falls(rates) && oneEach && oneContext;
    return {
      verdict: contexts && falls(dispatches) && zero === 0 ? "reproduced in part" : "not reproduced",
      measured:
        `contexts by their effect alone, mispredicted per dispatch: ${CONTEXTS.map((technique, i) => `${technique} ${percent(rates[i])}`).join(", ")}; dispatches per virtual instruction: ` +
        `${DISPATCHES.map((technique, i) => `${technique} ${dispatches[i].toFixed(3)}`).join(", ")}; in loops with duplicates ${inLoops("direct-threading").join(", ")} ` +
        `mispredicted per iteration with shared bodies, ${inLoops(INSTANCES).join(", ")} with one context each, and ${zero} dispatches with catenation`,
    };
  },
});
