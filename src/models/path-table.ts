// A table of targets, indexed by the address of a branch and its path: the targets of the last indirect branches.
// Besides its target an entry has one number, its state, whose meaning the model defines. The bounded form is
// set-associative; the exact one has an entry for every path of every branch.

import { NONE } from "../branch.ts";
import { afresh, fixedArray } from "./afresh.ts";
import { findWay, inspectOwnEntry, inspectSet } from "./associative-table.ts";
import { createExactTable, type ExactTable } from "./exact-table.ts";
import type { InspectedEntries, InspectedPart } from "./inspection.ts";
import { renewalOf } from "./renewal.ts";

export interface PathTable {
  /** Index of the entry for this branch after the current path, or -1. */
  find(pc: number): number;
  /** The same, and makes the entry the most recent of its set; if there is none, adds one with target `NONE` and state 0. */
  claim(pc: number): number;
  target(place: number): number;
  state(place: number): number;
  /** Fills the entry just claimed; a new entry must keep state 0. */
  write(place: number, target: number, state: number): void;
  /** Appends a target to the path. */
  push(target: number): void;
  /** Everything that `push` changes. */
  readonly histories: readonly Int32Array[];
  /** Asked while it is empty: returns what empties it, path and all. */
  renewal(): () => void;
  /** The path, for `inspect`. */
  inspectPath(): InspectedPart;
  /** The entries among which `find` with the same address looks, for `inspect`; the one that it finds is the used one. */
  inspectEntries(pc: number): InspectedEntries;
}

/** Path and address in the form that a bounded table needs. */
export interface Path {
  keyOf(pc: number): number;
  setOf(key: number): number;
  /** At least the low bits for a tag. */
  tagOf(key: number, pc: number): number;
  push(target: number): void;
  readonly histories: readonly Int32Array[];
  /** The path, for `inspect`. */
  inspect(): InspectedPart;
}

/** Width of a path register, divided evenly among the targets. */
export const REGISTER_BITS = 24;

/**
 * Training of a table whose states count consecutive misses: after `misses` of them a new target replaces the old one.
 */
export function learning(table: PathTable, misses: number): (pc: number, target: number) => void {
  return afresh(createLearning)(table, misses, NONE);
}

function createLearning(table: PathTable, misses: number, none: number): (pc: number, target: number) => void {
  return (pc, target) => {
    const place = table.claim(pc);
    const old = table.target(place);
    if (old === target && table.state(place) === 0) return;
    const missed = old === target || old === none ? 0 : table.state(place) + 1;
    if (missed === 0 || missed >= misses) table.write(place, target, 0);
    else table.write(place, old, missed);
  };
}

/**
 * The path is a register of the newest targets, a few bits of each; for a path of four (t0 is the newest):
 *
 *     | t3 (6 bits) | t2 | t1 | t0 |      next:  | t2 | t1 | t0 | new |
 *
 * Driesen and Hölzle interleave the bits of the targets, because the low bits of register xor address select the set
 * and should hold something of every target. With few opcodes, some of them frequent, that crowds some sets: on 120
 * random loops of 24 to 60 opcodes, 4096 entries missed 31 % more than an unbounded table, and 8 % more when the set
 * comes from a product of the whole key. A product spreads every bit, so the order of the targets no longer matters.
 * @param depth targets in the path
 */
export function createHashedPath(depth: number, setBits: number, tagBits: number): Path {
  return afresh(createHashed)(depth, depth > 0 ? Math.floor(REGISTER_BITS / depth) : 0, setBits, tagBits, fixedArray);
}

function createHashed(depth: number, bits: number, setBits: number, tagBits: number, array: typeof fixedArray): Path {
  const tagShift = Math.max(0, 32 - setBits - tagBits);
  const registerMask = 2 ** (depth * bits) - 1;
  const register = array([0]);
  return {
    // The product is one-to-one: its high bits, the set, and the other bits, the whole tag, together distinguish all keys.
    keyOf: (pc) => Math.imul(register[0] ^ Math.imul(pc, 0x85ebca6b), 0x9e3779b1),
    setOf: (key) => (key >>> 1) >>> (31 - setBits), // >>> 32 would shift by 0
    tagOf: (key) => key >>> tagShift,
    push(target) {
      if (depth === 0) return;
      const newest = Math.imul(target, 0x9e3779b1) >>> (32 - bits);
      register[0] = ((register[0] << bits) | newest) & registerMask;
    },
    histories: [register],
    inspect: () => ({
      shape: "bits",
      title: `path: ${bits} bits of a hash of each of the last ${depth} targets`,
      bits: depth === 0 ? "" : register[0].toString(2).padStart(depth * bits, "0"),
    }),
  };
}

/** Without a path: the low bits of the address select the set. */
export function createAddressPath(sets: number): Path {
  return afresh(createAddress)(sets, Math.log2(sets));
}

function createAddress(sets: number, setBits: number): Path {
  return {
    keyOf: (pc) => pc,
    setOf: (pc) => pc & (sets - 1),
    tagOf: (pc) => pc >>> setBits,
    push() {},
    histories: [],
    inspect: () => ({ shape: "bits", title: "no path", bits: "" }),
  };
}

type Helpers = { readonly findWay: typeof findWay; readonly inspectSet: typeof inspectSet; readonly renewalOf: typeof renewalOf };

/** `two-level` has its own table, which does the same without a state: 228 M branches/s instead of 174. */
export function createPathTable(path: Path, entries: number, ways: number, tagBits: number): PathTable {
  return afresh(createBounded)(path, entries, ways, tagBits, NONE, { findWay, inspectSet, renewalOf });
}

function createBounded(
  path: Path,
  entries: number,
  ways: number,
  tagBits: number,
  none: number,
  { findWay, inspectSet, renewalOf }: Helpers,
): PathTable {
  const tagMask = tagBits === 32 ? -1 : 2 ** tagBits - 1;
  const tags = new Int32Array(entries);
  const targets = new Int32Array(entries).fill(none); // empty entries follow full ones: see btb.ts
  const states = new Int32Array(entries);
  return {
    find(pc) {
      const key = path.keyOf(pc);
      const first = path.setOf(key) * ways;
      const tag = path.tagOf(key, pc) & tagMask;
      if (tags[first] === tag && targets[first] !== none) return first;
      const way = findWay(tags, first, ways, tag);
      return tags[way] === tag && targets[way] !== none ? way : -1;
    },
    claim(pc) {
      const key = path.keyOf(pc);
      const first = path.setOf(key) * ways;
      const tag = path.tagOf(key, pc) & tagMask;
      if (tags[first] === tag) return first;
      const way = findWay(tags, first, ways, tag);
      const known = tags[way] === tag;
      const target = known ? targets[way] : none;
      const state = known ? states[way] : 0;
      for (let i = way; i > first; i--) {
        tags[i] = tags[i - 1];
        targets[i] = targets[i - 1];
        states[i] = states[i - 1];
      }
      tags[first] = tag;
      targets[first] = target;
      states[first] = state;
      return first;
    },
    target: (place) => targets[place],
    state: (place) => states[place],
    write(place, target, state) {
      targets[place] = target;
      states[place] = state;
    },
    push: path.push,
    histories: path.histories,
    renewal: () => renewalOf(tags, targets, states, ...path.histories),
    inspectPath: path.inspect,
    inspectEntries(pc) {
      const key = path.keyOf(pc);
      return inspectSet({ tags, targets, first: path.setOf(key) * ways, ways, tag: path.tagOf(key, pc) & tagMask }, { state: states });
    },
  };
}

/** @param depth targets in the path */
export function createExactPathTable(depth: number): PathTable {
  return afresh(createExact)(depth, createExactTable(1 + depth, 2), NONE, inspectOwnEntry);
}

function createExact(depth: number, table: ExactTable, none: number, inspectOwn: typeof inspectOwnEntry): PathTable {
  const key = table.key.fill(none); // the address, then the path: the newest target first, NONE for targets that do not exist yet
  return {
    find(pc) {
      key[0] = pc;
      const at = table.find();
      return table.words[at] === none ? -1 : at;
    },
    claim(pc) {
      key[0] = pc;
      return table.find();
    },
    target: (place) => table.words[place],
    state: (place) => table.words[place + 1],
    write(place, target, state) {
      const { words } = table;
      if (words[place] === none) {
        table.insert(place, target);
        return;
      }
      words[place] = target;
      words[place + 1] = state;
    },
    push(target) {
      for (let k = depth; k > 1; k--) key[k] = key[k - 1];
      if (depth > 0) key[1] = target;
    },
    histories: [key],
    renewal() {
      const renew = table.renewal();
      return () => {
        renew();
        key.fill(none);
      };
    },
    inspectPath: () => ({
      shape: "entries",
      title: `path: the last ${depth} targets, the newest first`,
      columns: [{ title: "target", addresses: true }],
      rows: Array.from(key.subarray(1), (target) => [target]),
    }),
    inspectEntries(pc) {
      key[0] = pc;
      const at = table.find();
      return inspectOwn(pc, table.words[at], { state: table.words[at + 1] });
    },
  };
}
