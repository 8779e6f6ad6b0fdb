// Two-level prediction with path history: where an indirect branch goes, given where the last few indirect branches
// went. In an interpreter the path says which virtual instructions have just run, even through a shared switch.
import { associativeBits, findWay, pushBack } from "../src/associative-table.ts";
import { INDIRECT, NONE } from "../src/branch.ts";
import { createExactTable } from "../src/exact-table.ts";
import { definePredictor, type Predictor } from "../src/predictor.ts";

/** Width of the register with the path, shared out evenly among the targets. */
const REGISTER_BITS = 24;

export default definePredictor({
  title: "Two-level, path history",
  source:
    "K. Driesen and U. Hölzle, Accurate indirect branch prediction, ISCA 1998 (its details from memory): one global path, 24 bits in a key. " +
    "Departures: a wrong target is replaced at once (theirs: after two misses); a target enters the path by a hash of all " +
    "its bits, whatever the alignment of bodies (theirs: its low bits above the alignment); a multiplied key selects the " +
    "set (theirs: its low bits, after reverse interleaving). " +
    "The unbounded form agrees exactly with two other implementations on recorded traces.",
  covers: INDIRECT,
  tracks: INDIRECT,
  parameters: {
    targets: { default: 4, min: 0, max: 16, unit: "targets", description: "length of the path; 0 makes it a BTB" },
    entries: {
      default: 4096,
      min: 1,
      max: 2 ** 20,
      powerOfTwo: true,
      unit: "entries",
      description: "entries of the table",
    },
    ways: {
      default: 4,
      min: 1,
      max: 64,
      powerOfTwo: true,
      unit: "ways",
      description: "entries in a set, replaced in LRU order",
    },
    tagBits: {
      default: 32,
      min: 0,
      max: 32,
      unit: "bits",
      description: "bits of the hashed key below the set index that an entry remembers; 32: all; 0: untagged (needs ways=1)",
    },
    unbounded: {
      type: "flag",
      default: false,
      description: "exact: whole addresses, every path of every branch has its own entry",
    },
  },
  check({ entries, ways, tagBits, unbounded }) {
    if (unbounded) {
      const asked = entries !== 4096 || ways !== 4 || tagBits !== 32;
      return asked ? "unbounded leaves no room for entries, ways or tagBits" : undefined;
    }
    if (ways > entries) return `ways must be at most entries (${entries}), got ${ways}`;
    if (tagBits === 0 && ways > 1) return `tagBits=0 needs ways=1 (nothing tells the ways apart), got ways=${ways}`;
    return undefined;
  },
  // An entry: tag, 32-bit target, LRU rank. And the register.
  storageBits: ({ targets, entries, ways, tagBits, unbounded }) =>
    unbounded ? Number.POSITIVE_INFINITY : associativeBits(entries / ways, ways, tagBits, 32) + (targets > 0 ? REGISTER_BITS : 0),
  create: ({ targets, entries, ways, tagBits, unbounded }) =>
    unbounded ? createUnbounded(targets) : createBounded(targets, entries / ways, ways, tagBits),
});

// The path is a register of the newest targets, a few bits of each; for a path of four (t0 is the newest):
//
//     | t3 (6 bits) | t2 | t1 | t0 |      next:  | t2 | t1 | t0 | new |
//
// Driesen and Hölzle interleave the bits of the targets, because the low bits of register xor address select the set
// and should hold something of every target. With few opcodes, some of them frequent, that crowds some sets: on 120
// random loops of 24 to 60 opcodes, 4096 entries missed 31 % more than an unbounded table, and 8 % more when the set
// comes from a product of the whole key. A product spreads every bit, so the order of the targets no longer matters.
function createBounded(depth: number, sets: number, ways: number, tagBits: number): Predictor {
  const setBits = Math.log2(sets);
  const tagShift = Math.max(0, 32 - setBits - tagBits);
  const tagMask = tagBits === 32 ? -1 : 2 ** tagBits - 1;
  const tags = new Int32Array(sets * ways);
  const targets = new Int32Array(sets * ways).fill(NONE); // empty entries stand behind full ones: see btb.ts
  const bits = depth > 0 ? Math.floor(REGISTER_BITS / depth) : 0;
  const registerMask = 2 ** (depth * bits) - 1;
  const register = new Int32Array(1);

  // The product is one-to-one: its high bits, the set, and the others, the whole tag, tell all keys apart.
  const hash = (pc: number): number => Math.imul(register[0] ^ Math.imul(pc, 0x85ebca6b), 0x9e3779b1);
  const firstOf = (key: number): number => ((key >>> 1) >>> (31 - setBits)) * ways; // >>> 32 would shift by 0
  const tagOf = (key: number): number => (key >>> tagShift) & tagMask;

  return {
    predict(pc) {
      const key = hash(pc);
      const first = firstOf(key);
      const tag = tagOf(key);
      if (tags[first] === tag) return targets[first];
      const way = findWay(tags, first, ways, tag);
      return tags[way] === tag ? targets[way] : NONE;
    },
    train(pc, target) {
      const key = hash(pc);
      const first = firstOf(key);
      const tag = tagOf(key);
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
      register[0] = ((register[0] << bits) | newest) & registerMask;
    },
  };
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
