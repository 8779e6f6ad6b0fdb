// PPM, prediction by partial matching, from data compression: a table for every length of path, and the longest path that was met
// before answers. A table has as many entries as the bits that its path is folded to can tell apart, so a longer one more.
//
//     the last targets   t0   t1   t2 ...         ten low bits of each, folded to five: f0 f1 f2
//     index of order 3   f0 ^ f1 << 1 ^ f2 << 2, its low three bits
import { INDIRECT, NONE } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { definePredictor } from "../src/models/predictor.ts";

/** Five bits of each target, the newest last. */
const bitsOf = (path: Int32Array): string =>
  Array.from(path, (folded) => folded.toString(2).padStart(5, "0"))
    .reverse()
    .join("");

export default definePredictor({
  title: "PPM, indirect",
  source:
    "J. Kalamatianos and D. R. Kaeli, Predicting indirect branches via data compression, MICRO 1998 (hash, sizes and replacement are " +
    "quoted by memory): orders 1 to 10 with 2 to 1024 entries without tags, the address not in the index. Only the order that answered " +
    "and longer ones learn. One path for all branches: without the paper's choice between two paths by branch.",
  covers: INDIRECT,
  tracks: INDIRECT,
  parameters: {
    orders: { default: 10, min: 1, max: 20, unit: "targets", description: "the longest path; the table of order n has 2^n entries" },
    misses: { default: 2, min: 1, max: 2, unit: "misses", description: "consecutive misses after which a target is replaced" },
  },
  // A target, whether there is one, and a mark for a miss.
  storageBits: ({ orders, misses }) => (2 ** (orders + 1) - 2) * (32 + misses) + 10 * orders,
  create({ orders, misses }) {
    const targets = new Int32Array(2 ** (orders + 1)).fill(NONE); // order n from 2^n
    const missed = new Uint8Array(2 ** (orders + 1));
    const path = fixedArray(Array<number>(orders).fill(0)); // targets folded to five bits, the newest first
    const places = fixedArray(Array<number>(orders + 1).fill(0)); // by order

    /** The longest order that has a target; 0 if none has. */
    function find(): number {
      let mixed = 0;
      for (let order = 1; order <= orders; order++) {
        mixed ^= path[order - 1] << (order - 1);
        places[order] = 2 ** order + (mixed & (2 ** order - 1));
      }
      for (let order = orders; order > 0; order--) if (targets[places[order]] !== NONE) return order;
      return 0;
    }

    return {
      predict() {
        const order = find();
        return order === 0 ? NONE : targets[places[order]];
      },
      train(_pc, target) {
        for (let order = Math.max(find(), 1); order <= orders; order++) {
          const place = places[order];
          if (targets[place] === target) missed[place] = 0;
          else if (targets[place] === NONE || missed[place] === misses - 1) {
            targets[place] = target;
            missed[place] = 0;
          } else missed[place]++;
        }
      },
      track(_pc, target) {
        for (let i = orders - 1; i > 0; i--) path[i] = path[i - 1];
        path[0] = (target ^ (target >>> 5)) & 31;
      },
      histories: [path],
      inspect() {
        const order = find();
        return [
          { shape: "bits", title: "the path: five bits of each target", bits: bitsOf(path) },
          {
            shape: "entries",
            title: "one entry for each length of path: the longest that has a target answers",
            columns: [{ title: "order" }, { title: "entry" }, { title: "target", addresses: true }, { title: "misses" }],
            rows: Array.from({ length: orders }, (_, i) => {
              const place = places[i + 1];
              return [i + 1, place - 2 ** (i + 1), targets[place], targets[place] === NONE ? "" : missed[place]];
            }),
            ...(order > 0 && { used: order - 1 }),
          },
        ];
      },
    };
  },
});
