// C16: is it worth it in the stages of a compiler?
import { NO_GAP, percent, points } from "../bands.ts";
import { defineClaim } from "../claim.ts";
import { COMPILER_PASS, NO_VIRTUAL_MACHINES, SHARED_OR_OWN, STAGES, STATE_MACHINE } from "../experiments.ts";

export default defineClaim({
  title: "dispatch by a switch is in every stage of a compiler: does a jump for every prong pay there?",
  quote: "pretty much in every stage of the pipeline",
  source: "zig",
  place: "Real Actual Use Case; whether it pays is left open there (OK But Is The Perf Actually Good?)",
  evidence: "simulation",
  method:
    "Two stages of a compiler, a tokenizer's states over TypeScript and a walk over a list of tagged instructions, each as a switch " +
    "and as a replicated switch, on three predictors; beside them what virtual machines gain from a dispatch for each body.",
  experiments: { stages: STAGES, machines: SHARED_OR_OWN },
  expected: {
    what: "less than in virtual machines where a state follows itself, because a shared jump then predicts it",
    from: "C17, the law of the shared jump; release notes of Zig 0.14 claim better prediction",
    confidence: "memory",
  },
  expectedVerdict: "depends on the predictor",
  judge({ stages, machines }) {
    const gains = stages.predictors.map((predictor) => {
      const of = (program: string): number => {
        const [shared, own] = ["switch", "replicated-switch"].map((technique) => stages.where({ technique, program, predictor }).rate);
        return shared - own;
      };
      const [shared, own] = ["switch", "direct-threading"].map(
        (technique) => machines.except(NO_VIRTUAL_MACHINES).where({ technique, predictor }).meanRate,
      );
      const [tokenizer, pass] = [of(STATE_MACHINE), of(COMPILER_PASS)];
      return {
        pays: [tokenizer, pass].map((gain) => gain > NO_GAP),
        text: `${predictor} ${points(tokenizer)}, ${points(pass)}, ${points(shared - own)}`,
      };
    });
    const outcomes = gains.flatMap(({ pays }) => pays);
    const alone = stages.where({ technique: "switch", program: STATE_MACHINE, predictor: "btb" }).rate;
    return {
      verdict: outcomes.every((pays) => pays)
        ? "reproduced"
        : outcomes.some((pays) => pays)
          ? "depends on the predictor"
          : "not reproduced",
      measured:
        `fewer mispredicted dispatches in the tokenizer, the pass, and virtual machines: ${gains.map(({ text }) => text).join("; ")}. ` +
        `In the tokenizer ${percent(1 - alone)} of the states follow themselves: a shared jump predicts these`,
    };
  },
});
