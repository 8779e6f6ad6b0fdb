// 2bc-gskew: a bimodal table and two tables with a short and a long history vote, and a fourth table says whether the vote or
// bimodal alone is to be believed. The tables are indexed differently, so that branches which collide in one do not in the
// others; what is not needed is not strengthened. The Alpha EV8 was to have it.
import { CONDITIONAL } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { DIRECTION_PARAMETERS, historyKinds } from "../src/models/two-level-directions.ts";

const table = (count: number, description: string) =>
  ({ default: count, min: 2, max: 2 ** 22, powerOfTwo: true, unit: "counters", description }) as const;
const history = (bits: number, description: string) => ({ default: bits, min: 0, max: 31, unit: "bits", description }) as const;

export default definePredictor({
  title: "2bc-gskew",
  source:
    "A. Seznec and P. Michaud, De-aliased hybrid branch predictors, INRIA RR-3618, 1999; A. Seznec, S. Felix, V. Krishnan and " +
    "Y. Sazeides, Design tradeoffs for the Alpha EV8 conditional branch predictor, ISCA 2002. Sizes, and the fold of address and " +
    "history for the papers' skewing functions, are MBPlib's (which says 64 KB; its counters are 48), which with history=all:initial=2 " +
    "mispredicts exactly as often on recorded traces.",
  covers: CONDITIONAL,
  tracks: historyKinds,
  parameters: {
    bimodal: table(32768, "counters of the bimodal table"),
    entries: table(65536, "counters of each table with a history"),
    meta: table(32768, "counters that choose between the vote (2 and 3) and bimodal"),
    shortHistory: history(17, "history of the first of the two"),
    longHistory: history(27, "history of the second"),
    metaHistory: history(20, "history of the counters that choose"),
    ...DIRECTION_PARAMETERS,
  },
  storageBits: ({ bimodal, entries, meta, shortHistory, longHistory, metaHistory }) =>
    2 * (bimodal + 2 * entries + meta) + Math.max(shortHistory, longHistory, metaHistory),
  create({ bimodal, entries, meta, shortHistory, longHistory, metaHistory, initial }) {
    const sizes = fixedArray([bimodal, entries, entries, meta]);
    const widths = fixedArray([bimodal, entries, entries, meta].map((count) => Math.log2(count)));
    const masks = fixedArray([0, shortHistory, longHistory, metaHistory].map((bits) => 2 ** bits - 1));
    const starts = fixedArray([0, bimodal, bimodal + entries, bimodal + 2 * entries]);
    const counters = new Int8Array(bimodal + 2 * entries + meta).fill(initial);
    const places = fixedArray([0, 0, 0, 0]); // of the branch looked up: bimodal, short, long, meta
    const outcomes = fixedArray([0]);

    function find(pc: number): void {
      for (let i = 0; i < 4; i++) {
        let folded = 0;
        for (let rest = pc ^ (outcomes[0] & masks[i]); rest !== 0; rest >>>= widths[i]) folded ^= rest;
        places[i] = starts[i] + (folded & (sizes[i] - 1));
      }
    }
    const says = (i: number): number => counters[places[i]] >> 1;
    const voteOf = (): number => (says(1) === says(2) ? says(1) : says(0));

    /** Moves one counter. */
    function move(i: number, up: boolean): void {
      const counter = counters[places[i]];
      if (up) {
        if (counter < 3) counters[places[i]] = counter + 1;
      } else if (counter > 0) counters[places[i]] = counter - 1;
    }

    return {
      predict(pc) {
        find(pc);
        return says(3) !== 0 ? voteOf() : says(0);
      },
      train(pc, _target, taken) {
        find(pc);
        const byVote = says(3) !== 0;
        const vote = voteOf();
        const alone = says(0);
        if (vote !== alone) move(3, vote === taken);
        else if (alone === taken) move(3, byVote);
        const now = says(3) !== 0 ? vote : alone;
        if (now !== taken) {
          for (let i = 0; i < 3; i++) move(i, taken !== 0);
        } else if (says(1) !== alone || says(2) !== alone) {
          // where all agree, a counter more would only be harder for others to win over
          for (let i = 0; i < 3; i++) if (byVote ? says(i) === taken : i === 0) move(i, says(i) !== 0);
        }
      },
      track(_pc, _target, taken) {
        outcomes[0] = (outcomes[0] << 1) | taken;
      },
      histories: [outcomes],
    };
  },
});
