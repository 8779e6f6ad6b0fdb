// C28: superinstructions across basic blocks dispatch at virtual branches and unrelocatable bodies only.
import { defineClaim, onEach } from "../claim.ts";
import { everyProgram, VM_PROGRAMS } from "../experiments.ts";

const ALL = "across-basic-blocks:relocatable=all";
const MEASURED = "across-basic-blocks";

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
    const dispatches = (program: string): number => vm.where({ program, technique: ALL }).branches;
    const taken = (program: string): number => vm.where({ program, technique: "catenation" }).total(({ takenBranches }) => takenBranches);
    const apart = vm.programs.map((program) => Math.abs(dispatches(program) - taken(program)));
    const agree = everyProgram(vm, (program) => Math.abs(dispatches(program) - taken(program)) <= dispatches(program) / 1000);
    const sum = (technique: string): number => vm.where({ technique }).branches;
    return {
      verdict: !agree ? "not reproduced" : sum(MEASURED) > sum(ALL) ? "by construction" : "reproduced in part",
      measured:
        `dispatches are the taken virtual transfers exactly on ${apart.filter((count) => count === 0).length} of ${apart.length} programs, and up to ` +
        `${Math.max(...apart)} apart on the others (a THROW that does not throw); per virtual instruction ${vm.where({ technique: ALL }).branchesPerVirtual.toFixed(3)}, with ` +
        `unrelocatable bodies ${vm.where({ technique: MEASURED }).branchesPerVirtual.toFixed(3)}`,
    };
  },
  on: onEach({
    experiment: { technique: `${ALL},${MEASURED},direct-threading`, predictor: "btb:unbounded" },
    measured: (others) =>
      `dispatches per virtual instruction ${others.where({ technique: ALL }).branchesPerVirtual.toFixed(3)} if all bodies could be moved, ` +
      `${others.where({ technique: MEASURED }).branchesPerVirtual.toFixed(3)} with its own`,
  }),
});
