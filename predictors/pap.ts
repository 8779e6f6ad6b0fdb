// PAp: every branch has its own history and its own table of counters, so that branches do not interfere. For a given
// length of history it is the most expensive two-level predictor.
import { CONDITIONAL } from "../src/branch.ts";
import { definePredictor } from "../src/models/predictor.ts";

export default definePredictor({
  title: "PAp, conditional two-level, local histories, a table per address",
  source:
    "T.-Y. Yeh and Y. N. Patt, Alternative implementations of two-level adaptive branch prediction, ISCA 1992, its PAp(6) (from memory). " +
    "Departures: histories are untagged and selected by the low bits of the address (theirs: 512 entries, four ways, tagged), " +
    "so branches alike in those bits share history and table; counters start at 1, weakly not taken, and histories as not taken (theirs: taken).",
  covers: CONDITIONAL,
  tracks: CONDITIONAL,
  parameters: {
    histories: {
      default: 512,
      min: 1,
      max: 65536,
      powerOfTwo: true,
      unit: "histories",
      description: "per-address histories, each with its table of counters; the low bits of the address select one",
    },
    historyBits: {
      default: 6,
      min: 0,
      max: 16,
      unit: "bits",
      description: "outcomes in a history; a table has a counter for every history",
    },
  },
  check: ({ histories, historyBits }) =>
    histories * 2 ** historyBits > 2 ** 26
      ? `histories=${histories} with historyBits=${historyBits} needs more than 2^26 counters`
      : undefined,
  storageBits: ({ histories, historyBits }) => histories * (historyBits + 2 * 2 ** historyBits),
  create({ histories, historyBits }) {
    const patterns = new Int32Array(histories);
    const counters = new Int8Array(histories * 2 ** historyBits).fill(1);
    const historyMask = 2 ** historyBits - 1;
    return {
      predict(pc) {
        const row = pc & (histories - 1);
        return counters[(row << historyBits) | patterns[row]] >> 1;
      },
      train(pc, _target, taken) {
        const row = pc & (histories - 1);
        const index = (row << historyBits) | patterns[row];
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
