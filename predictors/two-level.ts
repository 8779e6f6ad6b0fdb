// Two-level prediction with path history: predicts an indirect branch from the targets of the last few indirect branches.
// In an interpreter the path says which virtual instructions have just run, even with a shared switch.

import { hexadecimal, INDIRECT, NONE } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { findWay, inspectOwnEntry, inspectSet, pushBack } from "../src/models/associative-table.ts";
import { createExactPathTable, createHashedPath, learning, type Path, REGISTER_BITS } from "../src/models/path-table.ts";
import { definePredictor, type Predictor } from "../src/models/predictor.ts";
import { renewalOf } from "../src/models/renewal.ts";

export default definePredictor({
  title: "Indirect two-level, path history",
  source:
    "K. Driesen and U. Hölzle, Accurate indirect branch prediction, ISCA 1998 (its details from memory): one global path, 24 bits in a key. " +
    "Departures of the default: a wrong target is replaced at once (theirs: after two misses); a target enters the path by a hash of all " +
    "its bits, whatever the alignment of bodies (theirs: its low bits above the alignment); a multiplied key selects the " +
    "set (theirs: its low bits, after reverse interleaving). Theirs: packing=reverse-interleaved:misses=2, skipBits by the alignment. " +
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
    packing: {
      type: "choice",
      choices: ["hashed", "concatenated", "interleaved", "reverse-interleaved"],
      default: "hashed",
      description:
        "how the path selects the set: by a hash of all bits, or by the low bits of whole targets (concatenated), interleaved with the newest target first, or with the oldest first",
    },
    key: {
      type: "choice",
      choices: ["xor", "concatenated"],
      default: "xor",
      description: "how the address is combined with the path: xor, or above it in the tag; hashed: always by a product",
    },
    skipBits: {
      default: 0,
      min: 0,
      max: 16,
      unit: "bits",
      description: "lowest bits of a target that do not enter the path, unless hashed",
    },
    misses: { default: 1, min: 1, max: 4, unit: "misses", description: "misses in a row after which an entry takes a new target" },
    unbounded: {
      type: "flag",
      default: false,
      description: "exact: whole addresses, every path of every branch has its own entry",
    },
  },
  check({ entries, ways, tagBits, packing, key, skipBits, unbounded }) {
    if (unbounded) {
      if (packing !== "hashed") return `unbounded packs nothing, got packing=${packing}`;
      const asked = entries !== 4096 || ways !== 4 || tagBits !== 32;
      if (asked) return "unbounded excludes entries, ways and tagBits";
    }
    if (packing === "hashed" && key !== "xor") return `key=${key} needs a packing other than hashed`;
    if (packing === "hashed" && skipBits !== 0) return `skipBits=${skipBits} needs a packing other than hashed, which takes all bits`;
    if (ways > entries) return `ways must be at most entries (${entries}), got ${ways}`;
    if (tagBits === 0 && ways > 1) return `tagBits=0 needs ways=1 (no tag distinguishes the ways), got ways=${ways}`;
    return undefined;
  },
  // An entry: tag, 32-bit target, misses in a row, LRU rank. And the register.
  storageBits({ targets, entries, ways, tagBits, key, misses, unbounded }) {
    if (unbounded) return Number.POSITIVE_INFINITY;
    const sets = entries / ways;
    const patternBits = targets > 0 ? targets * Math.floor(REGISTER_BITS / targets) : 0;
    const above = key === "xor" ? 32 - Math.log2(sets) : 32 + Math.min(0, patternBits - Math.log2(sets));
    const entry = Math.min(tagBits, above) + 32 + Math.ceil(Math.log2(misses)) + Math.ceil(Math.log2(ways));
    return entries * entry + (targets > 0 ? REGISTER_BITS : 0);
  },
  create({ targets, entries, ways, tagBits, packing, key, skipBits, misses, unbounded }) {
    if (unbounded) return createUnbounded(targets, misses);
    const setBits = Math.log2(entries / ways);
    const path =
      packing === "hashed"
        ? createHashedPath(targets, setBits, tagBits)
        : createPackedPath(targets, setBits, packing, key === "xor", skipBits);
    return createBounded(path, entries, ways, tagBits, misses);
  },
});

// Driesen and Hölzle's packings of a path, for four targets with six bits a to f of each, f the lowest:
//
//     concatenated          a3 b3 c3 d3 e3 f3  a2 b2 …  e0 f0
//     interleaved           a3 a2 a1 a0  b3 b2 b1 b0  …  f3 f2 f1 f0      the newest in the lowest place of a group
//     reverse-interleaved   a0 a1 a2 a3  b0 b1 b2 b3  …  f0 f1 f2 f3      the oldest in the lowest place of a group
//
// A new target shifts all others by one position in their groups, or by a whole target.
function createPackedPath(depth: number, setBits: number, packing: string, xor: boolean, skipBits: number): Path {
  const bits = depth > 0 ? Math.floor(REGISTER_BITS / depth) : 0;
  const patternBits = depth * bits;
  const register = fixedArray([0]);
  const up = packing === "concatenated" ? bits : packing === "interleaved" ? 1 : 0;
  const down = packing === "reverse-interleaved" ? 1 : 0;
  const groupBits = packing === "concatenated" ? 1 : depth; // positions from one bit of a target to the next
  const lowest = down > 0 ? depth - 1 : 0; // position of the lowest bit of the newest target
  let newest = 0; // mask of the newest target's bits
  for (let j = 0; j < bits; j++) newest |= 1 << (lowest + j * groupBits);
  const older = (2 ** patternBits - 1) & ~newest;

  const above = Math.max(0, patternBits - setBits);
  const below = Math.max(0, setBits - patternBits);
  return {
    keyOf: (pc) => (xor ? register[0] ^ pc : register[0] | (pc << patternBits)),
    setOf: (key) => key & (2 ** setBits - 1),
    tagOf: (key, pc) => (xor ? key >>> setBits : (register[0] >>> setBits) | ((pc >>> below) << above)),
    push(target) {
      let places = 0;
      for (let j = 0; j < bits; j++) places |= ((target >>> (skipBits + j)) & 1) << (lowest + j * groupBits);
      register[0] = (((register[0] << up) >>> down) & older) | places;
    },
    histories: [register],
    inspect: () => ({
      shape: "bits",
      title: `path: ${bits} bits each of the last ${depth} targets, ${packing}`,
      bits: patternBits === 0 ? "" : register[0].toString(2).padStart(patternBits, "0"),
    }),
  };
}

// As in src/path-table.ts, but misses are counted only if `misses` is above 1: this model is the baseline of many comparisons and should be fast.
function createBounded(path: Path, entries: number, ways: number, tagBits: number, misses: number): Predictor {
  const tagMask = tagBits === 32 ? -1 : 2 ** tagBits - 1;
  const tags = new Int32Array(entries);
  const targets = new Int32Array(entries).fill(NONE); // empty entries follow full ones: see btb.ts
  const missed = new Int32Array(entries).fill(misses); // in a row; an empty entry takes its first target at once
  return {
    predict(pc) {
      const key = path.keyOf(pc);
      const first = path.setOf(key) * ways;
      const tag = path.tagOf(key, pc) & tagMask;
      if (tags[first] === tag) return targets[first];
      const way = findWay(tags, first, ways, tag);
      return tags[way] === tag ? targets[way] : NONE;
    },
    train(pc, target) {
      const key = path.keyOf(pc);
      const first = path.setOf(key) * ways;
      const tag = path.tagOf(key, pc) & tagMask;
      if (tags[first] !== tag) {
        const way = findWay(tags, first, ways, tag);
        const known = tags[way] === tag;
        const oldTarget = known ? targets[way] : target;
        const oldMissed = known ? missed[way] : 0;
        pushBack(tags, first, way);
        pushBack(targets, first, way);
        if (misses > 1) pushBack(missed, first, way);
        tags[first] = tag;
        targets[first] = oldTarget;
        missed[first] = oldMissed;
      }
      if (misses === 1) targets[first] = target;
      else if (targets[first] === target) missed[first] = 0;
      else if (++missed[first] >= misses) {
        targets[first] = target;
        missed[first] = 0;
      }
    },
    track: (_pc, target) => path.push(target),
    histories: path.histories,
    renewal: () => renewalOf(tags, targets, missed, ...path.histories),
    inspect(pc) {
      const key = path.keyOf(pc);
      const tag = path.tagOf(key, pc) & tagMask;
      const set = { tags, targets, first: path.setOf(key) * ways, ways, tag };
      return [path.inspect(), inspectSet(set, misses > 1 ? { "misses in a row": missed } : {})];
    },
  };
}

function createUnbounded(depth: number, misses: number): Predictor {
  const table = createExactPathTable(depth);
  return {
    predict(pc) {
      const place = table.find(pc);
      return place < 0 ? NONE : table.target(place);
    },
    train: learning(table, misses),
    track: (_pc, target) => table.push(target),
    histories: table.histories,
    renewal: table.renewal,
    inspect(pc) {
      const place = table.find(pc);
      const entry =
        place < 0 ? inspectOwnEntry(pc, NONE) : inspectOwnEntry(pc, table.target(place), { "misses in a row": table.state(place) });
      return [table.inspectPath(), { ...entry, title: `the entry of branch ${hexadecimal(pc)} after this path` }];
    },
  };
}
