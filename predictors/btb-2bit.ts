// Branch target buffer with hysteresis: a single deviation does not replace the target. A counter in every entry goes up with
// a right prediction and down with a wrong one, and an entry takes a new target only if it is wrong with its counter at 0.
// With counters from 0 to 1, the default, that means two wrong predictions in a row.

import { INDIRECT, NONE, RETURN } from "../src/branch.ts";
import {
  associativeBits,
  checkGeometry,
  findWay,
  GEOMETRY,
  inspectOwnEntry,
  inspectSet,
  pushBack,
} from "../src/models/associative-table.ts";
import { createExactTable } from "../src/models/exact-table.ts";
import { definePredictor, type Predictor } from "../src/models/predictor.ts";
import { renewalOf } from "../src/models/renewal.ts";

export default definePredictor({
  title: "BTB, target replaced after two misses",
  source:
    "B. Calder and D. Grunwald, Reducing indirect function call overhead in C++ programs, POPL 1994; " +
    "M. A. Ertl and D. Gregg, The structure and performance of efficient interpreters, JILP 5, 2003. " +
    "Two consecutive misses need only one bit per entry; counterMax=3:install=2 (or 1) is the true two-bit counter, " +
    "which predicts at any value of its counter. Counts of the default agree exactly with two other implementations on recorded traces.",
  covers: ({ returns }) => (returns ? INDIRECT | RETURN : INDIRECT),
  parameters: {
    ...GEOMETRY,
    counterMax: { default: 1, min: 1, max: 15, description: "largest value of an entry's counter; 3: a two-bit counter" },
    install: { default: 1, min: 0, max: 15, description: "counter of a new or replaced target" },
    threshold: { default: 0, min: 0, max: 15, description: "a miss at this counter or below replaces the target; at counterMax: any miss" },
    returns: {
      type: "flag",
      default: false,
      description: "also predicts returns, as processors without a return stack do",
    },
  },
  check: (values) =>
    ["install" as const, "threshold" as const]
      .filter((key) => values[key] > values.counterMax)
      .map((key) => `${key} must be at most counterMax (${values.counterMax}), got ${values[key]}`)[0] ?? checkGeometry(values),
  // An entry: tag, 32-bit target, counter, LRU rank.
  storageBits: ({ sets, ways, tagBits, counterMax, unbounded }) =>
    unbounded ? Number.POSITIVE_INFINITY : associativeBits(sets, ways, tagBits, 32 + Math.ceil(Math.log2(counterMax + 1))),
  create: (values) => (values.unbounded ? createUnbounded(values) : createBounded(values)),
});

interface Hysteresis {
  readonly counterMax: number;
  readonly install: number;
  readonly threshold: number;
}

function createBounded(values: Hysteresis & { readonly sets: number; readonly ways: number; readonly tagBits: number }): Predictor {
  const { sets, ways, tagBits, counterMax, install, threshold } = values;
  const setBits = Math.log2(sets);
  const tagMask = tagBits === 32 ? -1 : 2 ** tagBits - 1;
  const tags = new Int32Array(sets * ways);
  const targets = new Int32Array(sets * ways).fill(NONE);
  const counters = new Int32Array(sets * ways); // 0, so that an empty entry takes its first target at once
  return {
    predict(pc) {
      const first = (pc & (sets - 1)) * ways;
      const tag = (pc >>> setBits) & tagMask;
      if (tags[first] === tag) return targets[first];
      const way = findWay(tags, first, ways, tag);
      return tags[way] === tag ? targets[way] : NONE;
    },
    train(pc, target) {
      const first = (pc & (sets - 1)) * ways;
      const tag = (pc >>> setBits) & tagMask;
      if (tags[first] !== tag) {
        const way = findWay(tags, first, ways, tag);
        const known = tags[way] === tag;
        const oldTarget = known ? targets[way] : NONE;
        const oldCounter = known ? counters[way] : 0;
        pushBack(tags, first, way);
        pushBack(targets, first, way);
        pushBack(counters, first, way);
        tags[first] = tag;
        targets[first] = oldTarget;
        counters[first] = oldCounter;
      }
      const counter = counters[first];
      if (targets[first] === target) {
        if (counter < counterMax) counters[first] = counter + 1;
      } else if (counter > threshold) counters[first] = counter - 1;
      else {
        targets[first] = target;
        counters[first] = install;
      }
    },
    renewal: () => renewalOf(tags, targets, counters),
    inspect(pc) {
      const [first, tag] = [(pc & (sets - 1)) * ways, (pc >>> setBits) & tagMask];
      return [inspectSet({ tags, targets, first, ways, tag }, { counter: counters })];
    },
  };
}

function createUnbounded({ counterMax, install, threshold }: Hysteresis): Predictor {
  const table = createExactTable(1, 2); // target, counter
  return {
    renewal: table.renewal,
    predict(pc) {
      table.key[0] = pc;
      return table.words[table.find()];
    },
    inspect(pc) {
      table.key[0] = pc;
      const at = table.find();
      return [inspectOwnEntry(pc, table.words[at], { counter: table.words[at + 1] })];
    },
    train(pc, target) {
      table.key[0] = pc;
      const at = table.find();
      if (table.words[at] === NONE) {
        table.insert(at, target);
        table.words[table.find() + 1] = install; // search again, because the table may have grown
        return;
      }
      const words = table.words;
      const counter = words[at + 1];
      if (words[at] === target) {
        if (counter < counterMax) words[at + 1] = counter + 1;
      } else if (counter > threshold) words[at + 1] = counter - 1;
      else {
        words[at] = target;
        words[at + 1] = install;
      }
    },
  };
}
