// C32: which technique is best depends on the hardware.
import { defineClaim } from "./claim.ts";
import { cyclesPerVirtual, STALLING, VM_PROGRAMS } from "./experiments.ts";
import type { Selection } from "./selection.ts";

const TECHNIQUES = ["direct-threading", "subroutine-threading"] as const;
const run = { inputs: VM_PROGRAMS, technique: TECHNIQUES.join(",") };
/** Cycles of a call, and of a return, where they are dear. */
const DEAR = 6;

/** Cycles per virtual instruction if every call and every return took so many besides those of an instruction. */
function cyclesWith(cycles: number, rows: Selection): number {
  const more = rows.total(({ calls, returns, cost }) => calls * (cycles - cost.callCycles) + returns * (cycles - cost.returnCycles));
  return cyclesPerVirtual(rows) + more / rows.virtualInstructions;
}

export default defineClaim({
  title: "the best technique depends on the hardware",
  quote: "The choice of optimal dispatch technique depends on the hardware platform",
  source: "zaleski",
  place: "section 5, Subroutine Threading",
  method:
    "Direct and subroutine threading on programs on virtual machines, estimated cycles on four kinds of hardware: no prediction and dear calls and returns " +
    "(6 cycles more each), no prediction and cheap ones (none more), a branch target buffer with a return stack, ITTAGE with a return stack. The cycles of the " +
    "first two are made up: they stand for the 6809 and the 68000, whose own we do not know well enough.",
  experiments: {
    stalls: { ...run, ...STALLING, predictor: "btb:unbounded" },
    predicts: { ...run, predictor: "btb:unbounded,ittage" },
  },
  expected: {
    what: "direct threading wins where calls are dear and where indirect branches are predicted well, subroutine threading in between",
    from: "the paragraph itself; that ITTAGE turns it over again is our inference",
    confidence: "primary",
  },
  expectedVerdict: "reproduced",
  judge({ stalls, predicts }) {
    const kinds: [hardware: string, rows: Selection, callCycles: number][] = [
      ["dear calls", stalls.where({}), DEAR],
      ["cheap calls", stalls.where({}), 0],
      ["a branch target buffer", predicts.where({ predictor: "btb:unbounded" }), 1],
      ["ITTAGE", predicts.where({ predictor: "ittage" }), 1],
    ];
    const cycles = kinds.map(([, rows, calls]) => TECHNIQUES.map((technique) => cyclesWith(calls, rows.where({ technique }))));
    const [dear, cheap, buffer, history] = cycles.map(([direct, subroutine]) => direct < subroutine);
    const [direct, subroutine] = cycles[1];
    const byCalls = dear && !cheap;
    const byPredictor = !buffer && history;
    return {
      verdict: byCalls && byPredictor ? "reproduced" : byCalls || byPredictor ? "reproduced in part" : "not reproduced",
      measured:
        `cycles per virtual instruction, direct and subroutine threading: ` +
        `${kinds.map(([hardware], i) => `${hardware} ${cycles[i].map((n) => n.toFixed(1)).join(" and ")}`).join("; ")}. Without prediction they are ` +
        `even where a call and a return together take ${(direct - subroutine).toFixed(1)} cycles more than other instructions`,
    };
  },
});
