// n-modal: bimodal with counters of more than two bits, which take longer to change their mind.
import { CONDITIONAL } from "../src/branch.ts";
import { definePredictor } from "../src/models/predictor.ts";

export default definePredictor({
  title: "n-modal, counters of n bits",
  source:
    "J. E. Smith, A study of branch prediction strategies, ISCA 1981, strategy 7 with wider counters (number from memory). Counters " +
    "start weakly not taken. MBPlib's of three bits and 64 KB, with start=taken, mispredicts exactly as often.",
  covers: CONDITIONAL,
  parameters: {
    entries: {
      default: 131072,
      min: 1,
      max: 2 ** 24,
      powerOfTwo: true,
      unit: "counters",
      description: "counters; the low bits of the address select one",
    },
    counterBits: {
      default: 3,
      min: 1,
      max: 8,
      unit: "bits",
      description: "bits of a counter; the upper half of its values predicts taken",
    },
    start: { type: "choice", choices: ["not-taken", "taken"], default: "not-taken", description: "what counters lean to at first, weakly" },
  },
  storageBits: ({ entries, counterBits }) => entries * counterBits,
  create({ entries, counterBits, start }) {
    const half = 2 ** (counterBits - 1);
    const counters = new Int16Array(entries).fill(start === "taken" ? 0 : -1); // from -half to half - 1; from 0 on taken
    return {
      predict: (pc) => (counters[pc & (entries - 1)] >= 0 ? 1 : 0),
      train(pc, _target, taken) {
        const index = pc & (entries - 1);
        const counter = counters[index];
        if (taken !== 0) {
          if (counter < half - 1) counters[index] = counter + 1;
        } else if (counter > -half) counters[index] = counter - 1;
      },
    };
  },
});
