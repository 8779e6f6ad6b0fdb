// C31: a processor that stalls at every indirect branch gains from fewer of them, not from predictable ones.
import { defineClaim } from "./claim.ts";
import { STALLING, VM_PROGRAMS } from "./experiments.ts";

const REPLICATION = "dynamic-replication";
/** Each has fewer indirect branches than direct threading. */
const FEWER = ["static-superinstructions", "selective-inlining", "subroutine-threading", "context-threading"];
const run = { inputs: VM_PROGRAMS, technique: ["direct-threading", REPLICATION, ...FEWER].join(","), predictor: "btb:unbounded" };

export default defineClaim({
  title: "where indirect branches stall, only fewer of them help",
  quote: "The PowerPC stalls until the target address is known",
  source: "zaleski",
  place: "section 3, Direct Threading",
  method:
    "That the processor stalls is assumed: 5 cycles for every indirect jump and call, 5 for a misprediction of another kind. What follows is simulated, on " +
    "programs on virtual machines: cycles lost by each technique over those of direct threading, and the same where a branch target buffer predicts.",
  experiments: { stalls: { ...run, ...STALLING }, predicts: run },
  expected: {
    what: "replication gains nothing from a processor that stalls, and nearly all from one that predicts; techniques with fewer indirect branches gain from both",
    from: "what the sentence implies; the cycles from memory",
    confidence: "memory",
  },
  expectedVerdict: "reproduced in part",
  judge({ stalls, predicts }) {
    const [stalled, predicted] = [stalls, predicts].map((rows) => (technique: string): number => {
      const lost = (which: string): number => rows.where({ technique: which }).total(({ cyclesLost }) => cyclesLost);
      return lost(technique) / lost("direct-threading");
    });
    const useless = Math.abs(stalled(REPLICATION) - 1) < 0.001 && predicted(REPLICATION) < 0.5;
    const useful = FEWER.every((technique) => stalled(technique) < 0.9);
    const both = [REPLICATION, ...FEWER].map((t) => `${t} ${stalled(t).toFixed(2)} and ${predicted(t).toFixed(2)}`);
    return {
      verdict: useless && useful ? "reproduced in part" : "not reproduced",
      measured: `cycles lost, over those of direct threading, where it stalls (assumed, not measured) and where it predicts: ${both.join("; ")}`,
    };
  },
});
