// Target cache: a table of the targets of indirect branches, indexed by the branch's address and a history: the outcomes of
// the last conditional branches (pattern), or bits of the last targets (path).

import { ALL_KINDS, CALLS, CONDITIONAL, INDIRECT, NONE, RETURN } from "../src/branch.ts";
import { findWay, inspectOwnEntry, inspectSet, pushBack } from "../src/models/associative-table.ts";
import { createExactTable } from "../src/models/exact-table.ts";
import type { InspectedEntries } from "../src/models/inspection.ts";
import { definePredictor, type Predictor } from "../src/models/predictor.ts";
import { renewalOf, renewals } from "../src/models/renewal.ts";

/** Branches whose targets make up the path, if they are taken. */
const PATHS: Readonly<Record<string, number>> = { all: ALL_KINDS, conditional: CONDITIONAL, indirect: INDIRECT, calls: CALLS | RETURN };

export default definePredictor({
  title: "Target cache",
  source:
    "P.-Y. Chang, E. Hao and Y. N. Patt, Target prediction for indirect jumps, ISCA 1997 (from memory): 512 entries without tags, " +
    "selected like gshare's by 9 bits of history xor address; GAs and tagged forms are parameters. Departures: no BTB detects that " +
    "the branch is indirect (here that is always known), so an empty entry predicts nothing; no per-branch histories; " +
    "addresses are used whole, in bytes; targetBits and skipBits have defaults of ours.",
  covers: INDIRECT,
  tracks: ({ history, path }) => (history === "pattern" ? CONDITIONAL : PATHS[path]),
  parameters: {
    history: {
      type: "choice",
      choices: ["pattern", "path"],
      default: "pattern",
      description: "outcomes of conditional branches, or bits of the last targets",
    },
    historyBits: { default: 9, min: 0, max: 32, unit: "bits", description: "length of the history" },
    path: {
      type: "choice",
      choices: ["all", "conditional", "indirect", "calls"],
      default: "indirect",
      description: "whose targets enter a path: all taken branches, conditional or indirect ones, calls and returns",
    },
    targetBits: { default: 3, min: 1, max: 16, unit: "bits", description: "bits of each target that enter a path" },
    skipBits: { default: 2, min: 0, max: 16, unit: "bits", description: "lowest bits of a target, which do not enter a path" },
    addressSkipBits: {
      default: 0,
      min: 0,
      max: 4,
      unit: "bits",
      description: "lowest bits of the branch's address, which select nothing",
    },
    newest: {
      type: "choice",
      choices: ["low", "high"],
      default: "low",
      description: "place of the newest outcome or target in the history: its lowest bits, or its highest, as in Scarab",
    },
    entries: { default: 512, min: 1, max: 2 ** 20, powerOfTwo: true, unit: "entries", description: "entries of the table" },
    ways: { default: 1, min: 1, max: 64, powerOfTwo: true, unit: "ways", description: "entries in a set, replaced in LRU order" },
    tagBits: { default: 0, min: 0, max: 32, unit: "bits", description: "bits above the set index that an entry remembers; 0: untagged" },
    indexing: {
      type: "choice",
      choices: ["xor", "concatenated", "address"],
      default: "xor",
      description:
        "low bits of address xor history select the set; or the history, then the address (GAg, GAs); or the address, history in the tag",
    },
    unbounded: { type: "flag", default: false, description: "exact: an entry for every address and history" },
  },
  check({ entries, ways, tagBits, indexing, unbounded }) {
    if (unbounded) {
      const asked = entries !== 512 || ways !== 1 || tagBits !== 0 || indexing !== "xor";
      return asked ? "unbounded excludes entries, ways, tagBits and indexing" : undefined;
    }
    if (ways > entries) return `ways must be at most entries (${entries}), got ${ways}`;
    if (tagBits === 0 && ways > 1) return `ways=${ways} needs tagBits (to distinguish the ways), got tagBits=0`;
    if (tagBits === 0 && indexing === "address") return "indexing=address needs tagBits, which hold the history, got tagBits=0";
    return undefined;
  },
  // An entry: tag, 32-bit target, LRU rank. And the history.
  storageBits({ historyBits, entries, ways, tagBits, indexing, unbounded }) {
    if (unbounded) return Number.POSITIVE_INFINITY;
    const rest = 32 - Math.log2(entries / ways);
    const above = { xor: rest, concatenated: Math.min(32, rest + historyBits), address: Math.max(rest, historyBits) }[indexing];
    return entries * (Math.min(tagBits, above) + 32 + Math.log2(ways)) + historyBits;
  },
  create({ history, historyBits, targetBits, skipBits, addressSkipBits, newest, entries, ways, tagBits, indexing, unbounded }) {
    const register = new Int32Array(1);
    const mask = historyBits === 32 ? -1 : 2 ** historyBits - 1;
    const targetMask = 2 ** targetBits - 1;
    const table = unbounded ? createUnbounded(register) : createBounded(register, historyBits, entries / ways, ways, tagBits, indexing);
    /** Appends some bits to the history. */
    const append =
      newest === "low"
        ? (bits: number, count: number) => {
            register[0] = ((register[0] << count) | bits) & mask;
          }
        : (bits: number, count: number) => {
            register[0] = ((register[0] & mask) >>> count) | ((bits << (historyBits - count)) & mask);
          };
    const track: Predictor["track"] =
      history === "pattern"
        ? (_pc, _target, taken) => append(taken, 1)
        : (_pc, target, taken) => {
            if (taken !== 0) append((target >>> skipBits) & targetMask, targetBits);
          };
    const ask = (pc: number): number => pc >>> addressSkipBits;
    const { predict, train } = table;
    return {
      predict: addressSkipBits === 0 ? predict : (pc) => predict(ask(pc), NONE),
      train: addressSkipBits === 0 ? train : (pc, target, taken) => train(ask(pc), target, taken),
      track,
      histories: [register],
      renewal: () => renewals(renewalOf(register), table.renewal()),
      inspect(pc) {
        const text = (register[0] >>> 0).toString(2).padStart(historyBits, "0");
        return [{ shape: "bits", title: `the ${history}`, bits: historyBits === 0 ? "" : text }, table.entriesOf(ask(pc))];
      },
    };
  },
});

type Table = Predictor & {
  renewal(): () => void;
  /** The entries that a prediction looks at, for `inspect`. */
  entriesOf(pc: number): InspectedEntries;
};

function createBounded(
  register: Int32Array,
  historyBits: number,
  sets: number,
  ways: number,
  tagBits: number,
  indexing: "xor" | "concatenated" | "address",
): Table {
  const setBits = Math.log2(sets);
  const tagMask = tagBits === 32 ? -1 : 2 ** tagBits - 1;
  const tags = new Int32Array(sets * ways);
  const targets = new Int32Array(sets * ways).fill(NONE); // empty entries follow full ones: see btb.ts

  // Set and tag are the low bits and what is above them of:
  //
  //     xor            address ^ history
  //     concatenated   address : history (historyBits long); the tag keeps 32 bits of what is above
  //     address        address for the set; for the tag, what is above it ^ history
  const longer = Math.max(0, historyBits - setBits);
  const shorter = Math.max(0, setBits - historyBits);
  const pcUp = (pc: number, by: number): number => (pc << 1) << (by - 1);
  const indexOf = {
    xor: (pc: number) => pc ^ register[0],
    concatenated: (pc: number) => (historyBits > 0 ? pcUp(pc, historyBits) | register[0] : pc),
    address: (pc: number) => pc,
  }[indexing];
  const restOf = {
    xor: (pc: number) => (pc ^ register[0]) >>> setBits,
    concatenated: (pc: number) => (longer > 0 ? pcUp(pc, longer) | (register[0] >>> setBits) : pc >>> shorter),
    address: (pc: number) => (pc >>> setBits) ^ register[0],
  }[indexing];

  return {
    predict(pc) {
      const first = (indexOf(pc) & (sets - 1)) * ways;
      const tag = restOf(pc) & tagMask;
      const way = findWay(tags, first, ways, tag);
      return tags[way] === tag ? targets[way] : NONE;
    },
    train(pc, target) {
      const first = (indexOf(pc) & (sets - 1)) * ways;
      const tag = restOf(pc) & tagMask;
      if (tags[first] !== tag) {
        const way = findWay(tags, first, ways, tag);
        pushBack(tags, first, way);
        pushBack(targets, first, way);
        tags[first] = tag;
      }
      targets[first] = target;
    },
    renewal: () => renewalOf(tags, targets),
    entriesOf: (pc) => inspectSet({ tags, targets, first: (indexOf(pc) & (sets - 1)) * ways, ways, tag: restOf(pc) & tagMask }),
  };
}

function createUnbounded(register: Int32Array): Table {
  const table = createExactTable(2, 1); // address, history
  const find = (pc: number): number => {
    table.key[0] = pc;
    table.key[1] = register[0];
    return table.find();
  };
  return {
    predict: (pc) => table.words[find(pc)],
    train(pc, target) {
      const at = find(pc);
      if (table.words[at] === NONE) table.insert(at, target);
      else table.words[at] = target;
    },
    renewal: table.renewal,
    entriesOf: (pc) => inspectOwnEntry(pc, table.words[find(pc)]),
  };
}
