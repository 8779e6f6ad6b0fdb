// C32: which technique is best depends on the hardware.
import { fixed } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { cyclesPerVirtual, PENTIUM_4, VM_PROGRAMS } from "../experiments.ts";
import type { Selection } from "../selection.ts";

const DIRECT = "direct-threading";
const SUBROUTINE = "subroutine-threading";
/** The two techniques of the paragraph, one that helps last-target predictors, and one without an interpreter's dispatch. */
const TECHNIQUES = [DIRECT, SUBROUTINE, "dynamic-replication", "catenation"];

/** Cycles that a call and its return may take together, per virtual instruction, before direct threading is ahead. */
function breakEven(rows: Selection): number {
  const [direct, subroutine] = [DIRECT, SUBROUTINE].map((technique) => rows.where({ technique }));
  const calls = subroutine.total((row) => row.calls * row.cost.callCycles + row.returns * row.cost.returnCycles);
  return cyclesPerVirtual(direct) - cyclesPerVirtual(subroutine) + calls / subroutine.virtualInstructions;
}

export default defineClaim({
  title: "the best technique depends on the hardware",
  quote: "The choice of optimal dispatch technique depends on the hardware platform",
  source: "zaleski",
  place: "section 5, Subroutine Threading",
  evidence: "assumption",
  method:
    "Direct and subroutine threading, the two that the paragraph compares, on programs on virtual machines: estimated cycles on models of three processors (all " +
    "approximations: pentium-4-northwood, sandy-bridge, zen-4), with replication and catenation beside them. It depends on the hardware if the two change places. " +
    "The 6809 and the 68000 of the paragraph are not simulated: what stands for them is how dear a call with its return may be before direct threading is ahead.",
  experiments: { machines: { inputs: VM_PROGRAMS, technique: TECHNIQUES.join(","), machine: `${PENTIUM_4},sandy-bridge,zen-4` } },
  expected: {
    what: "subroutine threading ahead where only the last target is predicted, direct threading where dispatches are predicted by history",
    from: "the paragraph itself (returns are cheap, mispredictions dear); that newer predictors turn it over again is our inference",
    confidence: "primary",
  },
  shows: { measure: "cycles" },
  expectedVerdict: "reproduced",
  judge({ machines }) {
    const found = machines.predictors.map((predictor) => {
      const rows = machines.where({ predictor });
      const cycles = TECHNIQUES.map((technique) => cyclesPerVirtual(rows.where({ technique })));
      const order = TECHNIQUES.toSorted((a, b) => cycles[TECHNIQUES.indexOf(a)] - cycles[TECHNIQUES.indexOf(b)]);
      return {
        directFirst: cycles[0] < cycles[1],
        order,
        text: `${predictor} ${TECHNIQUES.map((technique, i) => `${technique} ${cycles[i].toFixed(1)}`).join(", ")} (even at ${fixed(breakEven(rows), 1)})`,
      };
    });
    const turns = new Set(found.map(({ directFirst }) => directFirst)).size > 1;
    const orders = new Set(found.map(({ order }) => order.join(" "))).size;
    const [best, ...others] = new Set(found.map(({ order }) => order[0]));
    return {
      verdict: turns ? "reproduced" : orders > 1 ? "reproduced in part" : "not reproduced",
      measured:
        `estimated cycles per virtual instruction: ${found.map(({ text }) => text).join("; ")}. Even: so many cycles for a call and a return, and direct and ` +
        `subroutine threading take the same time. ${others.length === 0 ? `First everywhere: ${best}` : `First: ${[best, ...others].join(" or ")}`}`,
    };
  },
});
