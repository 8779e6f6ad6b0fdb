// C26: opcodes of a byte limit superinstructions, and the best ones depend on the workload.
import { defineClaim } from "../claim.ts";
import { VM_PROGRAMS } from "../experiments.ts";
import type { Selection } from "../selection.ts";

const PROGRAMS = ["alpha-beta", "compiler", "life", "quicksort"];
/** About the number of opcodes out of 256 that an instruction set leaves free. */
const IN_A_BYTE = "static-superinstructions:superinstructions=100";
const MORE = "static-superinstructions";
const run = { inputs: PROGRAMS, technique: IN_A_BYTE, predictor: "btb:unbounded" };
const trained = <const Name extends string>(train: Name) => ({ ...run, train: [train] });

/** The arithmetic mean. */
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export default defineClaim({
  title: "a byte limits superinstructions, and the best set depends on the workload",
  quote: "the optimal superinstruction set may change based on the workload",
  source: "zaleski",
  place: "section 6.1, Superinstructions",
  evidence: "simulation",
  method:
    "Four unlike Forth programs, each with 100 superinstructions (about what a one-byte encoding has room for) that each of the four chose: dispatches " +
    "per virtual instruction. And all programs on virtual machines with 100 and with 400 that all others chose: a limit if the larger set saves 5 % of the " +
    "dispatches and more.",
  experiments: {
    "alpha-beta": trained("alpha-beta"),
    compiler: trained("compiler"),
    life: trained("life"),
    quicksort: trained("quicksort"),
    others: { inputs: VM_PROGRAMS, technique: `${IN_A_BYTE},${MORE}`, predictor: "btb:unbounded" },
  },
  expected: {
    what: "every program does best with its own set; more than a byte has room for still saves dispatches",
    from: "the paragraph itself",
    confidence: "primary",
  },
  shows: { measure: "branches", experiment: "others" },
  expectedVerdict: "reproduced",
  judge({ others, ...sets }) {
    const chosenBy: Readonly<Record<string, Selection>> = sets;
    const per = (set: Selection, program: string): number => set.where({ program, technique: IN_A_BYTE }).branchesPerVirtual;
    const own = PROGRAMS.map((program) => per(chosenBy[program], program));
    const foreign = PROGRAMS.map((program) => PROGRAMS.filter((other) => other !== program).map((other) => per(chosenBy[other], program)));
    const ownIsBest = PROGRAMS.every((_, i) => foreign[i].every((dispatches) => own[i] < dispatches));
    const hundred = others.where({ technique: IN_A_BYTE }).branchesPerVirtual;
    const many = others.where({ technique: MORE }).branchesPerVirtual;
    const limits = many < hundred * 0.95;
    return {
      verdict: ownIsBest && limits ? "reproduced" : ownIsBest || limits ? "reproduced in part" : "not reproduced",
      measured:
        `dispatches per virtual instruction with 100 superinstructions: ${mean(own).toFixed(2)} on average with the program's own, ` +
        `${mean(foreign.flat()).toFixed(2)} with those of another; own is best for ` +
        `${PROGRAMS.filter((_, i) => foreign[i].every((dispatches) => own[i] < dispatches)).length} of ${PROGRAMS.length}; ` +
        `chosen by all others: 100 ${hundred.toFixed(2)}, 400 ${many.toFixed(2)}`,
    };
  },
});
