// C31: a processor that stalls at every indirect branch gains from fewer of them, not from predictable ones.
import { defineClaim } from "../claim.ts";
import { PENTIUM_4, VM_PROGRAMS } from "../experiments.ts";
import type { Selection } from "../selection.ts";

const DIRECT = "direct-threading";
const REPLICATION = "dynamic-replication";
/** Each has fewer indirect branches than direct threading: those that jump alone, and those that call and return. */
const JUMPING = ["static-superinstructions", "selective-inlining"];
const CALLING = ["subroutine-threading", "context-threading"];

/** Cycles of indirect branches and of the mispredictions of all other branches, at the costs of the processor that stalls. */
const lostIfStalled = (rows: Selection, technique: string, cycles: number): number => {
  const [all, indirect] = (["all", "indirect"] as const).map((kind) => rows.where({ technique, kind }));
  return (all.mispredictions - indirect.mispredictions + indirect.branches) * cycles;
};

export default defineClaim({
  title: "where indirect branches stall, only fewer of them help",
  quote: "The PowerPC stalls until the target address is known",
  source: "zaleski",
  place: "section 3, Direct Threading",
  evidence: "assumption",
  method:
    "That the processor stalls is assumed, and for how long: its model here (powerpc-7410, an approximation from memory) takes 5 cycles for every indirect jump and " +
    "5 for a mispredicted conditional. What follows is simulated, on programs on virtual machines: cycles lost by each technique over those of direct threading, and " +
    "the same on the chapter's other processor, which predicts (pentium-4-northwood, an approximation, too). The model of the 7410 predicts no returns, so techniques " +
    "that call and return are counted on the Pentium's branches, at the 7410's cycles.",
  experiments: {
    stalls: { inputs: VM_PROGRAMS, technique: [DIRECT, REPLICATION, ...JUMPING].join(","), machine: "powerpc-7410" },
    predicts: { inputs: VM_PROGRAMS, technique: [DIRECT, REPLICATION, ...JUMPING, ...CALLING].join(","), machine: PENTIUM_4 },
  },
  expected: {
    what: "replication gains nothing from a processor that stalls, and nearly all from one that predicts; techniques with fewer indirect branches gain from both",
    from: "what the sentence implies; the cycles from memory",
    confidence: "memory",
  },
  shows: { measure: "cycles", experiment: "stalls" },
  expectedVerdict: "reproduced in part",
  judge({ stalls, predicts }) {
    const lost = (rows: Selection, technique: string): number => rows.where({ technique }).cyclesLost;
    const [{ cost }] = stalls.rows;
    const found = [REPLICATION, ...JUMPING, ...CALLING].map((technique) => {
      const called = CALLING.includes(technique);
      const [some, direct] = called
        ? [technique, DIRECT].map((each) => lostIfStalled(predicts, each, cost.indirectStallCycles ?? 0))
        : [technique, DIRECT].map((each) => lost(stalls, each));
      return { technique, stalled: some / direct, predicted: lost(predicts, technique) / lost(predicts, DIRECT) };
    });
    const [replication, ...fewer] = found;
    const useless = Math.abs(replication.stalled - 1) < 0.001 && replication.predicted < 0.5;
    const useful = fewer.every(({ stalled }) => stalled < 1);
    const each = found.map(({ technique, stalled, predicted }) => `${technique} ${stalled.toFixed(2)} and ${predicted.toFixed(2)}`);
    return {
      // the stall is an assumption: never more than in part
      verdict: useless && useful ? "reproduced in part" : "not reproduced",
      measured:
        `cycles lost, over those of direct threading, where it stalls (${cost.indirectStallCycles} cycles, assumed, not measured) and where it predicts: ` +
        each.join("; "),
    };
  },
});
