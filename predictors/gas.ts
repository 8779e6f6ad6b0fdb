// GAs: one global history, and a pattern table for every set of addresses: the low bits of the address select a table, and
// the outcomes of the last conditionals select a two-bit counter in it.
import { CONDITIONAL } from "../src/branch.ts";
import { definePredictor } from "../src/models/predictor.ts";

export default definePredictor({
  title: "GAs, conditional two-level, global history, a table per address set",
  source:
    "T.-Y. Yeh and Y. N. Patt, A comparison of dynamic branch predictors that use two levels of branch history, ISCA 1993, " +
    "its GAs(13, 32) (from memory). Departures: counters start at 1, weakly not taken, and the history as not taken (theirs: taken); " +
    "the lowest address bits select the table, since instructions may begin at any byte.",
  covers: CONDITIONAL,
  tracks: CONDITIONAL,
  parameters: {
    historyBits: {
      default: 13,
      min: 0,
      max: 20,
      unit: "bits",
      description: "outcomes in the history; a table has a counter for every history",
    },
    tables: {
      default: 32,
      min: 1,
      max: 1024,
      powerOfTwo: true,
      unit: "tables",
      description: "pattern tables; the low bits of the address select one",
    },
  },
  check: ({ historyBits, tables }) =>
    tables * 2 ** historyBits > 2 ** 26 ? `tables=${tables} with historyBits=${historyBits} needs more than 2^26 counters` : undefined,
  storageBits: ({ historyBits, tables }) => 2 * tables * 2 ** historyBits + historyBits,
  create({ historyBits, tables }) {
    const counters = new Int8Array(tables * 2 ** historyBits).fill(1);
    const history = new Int32Array(1);
    const historyMask = 2 ** historyBits - 1;
    const indexOf = (pc: number): number => ((pc & (tables - 1)) << historyBits) | history[0];
    return {
      predict: (pc) => counters[indexOf(pc)] >> 1,
      train(pc, _target, taken) {
        const index = indexOf(pc);
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
