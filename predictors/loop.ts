// Loop predictor: counts how often a branch is taken before it falls through, and once the count was the same three
// times, predicts the end. What it is not sure of, a table of two-bit counters predicts.
import { CONDITIONAL } from "../src/branch.ts";
import { definePredictor } from "../src/predictor.ts";

const SURE = 3; // confidence, 2 bits
const OLDEST = 255; // age, 8 bits: an entry can be replaced at 0

export default definePredictor({
  title: "Loop predictor over bimodal",
  source:
    "A. Seznec, The L-TAGE branch predictor, JILP 9, 2007, as in gem5 (rules as in its source). There it corrects a TAGE; " +
    "standing alone, it here corrects a bimodal predictor (J. E. Smith, ISCA 1981; size ours, counters start at 1). Departures: low address bits select " +
    "set and tag, whole; the way at which a search for room begins goes round instead of being random. As there, a loop is taken and its end is not.",
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
  // An entry: tag, iterations of the loop and of this run, confidence, age. And the 7 bits of trust; the way to begin at is left out.
  storageBits: ({ sets, ways, tagBits, iterationBits, baseEntries }) =>
    sets * ways * (tagBits + 2 * iterationBits + 2 + 8) + 7 + 2 * baseEntries,
  create({ sets, ways, tagBits, iterationBits, baseEntries }) {
    const counters = new Int8Array(baseEntries).fill(1);
    const tags = new Int32Array(sets * ways).fill(-1);
    const lengths = new Int32Array(sets * ways); // branches from one end to the next, the end included; 0: not known yet
    const counts = new Int32Array(sets * ways); // of them, how many were met in this run
    const confidences = new Uint8Array(sets * ways);
    const ages = new Uint8Array(sets * ways);
    const state = Int32Array.of(-1, 0);
    const TRUST = 0; // -64 to 63; from 0 on, sure loops are believed
    const TURN = 1;
    const setBits = Math.log2(sets);
    const tagMask = 2 ** tagBits - 1;
    const countMask = 2 ** iterationBits - 1;

    function find(pc: number): number {
      const first = (pc & (sets - 1)) * ways;
      const tag = (pc >>> setBits) & tagMask;
      for (let i = first; i < first + ways; i++) if (tags[i] === tag) return i;
      return -1;
    }

    function allocate(pc: number): void {
      const first = (pc & (sets - 1)) * ways;
      state[TURN] = (state[TURN] + 1) & (ways - 1);
      for (let k = 0; k < ways; k++) {
        const i = first + ((state[TURN] + k) & (ways - 1));
        if (ages[i] === 0) {
          tags[i] = (pc >>> setBits) & tagMask;
          counts[i] = 1;
          lengths[i] = 0;
          confidences[i] = 0;
          ages[i] = OLDEST;
          return;
        }
        ages[i]--;
      }
    }

    /** Forgets the length; the entry goes on counting. */
    function forget(i: number): void {
      lengths[i] = 0;
      confidences[i] = 0;
    }

    function learn(i: number, taken: number, base: number): void {
      if (confidences[i] === SURE) {
        const loop = counts[i] + 1 === lengths[i] ? 0 : 1;
        if (loop !== base) state[TRUST] = loop === taken ? Math.min(state[TRUST] + 1, 63) : Math.max(state[TRUST] - 1, -64);
        if (loop !== taken) {
          forget(i);
          counts[i] = 0;
          ages[i] = 0;
          return;
        }
        if (loop !== base && ages[i] < OLDEST) ages[i]++;
      }
      const count = (counts[i] + 1) & countMask;
      counts[i] = taken !== 0 ? count : 0;
      if (count > lengths[i]) forget(i);
      if (taken !== 0) return;
      if (lengths[i] === 0) lengths[i] = count;
      else if (lengths[i] !== count) forget(i);
      else if (count < 3) {
        forget(i); // so short a loop any history knows
        ages[i] = 0;
      } else if (confidences[i] < SURE) confidences[i]++;
    }

    return {
      predict(pc) {
        const i = state[TRUST] >= 0 ? find(pc) : -1;
        if (i >= 0 && confidences[i] === SURE) return counts[i] + 1 === lengths[i] ? 0 : 1;
        return counters[pc & (baseEntries - 1)] >> 1;
      },
      train(pc, _target, taken) {
        const index = pc & (baseEntries - 1);
        const counter = counters[index];
        const i = find(pc);
        if (i >= 0) learn(i, taken, counter >> 1);
        else if (taken !== 0) allocate(pc);
        if (taken !== 0) {
          if (counter < 3) counters[index] = counter + 1;
        } else if (counter > 0) counters[index] = counter - 1;
      },
    };
  },
});
