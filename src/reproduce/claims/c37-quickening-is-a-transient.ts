// C37: quickening rewrites an instruction when it first runs: a transient for predictors.
import { percent } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import type { Selection } from "../selection.ts";

/** Where the log stops rewriting, as its head says. */
const COLD = 8_755;
const run = { inputs: ["quickening"], technique: "direct-threading,dynamic-replication", predictor: "btb:unbounded,ittage" };

export default defineClaim({
  title: "quickening rewrites opcodes at their first execution: a transient for predictors",
  quote: "the virtual opcode is rewritten so that subsequently a ``quick'' form of the virtual instruction body will be dispatched",
  source: "zaleski",
  place: "section 6.2, Selective Inlining",
  evidence: "simulation",
  method:
    "A log of Java-like bytecode from a made-up program, which quickens in its first 8755 instructions: mispredicted dispatches in these and in the rest, direct " +
    "threading and a copy for each instruction, an unbounded branch target buffer and ITTAGE. The cold part also holds initializers that run once, so that " +
    "first executions of all kinds are in it. A transient: a rate more than twice that of the rest.",
  experiments: { whole: run, steady: { ...run, warmup: COLD } },
  expected: {
    what: "more mispredictions while instructions are rewritten, where the predictor knows nearly everything afterwards",
    from: "our inference; the dissertation says nothing of prediction here",
    confidence: "memory",
  },
  expectedVerdict: "depends on the predictor",
  judge({ whole, steady }) {
    const points = whole.techniques.flatMap((technique) =>
      whole.predictors.map((predictor) => {
        const [all, rest]: Selection[] = [whole, steady].map((rows) => rows.where({ technique, predictor }));
        const cold = (all.mispredictions - rest.mispredictions) / (all.branches - rest.branches);
        return { technique, predictor, cold, steady: rest.rate, transient: cold > 2 * rest.rate };
      }),
    );
    const transients = points.filter(({ transient }) => transient).length;
    const verdict = transients === points.length ? "reproduced" : transients > 0 ? "depends on the predictor" : "not reproduced";
    return {
      verdict,
      measured: `mispredicted while it quickens, and afterwards: ${points
        .map((point) => `${point.technique} with ${point.predictor} ${percent(point.cold)} and ${percent(point.steady, 2)}`)
        .join("; ")}`,
    };
  },
});
