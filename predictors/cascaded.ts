// Cascaded prediction: a small branch target buffer for branches that always go to one place, backed by a table with
// path history, in which only branches that the first stage mispredicts get entries.

import { INDIRECT, NONE } from "../src/branch.ts";
import { associativeBits } from "../src/models/associative-table.ts";
import {
  createAddressPath,
  createExactPathTable,
  createHashedPath,
  createPathTable,
  learning,
  type Path,
  REGISTER_BITS,
} from "../src/models/path-table.ts";
import { definePredictor } from "../src/models/predictor.ts";
import { renewals } from "../src/models/renewal.ts";

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
      return "unbounded excludes firstEntries, firstWays, entries, ways and tagBits";
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
    const bounded = (path: Path, size: number, inSet: number) => createPathTable(path, size, inSet, tagBits);
    const first = unbounded ? createExactPathTable(0) : bounded(createAddressPath(firstEntries / firstWays), firstEntries, firstWays);
    const second = unbounded
      ? createExactPathTable(targets)
      : bounded(
          targets > 0 ? createHashedPath(targets, Math.log2(entries / ways), tagBits) : createAddressPath(entries / ways),
          entries,
          ways,
        );
    const learnFirst = learning(first, misses);
    const learnSecond = learning(second, misses);
    const guessOfFirst = (pc: number): number => {
      const place = first.find(pc);
      return place < 0 ? NONE : first.target(place);
    };
    return {
      predict(pc) {
        const place = second.find(pc);
        return place < 0 ? guessOfFirst(pc) : second.target(place);
      },
      train(pc, target) {
        const guess = guessOfFirst(pc);
        learnFirst(pc, target);
        // an existing entry always learns; only a new one must pass the filter
        const passes = filter === "none" || (guess !== target && (filter === "leaky" || guess !== NONE));
        if (passes || second.find(pc) >= 0) learnSecond(pc, target);
      },
      track: (_pc, target) => second.push(target),
      histories: second.histories,
      renewal: () => renewals(first.renewal(), second.renewal()),
      inspect(pc) {
        const { used: answers, ...firstStage } = first.inspectEntries(pc);
        const secondStage = second.inspectEntries(pc);
        return [
          second.inspectPath(),
          { ...firstStage, title: `first stage, ${firstStage.title}`, ...(secondStage.used === undefined && { used: answers }) },
          { ...secondStage, title: `second stage, which answers if it has an entry, ${secondStage.title}` },
        ];
      },
    };
  },
});
