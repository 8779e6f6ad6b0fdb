// GAg: one global history selects a counter from one table, without the address of the branch. Different
// branches with the same history share a counter.

import { CONDITIONAL } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { definePredictor } from "../src/models/predictor.ts";

export default definePredictor({
  title: "GAg, conditional two-level, global history",
  source:
    "T.-Y. Yeh and Y. N. Patt, Alternative implementations of two-level adaptive branch prediction, ISCA 1992, its GAg(18) (from memory). " +
    "Departures: counters start at 1, weakly not taken, and the history as not taken (theirs: taken).",
  covers: CONDITIONAL,
  tracks: CONDITIONAL,
  parameters: {
    historyBits: {
      default: 18,
      min: 0,
      max: 24,
      unit: "bits",
      description: "outcomes in the history; the table has a counter for every history",
    },
  },
  storageBits: ({ historyBits }) => 2 * 2 ** historyBits + historyBits,
  create({ historyBits }) {
    const counters = new Int8Array(2 ** historyBits).fill(1);
    const history = fixedArray([0]);
    const historyMask = 2 ** historyBits - 1;
    return {
      predict: () => counters[history[0]] >> 1,
      train(_pc, _target, taken) {
        const index = history[0];
        const counter = counters[index];
        if (taken !== 0) {
          if (counter < 3) counters[index] = counter + 1;
        } else if (counter > 0) counters[index] = counter - 1;
      },
      track(_pc, _target, taken) {
        history[0] = ((history[0] << 1) | taken) & historyMask;
      },
    };
  },
});
