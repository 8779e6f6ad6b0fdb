// C38: switch interpreters are slow because of the loop and the switch.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { cyclesPerVirtual, instructionsPerVirtual, VM_PROGRAMS } from "../experiments.ts";
import type { Selection } from "../selection.ts";

export default defineClaim({
  title: "a switch interpreter is slow because of its loop and its switch",
  quote: "relatively slow due to the overhead of the dispatch loop and the switch",
  source: "zaleski",
  place: "section 1, Switch Dispatch",
  evidence: "assumption",
  method:
    "Programs on virtual machines, switch and direct threading: estimated cycles with perfect prediction, where only the overhead differs, and what share of the " +
    "difference that is with an unbounded branch target buffer and with ITTAGE (15 cycles for a misprediction).",
  experiments: { vm: { inputs: VM_PROGRAMS, technique: "switch,direct-threading", predictor: "perfect,btb:unbounded,ittage" } },
  expected: {
    what: "more instructions and taken branches at any rate; with a branch target buffer mispredictions are the larger part of what switch costs",
    from: "the sentence itself; the second half is our inference",
    confidence: "primary",
  },
  shows: { measure: "cycles" },
  expectedVerdict: "depends on the predictor",
  judge({ vm }) {
    const of = (technique: string, predictor = "perfect"): Selection => vm.where({ technique, predictor });
    const difference = (predictor: string): number =>
      cyclesPerVirtual(of("switch", predictor)) - cyclesPerVirtual(of("direct-threading", predictor));
    const overhead = difference("perfect");
    const [onBuffer, onHistory] = ["btb:unbounded", "ittage"].map((predictor) => overhead / difference(predictor));
    const main = [onBuffer, onHistory].filter((share) => share > 0.5).length;
    const taken = (technique: string): string =>
      (of(technique).total((row) => row.takenBranches) / of(technique).virtualInstructions).toFixed(1);
    const verdict = main === 2 ? "reproduced" : main === 1 ? "depends on the predictor" : "reproduced in part";
    return {
      verdict: overhead > 0 ? verdict : "not reproduced",
      measured:
        `per virtual instruction switch takes ${instructionsPerVirtual(of("switch")).toFixed(1)} native instructions and ${taken("switch")} taken branches, direct threading ` +
        `${instructionsPerVirtual(of("direct-threading")).toFixed(1)} and ${taken("direct-threading")}; this overhead of ${overhead.toFixed(1)} cycles is ` +
        `${percent(onBuffer, 0)} of what switch costs more with a branch target buffer, and ${percent(onHistory, 0)} with ITTAGE`,
    };
  },
});
