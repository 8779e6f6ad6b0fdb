// gshare: the address of a conditional xor the outcomes of the last conditionals selects a two-bit counter, so that
// a branch has a counter for every situation in which it is met.

import { ALL_KINDS, CONDITIONAL } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { definePredictor } from "../src/models/predictor.ts";

export default definePredictor({
  title: "gshare",
  source:
    "S. McFarling, Combining branch predictors, DEC WRL TN-36, 1993. Counters start at 1, weakly not taken. " +
    "Counts agree exactly with two other implementations on recorded traces; history=all is what simulators have that shift " +
    "every branch in.",
  covers: CONDITIONAL,
  tracks: ({ history }) => (history === "all" ? ALL_KINDS : CONDITIONAL),
  parameters: {
    entries: {
      default: 65536,
      min: 1,
      max: 2 ** 24,
      powerOfTwo: true,
      unit: "counters",
      description: "two-bit counters",
    },
    historyBits: {
      default: 16,
      min: 0,
      max: 24,
      unit: "bits",
      description: "outcomes in the history, the newest in bit 0; those beyond the log2(entries) bits of an index have no effect",
    },
    history: {
      type: "choice",
      choices: ["conditional", "all"],
      default: "conditional",
      description: "whose outcomes enter the history: those of conditionals, or of every branch (all others are taken)",
    },
  },
  storageBits: ({ entries, historyBits }) => 2 * entries + historyBits,
  create({ entries, historyBits }) {
    const counters = new Int8Array(entries).fill(1);
    const history = fixedArray([0]);
    const historyMask = 2 ** historyBits - 1;
    return {
      predict: (pc) => counters[(pc ^ history[0]) & (entries - 1)] >> 1,
      train(pc, _target, taken) {
        const index = (pc ^ history[0]) & (entries - 1);
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
