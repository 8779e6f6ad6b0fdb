// C28: superinstructions across basic blocks dispatch at virtual branches and unrelocatable bodies only.
import { percent } from "../bands.ts";
import { defineClaim, onEach, type Verdict } from "../claim.ts";
import { greatestText, speedups } from "../estimates.ts";
import { VM_PROGRAMS } from "../experiments.ts";
import type { Selection } from "../selection.ts";

const ALL = "across-basic-blocks:relocatable=all";
const MEASURED = "across-basic-blocks";

/** How far dispatches are from the taken branches of catenation, by program. */
const apartOf = (rows: Selection): { readonly apart: number; readonly dispatches: number }[] =>
  rows.programs.map((program) => {
    const dispatches = rows.where({ program, technique: ALL }).branches;
    const taken = rows.where({ program, technique: "catenation" }).total(({ takenBranches }) => takenBranches);
    return { dispatches, apart: Math.abs(dispatches - taken) };
  });

function verdictOf(rows: Selection): Verdict {
  const agree = apartOf(rows).every(({ apart, dispatches }) => apart <= dispatches / 1000);
  const sum = (technique: string): number => rows.where({ technique }).branches;
  return !agree ? "not reproduced" : sum(MEASURED) > sum(ALL) ? "by construction" : "reproduced in part";
}

export default defineClaim({
  title: "across basic blocks, only virtual branches and unrelocatable bodies dispatch",
  quote: "dispatch to interpreter code is only required for virtual branches and unrelocatable bodies",
  source: "zaleski",
  place: "section 6.2, Selective Inlining",
  evidence: "law",
  method:
    "Programs on virtual machines. With all bodies movable: dispatches against the taken branches of catenation, whose native code has a taken branch for " +
    "each virtual transfer that is taken and hardly any other (up to one in a thousand may differ). Then with the bodies that cannot be moved, as measured.",
  experiments: { vm: { inputs: VM_PROGRAMS, technique: `${ALL},${MEASURED},catenation`, predictor: "btb:unbounded" } },
  expected: {
    what: "equal counts, but for each THROW that does not throw, where catenation takes a branch around its dispatch; more with unrelocatable bodies",
    from: "the sentence itself",
    confidence: "primary",
  },
  shows: { measure: "branches" },
  expectedVerdict: "by construction",
  judge({ vm }) {
    const apart = apartOf(vm).map((program) => program.apart);
    return {
      verdict: verdictOf(vm),
      measured:
        `dispatches are the taken virtual transfers exactly on ${apart.filter((count) => count === 0).length} of ${apart.length} programs, and up to ` +
        `${Math.max(...apart)} apart on the others (a THROW that does not throw); per virtual instruction ${vm.where({ technique: ALL }).branchesPerVirtual.toFixed(3)}, with ` +
        `unrelocatable bodies ${vm.where({ technique: MEASURED }).branchesPerVirtual.toFixed(3)}`,
    };
  },
  on: onEach(
    {
      experiment: { technique: `${ALL},${MEASURED},catenation,direct-threading`, predictor: "btb:unbounded" },
      measured: (others) =>
        `dispatches per virtual instruction ${others.where({ technique: ALL }).branchesPerVirtual.toFixed(3)} if all bodies could be moved, ` +
        `${others.where({ technique: MEASURED }).branchesPerVirtual.toFixed(3)} with its own; at most ` +
        `${percent(Math.max(...apartOf(others).map(({ apart, dispatches }) => apart / dispatches)), 2)} apart from the taken virtual transfers; by estimate up to ` +
        `${greatestText(speedups(others, MEASURED, "direct-threading"))} times as fast as direct threading`,
      verdict: verdictOf,
    },
    {
      java: {
        published: {
          what: "across basic blocks is the fastest on a Java virtual machine, at most 2.76 times as fast as threaded code (compress)",
          from: "Casey, Ertl and Gregg, TOPLAS 29(6), 2007, as notes quote it",
          confidence: "secondary",
        },
        unjudged: "the time of that virtual machine, which is not at hand",
      },
    },
  ),
});
