// Cascaded prediction: a small branch target buffer for branches that always go to one place, and behind it a table with
// path history, in which only those branches get entries that the first stage mispredicts.
import { associativeBits, findWay, pushBack } from "../src/associative-table.ts";
import { INDIRECT, NONE } from "../src/branch.ts";
import { createExactTable } from "../src/exact-table.ts";
import { definePredictor } from "../src/predictor.ts";

/** Width of the register with the path, shared out evenly among the targets: see two-level.ts. */
const REGISTER_BITS = 24;

export default definePredictor({
  title: "Cascaded: BTB, then path history",
  source:
    "K. Driesen and U. Hölzle, The cascaded predictor: economical and adaptive branch target prediction, MICRO 1998 (from memory): " +
    "the second stage predicts if it hits; it allocates only when the first stage mispredicted (leaky filter; strict: only when the first " +
    "stage had an entry, and it was wrong); both stages are always trained. Departures: paths and keys are hashed like two-level's.",
  covers: INDIRECT,
  tracks: INDIRECT,
  parameters: {
    firstEntries: { default: 128, min: 1, max: 65536, powerOfTwo: true, unit: "entries", description: "entries of the first stage" },
    firstWays: { default: 4, min: 1, max: 64, powerOfTwo: true, unit: "ways", description: "entries in a set of the first stage (LRU)" },
    targets: { default: 4, min: 0, max: 16, unit: "targets", description: "length of the path of the second stage" },
    entries: { default: 2048, min: 1, max: 2 ** 20, powerOfTwo: true, unit: "entries", description: "entries of the second stage" },
    ways: { default: 4, min: 1, max: 64, powerOfTwo: true, unit: "ways", description: "entries in a set of the second stage (LRU)" },
    tagBits: { default: 32, min: 1, max: 32, unit: "bits", description: "bits of a tag, in both stages; 32: all" },
    misses: { default: 1, min: 1, max: 4, unit: "misses", description: "misses in a row after which an entry takes a new target" },
    filter: {
      type: "choice",
      choices: ["leaky", "strict", "none"],
      default: "leaky",
      description: "allocates in the second stage on: any miss of the first, a wrong target of the first, always",
    },
    unbounded: { type: "flag", default: false, description: "exact: in both stages nothing is evicted or confused" },
  },
  check({ firstEntries, firstWays, entries, ways, tagBits, unbounded }) {
    if (unbounded && (firstEntries !== 128 || firstWays !== 4 || entries !== 2048 || ways !== 4 || tagBits !== 32)) {
      return "unbounded leaves no room for firstEntries, firstWays, entries, ways or tagBits";
    }
    if (!unbounded && firstWays > firstEntries) return `firstWays must be at most firstEntries (${firstEntries}), got ${firstWays}`;
    if (!unbounded && ways > entries) return `ways must be at most entries (${entries}), got ${ways}`;
    return undefined;
  },
  // An entry: tag, 32-bit target, misses in a row, LRU rank. And the register.
  storageBits({ firstEntries, firstWays, targets, entries, ways, tagBits, misses, unbounded }) {
    if (unbounded) return Number.POSITIVE_INFINITY;
    const payload = 32 + Math.ceil(Math.log2(misses));
    const first = associativeBits(firstEntries / firstWays, firstWays, tagBits, payload);
    return first + associativeBits(entries / ways, ways, tagBits, payload) + (targets > 0 ? REGISTER_BITS : 0);
  },
  create({ firstEntries, firstWays, targets, entries, ways, tagBits, misses, filter, unbounded }) {
    const first = unbounded ? createUnbounded(0, misses) : createBounded(0, firstEntries / firstWays, firstWays, tagBits, misses);
    const second = unbounded ? createUnbounded(targets, misses) : createBounded(targets, entries / ways, ways, tagBits, misses);
    return {
      predict(pc) {
        const target = second.predict(pc);
        return target === NONE ? first.predict(pc) : target;
      },
      train(pc, target) {
        const guess = first.predict(pc);
        first.train(pc, target, true);
        second.train(pc, target, filter === "none" || (guess !== target && (filter === "leaky" || guess !== NONE)));
      },
      track: (_pc, target) => second.push(target),
    };
  },
});

interface Stage {
  predict(pc: number): number;
  /** Trains the entry there is; a new one only if it may. */
  train(pc: number, target: number, mayAllocate: boolean): void;
  push(target: number): void;
}

function createBounded(depth: number, sets: number, ways: number, tagBits: number, misses: number): Stage {
  const setBits = Math.log2(sets);
  const tagShift = depth > 0 ? Math.max(0, 32 - setBits - tagBits) : setBits;
  const tagMask = tagBits === 32 ? -1 : 2 ** tagBits - 1;
  const bits = depth > 0 ? Math.floor(REGISTER_BITS / depth) : 0;
  const registerMask = 2 ** (depth * bits) - 1;
  const register = new Int32Array(1);
  const tags = new Int32Array(sets * ways);
  const targets = new Int32Array(sets * ways).fill(NONE); // empty entries stand behind full ones: see btb.ts
  const missed = new Int32Array(sets * ways); // in a row

  // Without a path the low bits of the address select the set, as in btb.ts; with one, the high bits of a product.
  const keyOf = (pc: number): number => (depth > 0 ? Math.imul(register[0] ^ Math.imul(pc, 0x85ebca6b), 0x9e3779b1) : pc);
  const firstOf = (key: number): number => (depth > 0 ? (key >>> 1) >>> (31 - setBits) : key & (sets - 1)) * ways;
  return {
    predict(pc) {
      const key = keyOf(pc);
      const tag = (key >>> tagShift) & tagMask;
      const way = findWay(tags, firstOf(key), ways, tag);
      return tags[way] === tag ? targets[way] : NONE;
    },
    train(pc, target, mayAllocate) {
      const key = keyOf(pc);
      const first = firstOf(key);
      const tag = (key >>> tagShift) & tagMask;
      const way = findWay(tags, first, ways, tag);
      const known = tags[way] === tag && targets[way] !== NONE;
      if (!known && !mayAllocate) return;
      const oldTarget = known ? targets[way] : target;
      const now = oldTarget === target ? 0 : missed[way] + 1;
      pushBack(tags, first, way);
      pushBack(targets, first, way);
      pushBack(missed, first, way);
      tags[first] = tag;
      targets[first] = now < misses ? oldTarget : target;
      missed[first] = now < misses ? now : 0;
    },
    push(target) {
      if (depth > 0) register[0] = ((register[0] << bits) | (Math.imul(target, 0x9e3779b1) >>> (32 - bits))) & registerMask;
    },
  };
}

function createUnbounded(depth: number, misses: number): Stage {
  const table = createExactTable(1 + depth, 2); // target, misses in a row
  const key = table.key.fill(NONE); // the address, then the path: the newest target first, NONE where it does not reach yet
  return {
    predict(pc) {
      key[0] = pc;
      return table.words[table.find()];
    },
    train(pc, target, mayAllocate) {
      key[0] = pc;
      const at = table.find();
      const words = table.words;
      if (words[at] === NONE) {
        if (mayAllocate) table.insert(at, target);
      } else if (words[at] === target) words[at + 1] = 0;
      else if (++words[at + 1] >= misses) {
        words[at] = target;
        words[at + 1] = 0;
      }
    },
    push(target) {
      for (let k = depth; k > 1; k--) key[k] = key[k - 1];
      if (depth > 0) key[1] = target;
    },
  };
}
