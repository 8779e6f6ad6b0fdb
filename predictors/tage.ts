// TAGE: a conditional is predicted as it went the last time after the same history; of all remembered histories the longest
// counts. In 52 KB, with equal tables, which costs no accuracy and makes the simulation twice as fast.
import { CONDITIONAL, INDIRECT } from "../src/branch.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { createTage, geometricLengths, tageBits } from "../src/models/tage.ts";

export default definePredictor({
  title: "TAGE with equal tables, 52 KB",
  source:
    "A. Seznec and P. Michaud, A case for (partially) tagged geometric history length branch prediction, JILP 8, 2006; weak " +
    "entries as in A. Seznec, The L-TAGE branch predictor, JILP 9, 2007. Departures: equal tables; index and tag are taken from a " +
    "product of one 31-bit fold and the address, without a path history; an indirect branch adds one bit of its target and " +
    "address to the outcomes; u is cleared by halves every 2^18 branches. Not the best TAGE of its size: tage-cbp5 mispredicts less.",
  covers: CONDITIONAL,
  tracks: CONDITIONAL | INDIRECT,
  parameters: {
    tables: { default: 12, min: 1, max: 20, unit: "tables", description: "tagged tables" },
    rows: { default: 2048, min: 16, max: 65536, powerOfTwo: true, unit: "entries", description: "entries of each tagged table" },
    tagBits: { default: 11, min: 4, max: 16, unit: "bits", description: "tag of an entry" },
    baseRows: { default: 16384, min: 16, max: 2 ** 20, powerOfTwo: true, unit: "counters", description: "two-bit counters in the base" },
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
  // 425,984 bits with the defaults. The history and three small counters are left out.
  storageBits: (values) => tageBits(sizesOf(values)),
  create(values) {
    const tage = createTage({
      ...sizesOf(values),
      lengths: geometricLengths(values.tables, values.minHistory, values.maxHistory),
      noRoom: "age",
    });
    return {
      predict: tage.predict,
      inspect: tage.inspect,
      histories: tage.histories,
      renewal: tage.renewal,
      train(pc, _target, taken) {
        tage.train(pc, taken);
      },
      track(pc, target, taken, kind) {
        if (kind === CONDITIONAL) tage.push(taken);
        else tage.push(target ^ (target >>> 3) ^ pc);
      },
    };
  },
});

function sizesOf({ tables, rows, tagBits, baseRows }: Record<"tables" | "rows" | "tagBits" | "baseRows", number>) {
  return {
    baseBits: Math.log2(baseRows),
    sharingBits: 0,
    rowBits: Array<number>(tables).fill(Math.log2(rows)),
    tagBits: Array<number>(tables).fill(tagBits),
  };
}
