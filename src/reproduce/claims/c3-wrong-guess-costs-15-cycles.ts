// C3: a misprediction costs about 15 cycles.
import { defineClaim } from "../claim.ts";
import { NO_VIRTUAL_MACHINES, SHARED_OR_OWN } from "../experiments.ts";

const CLAIMED_CYCLES = 15;
/** Half as much and twice as much are still on the order of it. */
const ON_THE_ORDER = 2;

export default defineClaim({
  title: "a wrong guess costs on the order of 15 cycles",
  quote: "a number of cycles, typically on the order of 15 or so, are lost to refilling the pipeline",
  source: "rust",
  place: "second paragraph",
  evidence: "assumption",
  wouldDecide: "clock",
  method:
    "A trace has no pipeline: what a misprediction costs goes into the estimate and cannot come out of it. What can be shown is what " +
    "it comes to: cycles lost per virtual instruction in all virtual machines' programs, at the penalty that the rows assume and at " +
    "others.",
  experiments: { all: SHARED_OR_OWN },
  expected: {
    what: "13 to 20 cycles on processors of the last ten years",
    from: "vendors' guides and LLVM's scheduling models",
    confidence: "secondary",
  },
  expectedVerdict: "out of reach",
  byMachine({ id, costs }) {
    const penalty = costs?.penaltyCycles;
    if (penalty?.basis !== "measured") return undefined;
    const { value, low = value, high = value, source } = penalty;
    const times = value / CLAIMED_CYCLES;
    return {
      verdict: times >= 1 / ON_THE_ORDER && times <= ON_THE_ORDER ? "reproduced" : "not reproduced",
      measured: `${id}: a mispredicted indirect branch costs ${value.toFixed(1)} cycles (${low.toFixed(1)} to ${high.toFixed(1)}; ${source}), ${times.toFixed(2)} times the ${CLAIMED_CYCLES} claimed; up to ${ON_THE_ORDER} times is on the order`,
    };
  },
  judge({ all }) {
    const machines = all.except(NO_VIRTUAL_MACHINES);
    const [{ cost }] = all.rows;
    const lost = (technique: string, predictor: string): string => {
      const rows = machines.where({ technique, predictor });
      const assumed = rows.cyclesLost / rows.virtualInstructions;
      const at = (penalty: number): string => ((assumed / cost.penaltyCycles) * penalty).toFixed(1);
      return `${technique} on ${predictor} ${at(cost.penaltyCycles)} (${at(10)} at a penalty of 10, ${at(30)} at 30)`;
    };
    const cases = [lost("switch", "btb"), lost("direct-threading", "btb"), lost("switch", "ittage")];
    return {
      verdict: "out of reach",
      measured:
        `the penalty is an assumption here; with ${cost.penaltyCycles} cycles, every virtual instruction loses: ` + `${cases.join(", ")}`,
    };
  },
});
