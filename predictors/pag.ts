// PAg: every branch has its own history, and all share one table of counters: a pattern predicts the same outcome for all
// branches.
import { CONDITIONAL } from "../src/branch.ts";
import { definePredictor } from "../src/models/predictor.ts";

export default definePredictor({
  title: "PAg, conditional two-level, local histories",
  source:
    "T.-Y. Yeh and Y. N. Patt, Alternative implementations of two-level adaptive branch prediction, ISCA 1992, its PAg(12) (from memory). " +
    "Departures: histories are untagged and selected by the low bits of the address (theirs: 512 entries, four ways, tagged); " +
    "counters start at 1, weakly not taken, and histories as not taken (theirs: taken).",
  covers: CONDITIONAL,
  tracks: CONDITIONAL,
  parameters: {
    histories: {
      default: 512,
      min: 1,
      max: 2 ** 20,
      powerOfTwo: true,
      unit: "histories",
      description: "per-address histories; the low bits of the address select one",
    },
    historyBits: { default: 12, min: 0, max: 24, unit: "bits", description: "outcomes in a history; there is a counter for every history" },
  },
  storageBits: ({ histories, historyBits }) => histories * historyBits + 2 * 2 ** historyBits,
  create({ histories, historyBits }) {
    const patterns = new Int32Array(histories);
    const counters = new Int8Array(2 ** historyBits).fill(1);
    const historyMask = 2 ** historyBits - 1;
    return {
      predict: (pc) => counters[patterns[pc & (histories - 1)]] >> 1,
      train(pc, _target, taken) {
        const index = patterns[pc & (histories - 1)];
        const counter = counters[index];
        if (taken !== 0) {
          if (counter < 3) counters[index] = counter + 1;
        } else if (counter > 0) counters[index] = counter - 1;
      },
      track(pc, _target, taken) {
        const row = pc & (histories - 1);
        patterns[row] = ((patterns[row] << 1) | taken) & historyMask;
      },
    };
  },
});
