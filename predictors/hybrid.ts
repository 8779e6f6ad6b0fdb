// Hybrid of two two-level predictors: one with a short path, which learns fast, one with a long path, which is more specific.
// Every entry has a confidence counter, and the more confident entry predicts.

import { INDIRECT, NONE } from "../src/branch.ts";
import { associativeBits } from "../src/models/associative-table.ts";
import { createExactPathTable, createHashedPath, createPathTable, type PathTable, REGISTER_BITS } from "../src/models/path-table.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { renewals } from "../src/models/renewal.ts";

const MOST_CONFIDENT = 3;

export default definePredictor({
  title: "Hybrid of two path lengths",
  source:
    "K. Driesen and U. Hölzle, Accurate indirect branch prediction, ISCA 1998 (its details from memory): two components that are always " +
    "both trained, a two-bit confidence in every entry, the more confident one predicts, the shorter path at a tie. A new entry or target " +
    "has confidence 0; a hit adds one, a miss subtracts one. Departures: paths and keys are hashed like two-level's.",
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
    if (unbounded && (entries !== 2048 || ways !== 4 || tagBits !== 32)) return "unbounded excludes entries, ways and tagBits";
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
    const component = (depth: number): PathTable =>
      unbounded
        ? createExactPathTable(depth)
        : createPathTable(createHashedPath(depth, Math.log2(entries / ways), tagBits), entries, ways, tagBits);
    const first = component(short);
    const second = component(long);
    return {
      predict(pc) {
        const a = first.find(pc);
        const b = second.find(pc);
        if (a < 0) return b < 0 ? NONE : second.target(b);
        if (b < 0 || first.state(a) >> 2 >= second.state(b) >> 2) return first.target(a);
        return second.target(b);
      },
      train(pc, target) {
        learn(first, first.claim(pc), target, misses);
        learn(second, second.claim(pc), target, misses);
      },
      track(_pc, target) {
        first.push(target);
        second.push(target);
      },
      histories: [...first.histories, ...second.histories],
      renewal: () => renewals(first.renewal(), second.renewal()),
    };
  },
});

// The state of an entry: confidence * 4 + misses in a row.
function learn(table: PathTable, place: number, target: number, misses: number): void {
  const old = table.target(place);
  const state = table.state(place);
  const confidence = state >> 2;
  const missed = (state & 3) + 1;
  if (old === target) table.write(place, target, Math.min(confidence + 1, MOST_CONFIDENT) << 2);
  else if (old === NONE || missed >= misses) table.write(place, target, 0);
  else table.write(place, old, (Math.max(confidence - 1, 0) << 2) | missed);
}
