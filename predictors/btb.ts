// Branch target buffer: predicts that an indirect branch goes where it went last time. Every desktop processor up to the
// Pentium 4 and the first Athlons did this, and the papers on interpreters before 2005 measured it.

import { ALL_KINDS, INDIRECT, NONE, RETURN } from "../src/branch.ts";
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
import { renewalOf, renewals } from "../src/models/renewal.ts";

export default definePredictor({
  title: "BTB, last target",
  source:
    "J. K. F. Lee and A. J. Smith, Branch prediction strategies and branch target buffer design, IEEE Computer 17(1), 1984. " +
    "By default only indirect branches (and, if asked, returns) have entries; with holds=taken every taken branch has one, as in " +
    "processors, so that they compete for entries, and a missing entry is a front-end bubble. With `first` it is the quick first level " +
    "of a buffer, whose targets slower predictors override. " +
    "Counts agree exactly with two other implementations on recorded traces.",
  covers: ({ first, returns }) => (first ? 0 : returns ? INDIRECT | RETURN : INDIRECT),
  fetches: ({ first, holds }) => (holds === "taken" && !first ? ALL_KINDS : 0),
  answersFirst: ({ first, holds }) => (!first ? 0 : holds === "taken" ? ALL_KINDS : INDIRECT),
  parameters: {
    ...GEOMETRY,
    holds: {
      type: "choice",
      choices: ["indirect", "taken"],
      default: "indirect",
      description: "branches that have entries: indirect ones only, or every taken branch, whichever model predicts it",
    },
    skipBits: { default: 0, min: 0, max: 4, unit: "bits", description: "lowest bits of the address, which neither set nor tag has" },
    returns: {
      type: "flag",
      default: false,
      description: "also predicts returns, as processors without a return stack do",
    },
    first: {
      type: "flag",
      default: false,
      description:
        "predicts nothing, but answers first: a branch that others predict correctly, for which it holds another target, is an override",
    },
  },
  check: (values) => (values.first && values.returns ? "first and returns do not go together: it predicts nothing" : checkGeometry(values)),
  // An entry: tag, 32-bit target, LRU rank. An empty entry is one without a target.
  storageBits: ({ sets, ways, tagBits, unbounded }) => (unbounded ? Number.POSITIVE_INFINITY : associativeBits(sets, ways, tagBits, 32)),
  create({ sets, ways, tagBits, unbounded, skipBits }) {
    const table = unbounded ? createUnbounded() : createBounded(sets, ways, tagBits);
    return skipBits === 0 ? table : shifted(table, skipBits);
  },
});

/** The same table for addresses without their lowest bits. */
const shifted = ({ predict, train, inspect, renewal }: Predictor, bits: number): Predictor => ({
  predict: (pc) => predict(pc >>> bits, NONE),
  train: (pc, target, taken) => train(pc >>> bits, target, taken),
  inspect: (pc) => inspect?.(pc >>> bits, NONE) ?? [],
  renewal,
});

function createBounded(sets: number, ways: number, tagBits: number): Predictor {
  const setBits = Math.log2(sets);
  const tagMask = tagBits === 32 ? -1 : 2 ** tagBits - 1;
  const tags = new Int32Array(sets * ways);
  // Empty entries have tag 0 like some full ones, but come after them in a set, and a hit on one answers NONE.
  const targets = new Int32Array(sets * ways).fill(NONE);
  return {
    predict(pc) {
      const first = (pc & (sets - 1)) * ways;
      const tag = (pc >>> setBits) & tagMask;
      if (tags[first] === tag) return targets[first]; // checking this way before the search doubled the speed
      const way = findWay(tags, first, ways, tag);
      return tags[way] === tag ? targets[way] : NONE;
    },
    train(pc, target) {
      const first = (pc & (sets - 1)) * ways;
      const tag = (pc >>> setBits) & tagMask;
      if (tags[first] !== tag) {
        const way = findWay(tags, first, ways, tag);
        pushBack(tags, first, way);
        pushBack(targets, first, way);
        tags[first] = tag;
      }
      targets[first] = target;
    },
    separates(addresses) {
      const used = new Int32Array(sets);
      const held = new Int32Array(sets * ways);
      for (let i = 0; i < addresses.length; i++) {
        const pc = addresses[i];
        const set = pc & (sets - 1);
        const tag = (pc >>> setBits) & tagMask;
        const [first, count] = [set * ways, used[set]++];
        if (count === ways) return false;
        for (let way = first; way < first + count; way++) if (held[way] === tag) return false;
        held[first + count] = tag;
      }
      return true;
    },
    renewal: () => renewalOf(tags, targets),
    inspect(pc) {
      const [first, tag] = [(pc & (sets - 1)) * ways, (pc >>> setBits) & tagMask];
      return [inspectSet({ tags, targets, first, ways, tag })];
    },
  };
}

/** Slots of the unbounded form's first level (log2): more than an interpreter has dispatch sites. */
const SLOT_BITS = 12;

/**
 * Almost every branch has its own slot in a table of a fixed size; the others are looked up in a table that grows. With the
 * latter alone: 0.55 (direct threading) and 0.7 (switch) of the speed.
 */
function createUnbounded(): Predictor {
  const addresses = new Int32Array(1 << SLOT_BITS);
  const targets = new Int32Array(1 << SLOT_BITS).fill(NONE);
  const table = createExactTable(1, 1);
  const others: Pick<Predictor, "predict" | "train"> = {
    predict(pc) {
      table.key[0] = pc;
      return table.words[table.find()];
    },
    train(pc, target) {
      table.key[0] = pc;
      const at = table.find();
      if (table.words[at] === NONE) table.insert(at, target);
      else table.words[at] = target;
    },
  };
  const predict = (pc: number): number => {
    const slot = Math.imul(pc, 0x9e3779b1) >>> (32 - SLOT_BITS);
    return addresses[slot] === pc ? targets[slot] : others.predict(pc, NONE);
  };
  return {
    predict,
    train(pc, target) {
      const slot = Math.imul(pc, 0x9e3779b1) >>> (32 - SLOT_BITS);
      if (targets[slot] === NONE) addresses[slot] = pc;
      if (addresses[slot] === pc) targets[slot] = target;
      else others.train(pc, target, 1);
    },
    separates: () => true,
    renewal: () => renewals(renewalOf(addresses, targets), table.renewal()),
    inspect(pc) {
      return [inspectOwnEntry(pc, predict(pc))];
    },
  };
}
