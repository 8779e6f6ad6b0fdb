// Always taken: the simplest static prediction, the baseline for all others. It has no state.
import { CONDITIONAL } from "../src/branch.ts";
import { definePredictor } from "../src/models/predictor.ts";

export default definePredictor({
  title: "Always taken",
  source: "J. E. Smith, A study of branch prediction strategies, ISCA 1981, strategy 1 (number from memory). No departures.",
  covers: CONDITIONAL,
  parameters: {},
  storageBits: () => 0,
  create: () => ({
    predict: () => 1,
    train() {},
  }),
});
