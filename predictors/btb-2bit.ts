// Branch target buffer with hysteresis: one deviation does not make it forget. A wrong prediction marks the entry,
// a right one clears the mark, and only a marked entry that is wrong again takes the new target.
import { associativeBits, checkGeometry, findWay, GEOMETRY, pushBack } from "../src/associative-table.ts";
import { INDIRECT, NONE, RETURN } from "../src/branch.ts";
import { createExactTable } from "../src/exact-table.ts";
import { definePredictor, type Predictor } from "../src/predictor.ts";

export default definePredictor({
  title: "BTB, target replaced after two misses",
  source:
    "B. Calder and D. Grunwald, Reducing indirect function call overhead in C++ programs, POPL 1994; " +
    "M. A. Ertl and D. Gregg, The structure and performance of efficient interpreters, JILP 5, 2003. " +
    "One mark an entry is all that two consecutive misses need; a counter from 0 to 3 would be another model. " +
    "Counts agree exactly with two other implementations on recorded traces.",
  covers: ({ returns }) => (returns ? INDIRECT | RETURN : INDIRECT),
  parameters: {
    ...GEOMETRY,
    returns: {
      type: "flag",
      default: false,
      description: "also predicts returns, as processors without a return stack do",
    },
  },
  check: checkGeometry,
  // An entry: tag, 32-bit target, mark, LRU rank.
  storageBits: ({ sets, ways, tagBits, unbounded }) => (unbounded ? Number.POSITIVE_INFINITY : associativeBits(sets, ways, tagBits, 33)),
  create: ({ sets, ways, tagBits, unbounded }) => (unbounded ? createUnbounded() : createBounded(sets, ways, tagBits)),
});

function createBounded(sets: number, ways: number, tagBits: number): Predictor {
  const setBits = Math.log2(sets);
  const tagMask = tagBits === 32 ? -1 : 2 ** tagBits - 1;
  const tags = new Int32Array(sets * ways);
  const targets = new Int32Array(sets * ways).fill(NONE);
  const marks = new Int32Array(sets * ways).fill(1); // an empty entry takes its first target at once
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
        const oldTarget = tags[way] === tag ? targets[way] : target; // of a new branch: right, so without a mark
        const oldMark = marks[way];
        pushBack(tags, first, way);
        pushBack(targets, first, way);
        pushBack(marks, first, way);
        tags[first] = tag;
        targets[first] = oldTarget;
        marks[first] = oldMark;
      }
      if (targets[first] === target) marks[first] = 0;
      else if (marks[first] === 0) marks[first] = 1;
      else {
        targets[first] = target;
        marks[first] = 0;
      }
    },
  };
}

function createUnbounded(): Predictor {
  const table = createExactTable(1, 2);
  return {
    predict(pc) {
      table.key[0] = pc;
      return table.words[table.find()];
    },
    train(pc, target) {
      table.key[0] = pc;
      const at = table.find();
      const words = table.words;
      if (words[at] === NONE) table.insert(at, target);
      else if (words[at] === target) words[at + 1] = 0;
      else if (words[at + 1] === 0) words[at + 1] = 1;
      else {
        words[at] = target;
        words[at + 1] = 0;
      }
    },
  };
}
