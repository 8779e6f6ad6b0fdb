// gem5's default predictor of indirect branches: a small table, selected by the branch's address, the outcomes of all branches, and
// the last targets. Many papers stand on it, often without saying so.
//
//     address        a a a a a a a a
//     outcomes       o o o o o o o o         xor: the set
//     last target    t t t t t t t t
//     the one before     u u u u u u         each older one two bits further down

import { ALL_KINDS, INDIRECT, NONE } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { definePredictor } from "../src/models/predictor.ts";

export default definePredictor({
  title: "gem5's simple indirect predictor",
  source:
    "gem5, SimpleIndirectPredictor (src/cpu/pred, 2014, and as of 2025), with its defaults; tags are of the address alone. Every branch " +
    "adds its outcome to the history, taken if it is no conditional; targets of indirect jumps and calls make up the path. A new entry " +
    "replaces a random one: the random numbers are not gem5's. Addresses are used from bit 0 on, as for x86; skipBits=2 is for Arm.",
  covers: INDIRECT,
  tracks: ALL_KINDS,
  parameters: {
    sets: { default: 256, min: 1, max: 65536, powerOfTwo: true, unit: "sets", description: "sets of the table" },
    ways: { default: 2, min: 1, max: 64, unit: "ways", description: "entries in a set, of which a random one is replaced" },
    tagBits: { default: 16, min: 1, max: 32, unit: "bits", description: "lowest bits of the address that an entry remembers" },
    targets: { default: 3, min: 0, max: 16, unit: "targets", description: "last targets that help to select the set" },
    historyBits: { default: 13, min: 0, max: 31, unit: "bits", description: "last outcomes that help to select the set" },
    skipBits: { default: 0, min: 0, max: 4, unit: "bits", description: "lowest bits of addresses, which are left out" },
  },
  storageBits: ({ sets, ways, tagBits, targets, historyBits }) => sets * ways * (tagBits + 32) + targets * 32 + historyBits,
  create({ sets, ways, tagBits, targets: depth, historyBits, skipBits }) {
    const tagMask = tagBits === 32 ? -1 : 2 ** tagBits - 1;
    const historyMask = 2 ** historyBits - 1;
    const step = depth > 0 ? Math.floor(Math.log2(sets) / depth) : 0;
    const tags = new Int32Array(sets * ways);
    const targets = new Int32Array(sets * ways).fill(NONE);
    const path = fixedArray(Array<number>(depth).fill(0)); // the newest first
    const state = fixedArray([0, 0xace1]); // outcomes; random number
    function firstOf(pc: number): number {
      let hash = (pc >>> skipBits) ^ state[0];
      // beyond 31 a shift would begin again at 0
      for (let p = 0; p < depth; p++) if (skipBits + p * step < 32) hash ^= path[p] >>> (skipBits + p * step);
      return (hash & (sets - 1)) * ways;
    }
    function find(pc: number): number {
      const first = firstOf(pc);
      const tag = (pc >>> skipBits) & tagMask;
      for (let at = first; at < first + ways; at++) if (tags[at] === tag && targets[at] !== NONE) return at;
      return -1;
    }
    return {
      predict(pc) {
        const at = find(pc);
        return at < 0 ? NONE : targets[at];
      },
      train(pc, target) {
        let at = find(pc);
        if (at < 0) {
          const random = (state[1] >>> 1) ^ (-(state[1] & 1) & 0xb400);
          state[1] = random;
          at = firstOf(pc) + (random % ways);
          tags[at] = (pc >>> skipBits) & tagMask;
        }
        targets[at] = target;
      },
      track(_pc, target, taken, kind) {
        state[0] = ((state[0] << 1) | taken) & historyMask;
        if (depth === 0 || (kind & INDIRECT) === 0) return;
        path.copyWithin(1, 0, depth - 1);
        path[0] = target;
      },
      histories: [path, state.subarray(0, 1)],
    };
  },
});
