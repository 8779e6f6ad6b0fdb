// gselect: the index into a table of two-bit counters concatenates low bits of the address and outcomes of the last
// conditionals. gshare was measured against it: there the two are xored, and neither loses bits.
import { CONDITIONAL } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { DIRECTION_PARAMETERS, historyKinds } from "../src/models/two-level-directions.ts";

export default definePredictor({
  title: "gselect",
  source:
    "S. McFarling, Combining branch predictors, DEC WRL TN-36, 1993; after S.-T. Pan, K. So and J. T. Rahmeh, ASPLOS 1992. " +
    "Equal shares for address and history, and the size, are ours. Counters start at 1, weakly not taken; the history is all not taken.",
  covers: CONDITIONAL,
  tracks: historyKinds,
  parameters: {
    entries: { default: 65536, min: 1, max: 2 ** 24, powerOfTwo: true, unit: "counters", description: "two-bit counters" },
    historyBits: {
      default: 8,
      min: 0,
      max: 24,
      unit: "bits",
      description: "index bits that are outcomes, the newest in bit 0; the others are low bits of the address",
    },
    ...DIRECTION_PARAMETERS,
  },
  check: ({ entries, historyBits }) =>
    2 ** historyBits > entries ? `historyBits must be at most log2(entries) (${Math.log2(entries)}), got ${historyBits}` : undefined,
  storageBits: ({ entries, historyBits }) => 2 * entries + historyBits,
  create({ entries, historyBits, initial }) {
    const counters = new Int8Array(entries).fill(initial);
    const history = fixedArray([0]); // 0.72 of the time with a plain Int32Array(1), over recorded branches of interpreters
    const historyMask = 2 ** historyBits - 1;
    const indexOf = (pc: number): number => ((pc << historyBits) | history[0]) & (entries - 1);
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
      histories: [history],
    };
  },
});
