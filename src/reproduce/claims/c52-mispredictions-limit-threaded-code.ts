// C52: mispredictions that the context problem causes limit a direct-threaded interpreter.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { timesText, timesTheCycles } from "../estimates.ts";
import { PENTIUM_4, VM_PROGRAMS } from "../experiments.ts";

const DIRECT = "direct-threading";
/** A context of its own for each instruction whose body may be copied. */
const APART = "dynamic-replication";
/** Share of all cycles above which mispredictions are a limit: our own limit, as in C5. */
const LIMIT = 0.1;

export default defineClaim({
  title: "mispredictions caused by the context problem limit a direct-threaded interpreter",
  quote: "branch mispredictions caused by the context problem limit the performance of a direct-threaded interpreter on a modern processor",
  source: "zaleski",
  place: "section 7, Chapter Summary",
  evidence: "assumption",
  wouldDecide: "clock",
  method:
    "Programs on virtual machines, direct threading, on models of three processors (pentium-4-northwood, the dissertation's; sandy-bridge and zen-4, later ones; all " +
    "approximations): the part of the estimated cycles that is lost to mispredictions, and how much of it a body for each instruction avoids, which ends the context " +
    "problem where bodies may be copied. A limit is, by our own measure, a tenth of the cycles lost to what is so avoided; overrides are not mispredictions, and " +
    "count only in the time that replication saves.",
  experiments: { machines: { inputs: VM_PROGRAMS, technique: `${DIRECT},${APART}`, machine: `${PENTIUM_4},sandy-bridge,zen-4` } },
  expected: {
    what: "a limit where only the last target is predicted; less of one, or none, where history is",
    from: "the sentence itself; that newer predictors lift the limit: E. Rohou, B. N. Swamy and A. Seznec, CGO 2015, abstract",
    confidence: "primary",
  },
  shows: { measure: "lost" },
  expectedVerdict: "depends on the predictor",
  judge({ machines }) {
    const found = machines.predictors.map((predictor) => {
      const [direct, apart] = [DIRECT, APART].map((technique) => machines.where({ technique, predictor }));
      const lost = direct.cyclesLost / direct.estimatedCycles;
      const avoided = (direct.cyclesLost - apart.cyclesLost) / direct.estimatedCycles;
      return {
        limits: avoided >= LIMIT,
        text:
          `${predictor} ${percent(lost)} lost to mispredictions, ${percent(avoided)} that a body for each instruction avoids; ` +
          `direct threading takes ${timesText(timesTheCycles(direct, apart))} its cycles`,
      };
    });
    const limited = found.filter(({ limits }) => limits).length;
    return {
      verdict: limited === found.length ? "reproduced" : limited > 0 ? "depends on the predictor" : "not reproduced",
      measured: `of direct threading's estimated cycles: ${found.map(({ text }) => text).join("; ")}`,
    };
  },
});
