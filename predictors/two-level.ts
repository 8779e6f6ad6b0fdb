// Two-level prediction with path history: where an indirect branch goes, given where the last few indirect branches
// went. In an interpreter the path says which virtual instructions have just run, even through a shared switch.
import { associativeBits, findWay, pushBack } from "../src/associative-table.ts";
import { INDIRECT, NONE } from "../src/branch.ts";
import { createExactTable } from "../src/exact-table.ts";
import { definePredictor, type Predictor } from "../src/predictor.ts";

/** Width of the register with the path, shared out evenly among the targets. */
const PATTERN_BITS = 24;

export default definePredictor({
  title: "Two-level, path history",
  source:
    "K. Driesen and U. Hölzle, Accurate indirect branch prediction, ISCA 1998: one global path, reverse interleaving. " +
    "Departures: a wrong target is replaced at once (theirs: after two misses); a target enters the path by a hash of all " +
    "its bits, whatever the alignment (theirs: its low bits above the alignment); the address enters the key multiplied. " +
    "The unbounded form agrees exactly with two other implementations on recorded traces.",
  covers: INDIRECT,
  tracks: INDIRECT,
  parameters: {
    targets: { default: 4, min: 0, max: 16, unit: "targets", description: "length of the path; 0 makes it a BTB" },
    entries: { default: 4096, min: 1, max: 2 ** 20, powerOfTwo: true, unit: "entries", description: "entries of the table" },
    ways: { default: 4, min: 1, max: 64, powerOfTwo: true, unit: "ways", description: "entries in a set, replaced in LRU order" },
    tagBits: { default: 32, min: 0, max: 32, unit: "bits", description: "key bits above the set index that an entry remembers; 32: all; 0: untagged (needs ways=1)" },
    unbounded: { type: "flag", default: false, description: "exact: whole addresses, every path of every branch has its own entry" },
  },
  check({ entries, ways, tagBits, unbounded }) {
    if (unbounded && (entries !== 4096 || ways !== 4 || tagBits !== 32)) return "unbounded leaves no room for entries, ways or tagBits";
    if (unbounded) return undefined;
    if (ways > entries) return `ways must be at most entries (${entries}), got ${ways}`;
    if (tagBits === 0 && ways > 1) return `tagBits=0 needs ways=1 (nothing tells the ways apart), got ways=${ways}`;
    return undefined;
  },
  // An entry: tag, 32-bit target, LRU rank. And the register.
  storageBits: ({ targets, entries, ways, tagBits, unbounded }) =>
    unbounded ? Number.POSITIVE_INFINITY : associativeBits(entries / ways, ways, tagBits, 32) + (targets > 0 ? PATTERN_BITS : 0),
  create: ({ targets, entries, ways, tagBits, unbounded }) =>
    unbounded ? createUnbounded(targets) : createBounded(targets, entries / ways, ways, tagBits),
});

function bitsPerTarget(depth: number): number {
  return depth === 0 ? 0 : Math.floor(PATTERN_BITS / depth);
}

// Bit j of the k-th last target stands at j * depth + k, so that the low bits, which select the set, hold something
// of every target. For depth 4 (targets t0, the newest, to t3; bit number behind the dot):
//
//     … t3.1 t2.1 t1.1 t0.1 | t3.0 t2.0 t1.0 t0.0        next:  … t2.1 t1.1 t0.1 n.1 | t2.0 t1.0 t0.0 n.0
//
// A new target moves everything one to the left, over the bits of the oldest, into the places of its own.
function createBounded(depth: number, sets: number, ways: number, tagBits: number): Predictor {
  const setBits = Math.log2(sets);
  const tagMask = tagBits === 32 ? -1 : 2 ** tagBits - 1;
  const tags = new Int32Array(sets * ways);
  const targets = new Int32Array(sets * ways).fill(NONE); // empty entries stand behind full ones: see btb.ts
  const bits = bitsPerTarget(depth);
  const places = placesOfNewest(depth, bits);
  const spread = depth === 1 ? new Int32Array(0) : spreadTable(depth, bits);
  const older = (2 ** (depth * bits) - 1) & ~places;
  const pattern = new Int32Array(1);
  return {
    predict(pc) {
      const key = pattern[0] ^ mix(pc);
      const first = (key & (sets - 1)) * ways;
      const tag = (key >>> setBits) & tagMask;
      if (tags[first] === tag) return targets[first];
      const way = findWay(tags, first, ways, tag);
      return tags[way] === tag ? targets[way] : NONE;
    },
    train(pc, target) {
      const key = pattern[0] ^ mix(pc);
      const first = (key & (sets - 1)) * ways;
      const tag = (key >>> setBits) & tagMask;
      if (tags[first] !== tag) {
        const way = findWay(tags, first, ways, tag);
        pushBack(tags, first, way);
        pushBack(targets, first, way);
        tags[first] = tag;
      }
      targets[first] = target;
    },
    track(_pc, target) {
      if (depth === 0) return;
      const newest = Math.imul(target, 0x9e3779b1) >>> (32 - bits);
      pattern[0] = ((pattern[0] << 1) & older) | (depth === 1 ? newest : spread[newest]);
    },
  };
}

function mix(pc: number): number {
  const product = Math.imul(pc, 0x85ebca6b);
  return product ^ (product >>> 15);
}

function placesOfNewest(depth: number, bits: number): number {
  let places = 0;
  for (let j = 0; j < bits; j++) places |= 1 << (j * depth);
  return places;
}

/** For every value of `bits` bits, bit j moved to place j * depth. */
function spreadTable(depth: number, bits: number): Int32Array {
  const table = new Int32Array(2 ** bits);
  for (let value = 0; value < table.length; value++) {
    for (let j = 0; j < bits; j++) table[value] |= ((value >>> j) & 1) << (j * depth);
  }
  return table;
}

function createUnbounded(depth: number): Predictor {
  const table = createExactTable(1 + depth, 1);
  const key = table.key; // the address, then the path: the newest target first, NONE where it does not reach yet
  key.fill(NONE);
  return {
    predict(pc) {
      key[0] = pc;
      return table.words[table.find()];
    },
    train(pc, target) {
      key[0] = pc;
      const at = table.find();
      if (table.words[at] === NONE) table.insert(at, target);
      else table.words[at] = target;
    },
    track(_pc, target) {
      for (let k = depth; k > 1; k--) key[k] = key[k - 1];
      if (depth > 0) key[1] = target;
    },
  };
}
