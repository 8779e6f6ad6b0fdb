// Loop predictor: counts how often a branch is taken before it falls through, and predicts the end once the count was the
// same three times. Other branches are predicted by a table of two-bit counters.
import { CONDITIONAL } from "../src/branch.ts";
import { createLoopTable, loopTableBits } from "../src/models/loop-table.ts";
import { definePredictor } from "../src/models/predictor.ts";

export default definePredictor({
  title: "Loop predictor over bimodal",
  source:
    "A. Seznec, The L-TAGE branch predictor, JILP 9, 2007, as in gem5 (rules as in its source). There it corrects a TAGE; " +
    "here it corrects a bimodal predictor (J. E. Smith, ISCA 1981; size ours, counters start at 1). Departures: low address bits select " +
    "set and tag, whole; the search for a free way begins at each way in turn instead of a random one. As there, a loop branch is taken until it ends.",
  covers: CONDITIONAL,
  parameters: {
    sets: { default: 64, min: 1, max: 65536, powerOfTwo: true, unit: "sets", description: "sets; the low bits of the address select one" },
    ways: { default: 4, min: 1, max: 16, powerOfTwo: true, unit: "ways", description: "loops in a set, replaced by age" },
    tagBits: { default: 14, min: 1, max: 16, unit: "bits", description: "address bits above the set index that an entry remembers" },
    iterationBits: { default: 14, min: 2, max: 24, unit: "bits", description: "bits of an iteration count, of which an entry has two" },
    baseEntries: {
      default: 16384,
      min: 1,
      max: 2 ** 24,
      powerOfTwo: true,
      unit: "counters",
      description: "two-bit counters of the bimodal part",
    },
  },
  // An entry: tag, iterations of the loop and of this run, confidence, age. Plus 7 bits of trust; the first way of a search is left out.
  storageBits: ({ sets, ways, tagBits, iterationBits, baseEntries }) =>
    loopTableBits({ sets, ways, tagBits, countBits: iterationBits, newcomers: "turn" }) + 7 + 2 * baseEntries,
  create({ sets, ways, tagBits, iterationBits, baseEntries }) {
    const counters = new Int8Array(baseEntries).fill(1);
    const loops = createLoopTable({ sets, ways, tagBits, countBits: iterationBits, newcomers: "turn" });
    return {
      predict(pc) {
        const answer = loops.predict(pc);
        return answer >= 0 ? answer : counters[pc & (baseEntries - 1)] >> 1;
      },
      train(pc, _target, taken) {
        const index = pc & (baseEntries - 1);
        const counter = counters[index];
        loops.train(pc, taken, counter >> 1, counter >> 1);
        if (taken !== 0) {
          if (counter < 3) counters[index] = counter + 1;
        } else if (counter > 0) counters[index] = counter - 1;
      },
    };
  },
});
