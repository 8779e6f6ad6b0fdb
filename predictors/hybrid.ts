// Hybrid of two two-level predictors: one with a short path, which learns fast, one with a long path, which knows more.
// Every entry of theirs counts how well it did, and the more confident one is believed.
import { associativeBits, findWay, pushBack } from "../src/associative-table.ts";
import { INDIRECT, NONE } from "../src/branch.ts";
import { createExactTable } from "../src/exact-table.ts";
import { definePredictor } from "../src/predictor.ts";

/** Width of a register with a path, shared out evenly among the targets: see two-level.ts. */
const REGISTER_BITS = 24;
const MOST_CONFIDENT = 3;

export default definePredictor({
  title: "Hybrid of two path lengths",
  source:
    "K. Driesen and U. Hölzle, Accurate indirect branch prediction, ISCA 1998 (its details from memory): two components that are always " +
    "both trained, a two-bit confidence in every entry, the more confident one predicts, the shorter path at a tie. A new entry or target " +
    "has confidence 0; a hit adds one, a miss takes one away. Departures: paths and keys are hashed like two-level's.",
  covers: INDIRECT,
  tracks: INDIRECT,
  parameters: {
    short: { default: 3, min: 0, max: 16, unit: "targets", description: "length of the path of the first component, which wins a tie" },
    long: { default: 7, min: 0, max: 16, unit: "targets", description: "length of the path of the second component" },
    entries: { default: 2048, min: 1, max: 2 ** 20, powerOfTwo: true, unit: "entries", description: "entries of each component" },
    ways: { default: 4, min: 1, max: 64, powerOfTwo: true, unit: "ways", description: "entries in a set, replaced in LRU order" },
    tagBits: {
      default: 32,
      min: 1,
      max: 32,
      unit: "bits",
      description: "bits of the hashed key below the set index that an entry remembers; 32: all",
    },
    misses: { default: 2, min: 1, max: 4, unit: "misses", description: "misses in a row after which an entry takes a new target" },
    unbounded: { type: "flag", default: false, description: "exact: in each component an entry for every path of every branch" },
  },
  check({ entries, ways, tagBits, unbounded }) {
    if (unbounded && (entries !== 2048 || ways !== 4 || tagBits !== 32)) return "unbounded leaves no room for entries, ways or tagBits";
    if (!unbounded && ways > entries) return `ways must be at most entries (${entries}), got ${ways}`;
    return undefined;
  },
  // In each component an entry: tag, 32-bit target, confidence, misses in a row, LRU rank. And a register, if it has a path.
  storageBits({ short, long, entries, ways, tagBits, misses, unbounded }) {
    if (unbounded) return Number.POSITIVE_INFINITY;
    const component = associativeBits(entries / ways, ways, tagBits, 32 + 2 + Math.ceil(Math.log2(misses)));
    return 2 * component + REGISTER_BITS * ((short > 0 ? 1 : 0) + (long > 0 ? 1 : 0));
  },
  create({ short, long, entries, ways, tagBits, misses, unbounded }) {
    const component = (depth: number): Component =>
      unbounded ? createUnbounded(depth, misses) : createBounded(depth, entries / ways, ways, tagBits, misses);
    const first = component(short);
    const second = component(long);
    return {
      predict(pc) {
        const a = first.look(pc);
        const b = second.look(pc);
        return first.confidence(a) >= second.confidence(b) ? first.target(a) : second.target(b);
      },
      train(pc, target) {
        first.train(pc, target);
        second.train(pc, target);
      },
      track(_pc, target) {
        first.push(target);
        second.push(target);
      },
    };
  },
});

/** One two-level predictor. `look` gives the place of an entry, or -1; there are confidence -1 and target NONE. */
interface Component {
  look(pc: number): number;
  confidence(place: number): number;
  target(place: number): number;
  train(pc: number, target: number): void;
  push(target: number): void;
}

function createBounded(depth: number, sets: number, ways: number, tagBits: number, misses: number): Component {
  const setBits = Math.log2(sets);
  const tagShift = Math.max(0, 32 - setBits - tagBits);
  const tagMask = tagBits === 32 ? -1 : 2 ** tagBits - 1;
  const bits = depth > 0 ? Math.floor(REGISTER_BITS / depth) : 0;
  const registerMask = 2 ** (depth * bits) - 1;
  const register = new Int32Array(1);
  const tags = new Int32Array(sets * ways);
  const targets = new Int32Array(sets * ways).fill(NONE); // empty entries stand behind full ones: see btb.ts
  const states = new Int32Array(sets * ways); // confidence * 4 + misses in a row
  const hash = (pc: number): number => Math.imul(register[0] ^ Math.imul(pc, 0x85ebca6b), 0x9e3779b1);
  const firstOf = (key: number): number => ((key >>> 1) >>> (31 - setBits)) * ways; // >>> 32 would shift by 0
  return {
    look(pc) {
      const key = hash(pc);
      const tag = (key >>> tagShift) & tagMask;
      const way = findWay(tags, firstOf(key), ways, tag);
      return tags[way] === tag && targets[way] !== NONE ? way : -1;
    },
    confidence: (place) => (place < 0 ? -1 : states[place] >> 2),
    target: (place) => (place < 0 ? NONE : targets[place]),
    train(pc, target) {
      const key = hash(pc);
      const first = firstOf(key);
      const tag = (key >>> tagShift) & tagMask;
      const way = findWay(tags, first, ways, tag);
      const known = tags[way] === tag && targets[way] !== NONE;
      const oldTarget = known ? targets[way] : NONE;
      const state = known ? trained(states[way], oldTarget === target, misses) : 0;
      pushBack(tags, first, way);
      pushBack(targets, first, way);
      pushBack(states, first, way);
      tags[first] = tag;
      targets[first] = known && state !== REPLACED ? oldTarget : target;
      states[first] = state === REPLACED ? 0 : state;
    },
    push(target) {
      if (depth > 0) register[0] = ((register[0] << bits) | (Math.imul(target, 0x9e3779b1) >>> (32 - bits))) & registerMask;
    },
  };
}

function createUnbounded(depth: number, misses: number): Component {
  const table = createExactTable(1 + depth, 2); // target, confidence * 4 + misses in a row
  const key = table.key.fill(NONE); // the address, then the path: the newest target first, NONE where it does not reach yet
  return {
    look(pc) {
      key[0] = pc;
      const at = table.find();
      return table.words[at] === NONE ? -1 : at;
    },
    confidence: (place) => (place < 0 ? -1 : table.words[place + 1] >> 2),
    target: (place) => (place < 0 ? NONE : table.words[place]),
    train(pc, target) {
      key[0] = pc;
      const at = table.find();
      const words = table.words;
      if (words[at] === NONE) {
        table.insert(at, target);
        return;
      }
      const state = trained(words[at + 1], words[at] === target, misses);
      if (state === REPLACED) words[at] = target;
      words[at + 1] = state === REPLACED ? 0 : state;
    },
    push(target) {
      for (let k = depth; k > 1; k--) key[k] = key[k - 1];
      if (depth > 0) key[1] = target;
    },
  };
}

const REPLACED = -1;

/** Confidence and misses in a row after a hit or a miss, or REPLACED. */
function trained(state: number, hit: boolean, misses: number): number {
  const confidence = state >> 2;
  if (hit) return Math.min(confidence + 1, MOST_CONFIDENT) << 2;
  const missed = (state & 3) + 1;
  return missed >= misses ? REPLACED : (Math.max(confidence - 1, 0) << 2) | missed;
}
