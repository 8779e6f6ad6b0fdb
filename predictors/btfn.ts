// Backward taken, forward not: a branch backwards closes a loop, so it is taken; one forwards skips something. Static:
// the decoder sees the target and nothing is remembered.
import { CONDITIONAL, NONE } from "../src/branch.ts";
import { definePredictor } from "../src/models/predictor.ts";

export default definePredictor({
  title: "Backward taken, forward not taken",
  source:
    "J. E. Smith, A study of branch prediction strategies, ISCA 1981, strategy 3 (number from memory). " +
    "A branch to itself counts as backward. Where the target is unknown (a trace in which the branch is never taken) it predicts not taken.",
  covers: CONDITIONAL,
  parameters: {},
  storageBits: () => 0,
  create: () => ({
    // The difference, not the addresses: the low 32 bits of an address may be negative.
    predict: (pc, staticTarget) => (staticTarget !== NONE && ((staticTarget - pc) | 0) <= 0 ? 1 : 0),
    train() {},
  }),
});
