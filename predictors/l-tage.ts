// L-TAGE in 256 Kbit, winner of the second Championship Branch Prediction: TAGE and a loop predictor that counts
// iterations, so that a loop's end is predicted however long the loop is.
import { CONDITIONAL, INDIRECT } from "../src/branch.ts";
import { createLoopTable, type LoopTableSizes, loopTableBits } from "../src/models/loop-table.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { createTage, geometricLengths, tageBits } from "../src/models/tage.ts";

const TABLES = 12;
const ROW_BITS = [10, 10, 11, 11, 11, 11, 10, 10, 10, 10, 9, 9];
const TAG_BITS = [7, 7, 8, 8, 9, 10, 11, 12, 12, 13, 14, 15];
const BASE_BITS = 14;

export default definePredictor({
  title: "L-TAGE, 256 Kbit",
  source:
    "A. Seznec, The L-TAGE branch predictor, JILP 9, 2007; rules of the loops as in gem5. Departures: index and tag are taken from a " +
    "product of one 31-bit fold and the address, without a path history; an indirect branch adds one bit of its target and address " +
    "to the outcomes; no speculative iterations, because every branch trains before the next is predicted.",
  covers: CONDITIONAL,
  tracks: CONDITIONAL | INDIRECT,
  parameters: {
    kilobits: {
      default: 256,
      min: 16,
      max: 2048,
      powerOfTwo: true,
      unit: "Kbit",
      description: "storage budget; all tables except the loops scale with it",
    },
    loops: { default: 256, min: 4, max: 65536, powerOfTwo: true, unit: "entries", description: "loops, in sets of four" },
    minHistory: { default: 4, min: 1, max: 4000, unit: "bits", description: "history length of the first tagged table" },
    maxHistory: {
      default: 640,
      min: 1,
      max: 4000,
      unit: "bits",
      description: "history length of the last tagged table; those between are geometric",
    },
  },
  check: ({ minHistory, maxHistory }) =>
    minHistory > maxHistory ? `minHistory must be at most maxHistory (${maxHistory}), got ${minHistory}` : undefined,
  // A loop: tag, iterations and iterations so far, confidence 2, age 8. 260,608 bits with the defaults. The history and four
  // small counters are left out.
  storageBits: ({ kilobits, loops }) => tageBits(sizesOf(kilobits)) + loopTableBits(loopsOf(loops)),

  create({ kilobits, loops, minHistory, maxHistory }) {
    const tage = createTage({ ...sizesOf(kilobits), lengths: geometricLengths(TABLES, minHistory, maxHistory), noRoom: "take" });
    const table = createLoopTable(loopsOf(loops));
    return {
      predict(pc) {
        const answer = table.predict(pc);
        return answer >= 0 ? answer : tage.predict(pc);
      },
      train(pc, _target, taken) {
        const tageAnswer = tage.train(pc, taken);
        table.train(pc, taken, tageAnswer, tageAnswer);
      },
      track(pc, target, taken, kind) {
        if (kind === CONDITIONAL) tage.push(taken);
        else tage.push(target ^ (target >>> 3) ^ pc);
      },
      histories: tage.histories,
    };
  },
});

function sizesOf(kilobits: number) {
  const more = Math.log2(kilobits / 256);
  return { baseBits: BASE_BITS + more, sharingBits: 2, rowBits: ROW_BITS.map((bits) => bits + more), tagBits: TAG_BITS };
}

function loopsOf(loops: number): LoopTableSizes {
  return { sets: loops / 4, ways: 4, tagBits: 14, countBits: 14, newcomers: "first" };
}
