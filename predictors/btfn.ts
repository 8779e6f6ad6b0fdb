// Backward taken, forward not taken: a backward branch usually closes a loop and is taken; a forward branch usually is not.
// Static: it uses only the target that the decoder sees.
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
    // Compares by the difference, because the low 32 bits of an address may be negative.
    predict: (pc, staticTarget) => (staticTarget !== NONE && ((staticTarget - pc) | 0) <= 0 ? 1 : 0),
    train() {},
  }),
});
