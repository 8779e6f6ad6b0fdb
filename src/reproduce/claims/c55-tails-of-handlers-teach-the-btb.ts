// C55: a dispatch at the tail of each handler, instead of one in a loop, lets the branch target buffer learn which follows which.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { timesTheCycles } from "../estimates.ts";
import { instructionsPerVirtual, WASM_PROGRAMS } from "../experiments.ts";

/** A loop that calls each handler, as the interpreter had before. */
const LOOP = "call-threading";
const TAILS = "tail-call-threading";
/** Processors of the year and of those before; which x86-64 it was is not said. */
const PROCESSORS = ["skylake", "golden-cove", "zen-4", "zen-5"];

export default defineClaim({
  title: "tail calls out of each handler are predicted better than calls out of one loop",
  quote: "from one shared loop to the tail of every handler so the BTB learns per-edge transition patterns",
  source: "wasm",
  place: "kvpanch, paritytech/polkavm, pull request 382, 6 May 2026",
  evidence: "simulation",
  wouldDecide: "clock",
  method:
    "Its own code is RISC-V's; here the lab's WebAssembly programs, in place. A loop that calls each handler, as before that change, and a tail call at the end of each; a branch " +
    `target buffer, and models of ${PROCESSORS.join(", ")} (approximations): mispredicted dispatches. Reproduced if they are fewer with tail calls on each; the estimated time saved stands ` +
    "beside what was published, and decides nothing.",
  experiments: {
    buffer: { inputs: WASM_PROGRAMS, technique: `${LOOP},${TAILS}`, predictor: "btb" },
    machines: { inputs: WASM_PROGRAMS, technique: `${LOOP},${TAILS}`, machine: PROCESSORS.join(",") },
  },
  expected: {
    what: "fewer mispredictions, without a figure; 20.3 % less time on average, 13.0 to 36.8 % by program",
    from: "the pull request's description",
    confidence: "primary",
  },
  expectedVerdict: "depends on the predictor",
  judge({ buffer, machines }) {
    const found = [buffer, machines].flatMap((rows) =>
      rows.predictors.map((predictor) => {
        const [loop, tails] = [LOOP, TAILS].map((technique) => rows.where({ technique, predictor, kind: "dispatch" }));
        const [before, after] = [loop, tails].map(
          ({ mispredictions, virtualInstructions }) => (100 * mispredictions) / virtualInstructions,
        );
        const saved = 1 - 1 / timesTheCycles(loop, tails).value;
        return {
          fewer: after < before,
          text: `${predictor} ${before.toFixed(1)} before and ${after.toFixed(1)} after, ${percent(saved, 0)} less time by estimate`,
        };
      }),
    );
    const fewer = found.filter((one) => one.fewer).length;
    const [before, after] = [LOOP, TAILS].map((technique) =>
      instructionsPerVirtual(buffer.where({ technique, kind: "dispatch" })).toFixed(1),
    );
    return {
      verdict: fewer === found.length ? "reproduced" : fewer > 0 ? "depends on the predictor" : "not reproduced",
      measured:
        `mispredicted dispatches in 100 virtual instructions: ${found.map(({ text }) => text).join("; ")}; native instructions for a virtual one: ${before} before and ` +
        `${after} after, so that less of the time here is spent in bodies than in an interpreter whose bodies are longer`,
    };
  },
});
