// Bimodal: predicts a conditional's most frequent outcome, from a table of two-bit counters indexed by its address.
import { CONDITIONAL } from "../src/branch.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { renewalOf } from "../src/models/renewal.ts";
import { DIRECTION_PARAMETERS } from "../src/models/two-level-directions.ts";

export default definePredictor({
  title: "Bimodal, two-bit counters",
  source:
    "J. E. Smith, A study of branch prediction strategies, ISCA 1981. Counters start at 1, weakly not taken. " +
    "Counts agree exactly with two other implementations on recorded traces; MBPlib's of 64 KB is entries=262144:initial=2.",
  covers: CONDITIONAL,
  parameters: {
    entries: {
      default: 65536,
      min: 1,
      max: 2 ** 24,
      powerOfTwo: true,
      unit: "counters",
      description: "two-bit counters; the low bits of the address select one",
    },
    initial: DIRECTION_PARAMETERS.initial,
  },
  storageBits: ({ entries }) => 2 * entries,
  create({ entries, initial }) {
    const counters = new Int8Array(entries).fill(initial);
    return {
      predict: (pc) => counters[pc & (entries - 1)] >> 1,
      train(pc, _target, taken) {
        const index = pc & (entries - 1);
        const counter = counters[index];
        if (taken !== 0) {
          if (counter < 3) counters[index] = counter + 1;
        } else if (counter > 0) counters[index] = counter - 1;
      },
      renewal: () => renewalOf(counters),
    };
  },
});
