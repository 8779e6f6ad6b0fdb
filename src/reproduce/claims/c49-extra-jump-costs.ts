// C49: the jump that a shared dispatch adds costs as much as the mispredictions.
import { fixed } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { AS_WRITTEN, MERGED, VM_PROGRAMS } from "../experiments.ts";

/** What fetching loses at a taken branch: an assumption, at the lower end. */
const TAKEN_BRANCH_CYCLES = 1;

export default defineClaim({
  title: "the extra jump to a shared dispatch costs as much as prediction, or more",
  quote: "the extra jump is as important, or more important",
  source: "literature",
  place: "a comment in faster-cpython's issues, as our notes quote it; the thread was not found again",
  evidence: "law",
  method:
    "Programs on virtual machines, direct threading with all dispatches merged and without, on a branch target buffer and on ITTAGE: " +
    "per virtual instruction, the cycles of the additional mispredictions (15 each) against those of the additional taken branches (1 " +
    "each). Both costs are assumed.",
  experiments: { vm: { inputs: VM_PROGRAMS, technique: `${AS_WRITTEN},${MERGED}`, predictor: "btb,ittage" } },
  expected: {
    what: "true where the predictor knows history, false where it knows the last target",
    from: "the two costs",
    confidence: "memory",
  },
  shows: { measure: "cycles" },
  expectedVerdict: "depends on the predictor",
  judge({ vm }) {
    const found = ["btb", "ittage"].map((predictor) => {
      const [before, after] = [AS_WRITTEN, MERGED].map((technique) => vm.where({ technique, predictor }));
      const predicted = (after.cyclesLost - before.cyclesLost) / before.virtualInstructions;
      const jumps = ((after.takenBranches - before.takenBranches) / before.virtualInstructions) * TAKEN_BRANCH_CYCLES;
      return {
        jumpMatters: jumps >= predicted && jumps > 0,
        text: `${predictor} ${fixed(predicted, 2)} by mispredictions, ${fixed(jumps, 2)} by the jump`,
      };
    });
    const matters = found.map(({ jumpMatters }) => jumpMatters);
    return {
      verdict: matters.every((yes) => yes) ? "reproduced" : matters.some((yes) => yes) ? "depends on the predictor" : "not reproduced",
      measured: `cycles per virtual instruction that merging adds: ${found.map(({ text }) => text).join("; ")}`,
    };
  },
});
