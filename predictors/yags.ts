// YAGS, yet another global scheme: a bimodal table says how a branch mostly goes, and two small tagged tables remember with a
// history when it does not: one the exceptions of branches that are mostly taken, one those of the others.
import { CONDITIONAL } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { DIRECTION_PARAMETERS, historyKinds } from "../src/models/two-level-directions.ts";

export default definePredictor({
  title: "YAGS",
  source:
    "A. N. Eden and T. Mudge, The YAGS branch prediction scheme, MICRO 1998, with direct-mapped tables of exceptions. An exception " +
    "is entered, weakly, when bimodal was wrong and the table of exceptions did not know better; where it did, bimodal does not learn. " +
    "The tag is the lowest bits of the address. The size is ours.",
  covers: CONDITIONAL,
  tracks: historyKinds,
  parameters: {
    choices: {
      default: 65536,
      min: 1,
      max: 2 ** 22,
      powerOfTwo: true,
      unit: "counters",
      description: "counters of the bimodal table; the low bits of the address select one",
    },
    entries: {
      default: 16384,
      min: 1,
      max: 2 ** 22,
      powerOfTwo: true,
      unit: "entries",
      description: "entries of each table of exceptions",
    },
    tagBits: { default: 8, min: 1, max: 16, unit: "bits", description: "tag of an exception: the lowest bits of the address" },
    historyBits: { default: 14, min: 0, max: 24, unit: "bits", description: "outcomes in the history, at most log2(entries)" },
    history: DIRECTION_PARAMETERS.history,
  },
  check: ({ entries, historyBits }) =>
    2 ** historyBits > entries ? `historyBits must be at most log2(entries) (${Math.log2(entries)}), got ${historyBits}` : undefined,
  // An exception has a tag and two bits; a valid bit is not counted: the paper has none.
  storageBits: ({ choices, entries, tagBits, historyBits }) => 2 * choices + 2 * entries * (tagBits + 2) + historyBits,
  create({ choices, entries, tagBits, historyBits }) {
    const choosers = new Int8Array(choices).fill(1);
    // Exceptions of branches that are mostly not taken come first. An entry is | tag | counter, two bits |.
    const exceptions = new Int32Array(2 * entries).fill(-1);
    const outcomes = fixedArray([0]);
    const historyMask = 2 ** historyBits - 1;
    const tagOf = (pc: number): number => pc & (2 ** tagBits - 1);
    const mostly = (pc: number): number => choosers[pc & (choices - 1)] >> 1;
    const placeOf = (pc: number): number => mostly(pc) * entries + ((pc ^ outcomes[0]) & (entries - 1));
    const moved = (counter: number, taken: number): number => (taken !== 0 ? Math.min(counter + 1, 3) : Math.max(counter - 1, 0));

    return {
      predict(pc) {
        const exception = exceptions[placeOf(pc)];
        return exception >> 2 === tagOf(pc) ? (exception >> 1) & 1 : mostly(pc);
      },
      train(pc, _target, taken) {
        const place = placeOf(pc);
        const exception = exceptions[place];
        const usual = mostly(pc);
        const known = exception >> 2 === tagOf(pc);
        if (known) exceptions[place] = (exception & ~3) | moved(exception & 3, taken);
        else if (usual !== taken) exceptions[place] = (tagOf(pc) << 2) | (taken !== 0 ? 2 : 1);
        if (known && usual !== taken && ((exception >> 1) & 1) === taken) return;
        choosers[pc & (choices - 1)] = moved(choosers[pc & (choices - 1)], taken);
      },
      track(_pc, _target, taken) {
        outcomes[0] = ((outcomes[0] << 1) | taken) & historyMask;
      },
      histories: [outcomes],
    };
  },
});
