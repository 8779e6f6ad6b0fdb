// C10: every prong of a switch in a loop jumps back to the loop's condition.
import { defineClaim } from "../claim.ts";
import { EXACT } from "../experiments.ts";

export default defineClaim({
  title: "every prong jumps back to the loop's condition and is dispatched from there",
  quote: "each prong ends up jumping back to the loop condition, before getting re-dispatched to the next prong",
  source: "zig",
  place: "Problem Statement",
  evidence: "law",
  method:
    "All programs, the compiler pass over a list among them: a switch in a loop that counts (switch:counted). Executed native branches " +
    "of each kind; direct jumps are those that are neither indirect, nor conditional, nor returns. The first dispatch enters at the " +
    "shared jump.",
  experiments: { all: { technique: "switch:counted", predictor: EXACT } },
  expected: {
    what: "per virtual instruction, one direct jump, one conditional and one indirect jump",
    from: "the assembly quoted there",
    confidence: "primary",
  },
  shows: { measure: "branches", kind: "all", published: [{ low: 3, high: 3, what: "a jump, a conditional and an indirect jump" }] },
  expectedVerdict: "by construction",
  judge({ all }) {
    const [every, indirect, conditional, returns] = (["all", "indirect", "conditional", "return"] as const).map((kind) =>
      all.where({ kind, predictor: all.predictors[0] }),
    );
    const jumps = every.branches - indirect.branches - conditional.branches - returns.branches;
    // one dispatch fewer comes from a prong than there are virtual instructions
    const fromProngs = indirect.branches - all.programs.length;
    const shape = indirect.branches === indirect.virtualInstructions && conditional.branches === fromProngs;
    const per = (branches: number): string => (branches / indirect.virtualInstructions).toFixed(2);
    return {
      verdict: shape && jumps === fromProngs ? "by construction" : jumps > 0 ? "reproduced in part" : "not reproduced",
      measured:
        `per virtual instruction ${per(jumps)} jumps back, ${per(conditional.branches)} tests of the loop, ` +
        `${per(indirect.branches)} indirect jumps`,
    };
  },
});
