// C41: indirect branches take more than half of an interpreter's time.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { NO_VIRTUAL_MACHINES, SHARED_OR_OWN } from "../experiments.ts";

export default defineClaim({
  title: "indirect branches consume more than half of the run-time in several configurations",
  quote: "more than half of the run-time in a number of configurations we simulated",
  source: "literature",
  place: "M. A. Ertl and D. Gregg, JILP 5, 2003, abstract",
  evidence: "assumption",
  method:
    "All virtual machines' programs, switch and direct threading on a branch target buffer and on ITTAGE: the part of the estimated " +
    "cycles that is lost to mispredictions, at the penalty that the rows assume and at 10 and 30 cycles; 1 instruction a cycle.",
  experiments: { all: SHARED_OR_OWN },
  expected: { what: "more than half, in several configurations", from: "the abstract", confidence: "primary" },
  shows: { measure: "lost", published: [{ low: 50, high: 100, what: "more than half" }] },
  expectedVerdict: "reproduced",
  judge({ all }) {
    const [{ cost }] = all.rows;
    const shares = ["btb", "ittage"].flatMap((predictor) =>
      ["switch", "direct-threading"].map((technique) => {
        const { cyclesLost, estimatedCycles } = all.except(NO_VIRTUAL_MACHINES).where({ technique, predictor });
        const at = (penalty: number): number => {
          const lost = (cyclesLost / cost.penaltyCycles) * penalty;
          return lost / (estimatedCycles - cyclesLost + lost);
        };
        const configurations = [10, cost.penaltyCycles, 30].map(at);
        const [short, assumed, long] = configurations.map((share) => percent(share));
        return {
          half: configurations.filter((share) => share > 0.5).length,
          text: `${technique} on ${predictor} ${assumed} (${short} at 10 cycles, ${long} at 30)`,
        };
      }),
    );
    const half = shares.reduce((sum, each) => sum + each.half, 0);
    return {
      verdict: half > 1 ? "reproduced" : half === 1 ? "reproduced in part" : "not reproduced",
      measured: `lost to mispredictions, of the cycles at ${cost.penaltyCycles} each: ${shares.map(({ text }) => text).join("; ")}`,
    };
  },
});
