// Virtual program counter prediction: an indirect branch is treated as a sequence of conditional branches, one for each
// earlier target, at virtual addresses. The first that is predicted taken gives the target.

import { CONDITIONAL, INDIRECT, NONE } from "../src/branch.ts";
import { associativeBits, findWay, pushBack } from "../src/models/associative-table.ts";
import { definePredictor } from "../src/models/predictor.ts";

/** Bits of a target's use count, for the replacement of the least frequently used. */
const USE_BITS = 4;
const MOST_USES = 2 ** USE_BITS - 1;

export default definePredictor({
  title: "VPC, virtual conditional branches",
  source:
    "H. Kim, J. A. Joao, O. Mutlu, C. J. Lee, Y. N. Patt and R. Cohn, VPC prediction: reducing the cost of indirect branches via hardware-based " +
    "dynamic devirtualization, ISCA 2007 (from memory): BTB and direction predictor at address xor hash[k], history << k. Departures: " +
    "both are its own, not shared with conditional branches, and the direction predictor is a gshare (theirs: a perceptron); an iteration without " +
    "a BTB entry is skipped (theirs ends the search); uses are counted to 15, then halved; iterations take no time; targetBits is ours.",
  covers: INDIRECT,
  tracks: ({ targetBits }) => (targetBits > 0 ? CONDITIONAL | INDIRECT : CONDITIONAL),
  parameters: {
    iterations: { default: 12, min: 1, max: 16, unit: "iterations", description: "virtual branches that are tried" },
    sets: { default: 1024, min: 1, max: 65536, powerOfTwo: true, unit: "sets", description: "sets of the BTB" },
    ways: { default: 4, min: 1, max: 64, unit: "ways", description: "entries in a set of the BTB, replaced in LRU order" },
    tagBits: {
      default: 32,
      min: 1,
      max: 32,
      unit: "bits",
      description: "address bits above the set index that an entry remembers; 32: all",
    },
    counters: {
      default: 65536,
      min: 1,
      max: 2 ** 24,
      powerOfTwo: true,
      unit: "counters",
      description: "two-bit counters of the direction predictor",
    },
    historyBits: {
      default: 16,
      min: 0,
      max: 24,
      unit: "bits",
      description: "length of the history: outcomes of conditionals, the newest in bit 0",
    },
    targetBits: {
      default: 0,
      min: 0,
      max: 12,
      unit: "bits",
      description:
        "hashed bits of each indirect target that also enter the history: without conditionals between its branches, an interpreter has no other",
    },
  },
  // An entry of the BTB: tag, 32-bit target, uses, LRU rank.
  storageBits: ({ sets, ways, tagBits, counters, historyBits }) =>
    associativeBits(sets, ways, tagBits, 32 + USE_BITS) + 2 * counters + historyBits,
  create({ iterations, sets, ways, tagBits, counters, historyBits, targetBits }) {
    const setBits = Math.log2(sets);
    const tagMask = tagBits === 32 ? -1 : 2 ** tagBits - 1;
    const tags = new Int32Array(sets * ways);
    const targets = new Int32Array(sets * ways).fill(NONE); // empty entries follow full ones: see btb.ts
    const uses = new Int32Array(sets * ways);
    const directions = new Int8Array(counters).fill(1); // weakly not taken
    const history = new Int32Array(1);
    const historyMask = 2 ** historyBits - 1;
    const places = new Int32Array(iterations); // index in the BTB of each iteration's entry while a branch trains; -1: none

    const virtual = (pc: number, k: number): number => pc ^ Math.imul(k, 0x9e3779b1);
    const firstOf = (address: number): number => (address & (sets - 1)) * ways;
    const counterOf = (address: number, k: number): number => (address ^ ((history[0] << k) & historyMask)) & (counters - 1);

    function look(address: number): number {
      const tag = (address >>> setBits) & tagMask;
      const way = findWay(tags, firstOf(address), ways, tag);
      return tags[way] === tag && targets[way] !== NONE ? way : -1;
    }

    function learn(pc: number, k: number, taken: boolean): void {
      const at = counterOf(virtual(pc, k), k);
      const counter = directions[at];
      if (taken) {
        if (counter < 3) directions[at] = counter + 1;
      } else if (counter > 0) directions[at] = counter - 1;
    }

    /** Puts an iteration's entry at the front of its set. */
    function write(address: number, target: number, used: number): void {
      const first = firstOf(address);
      const tag = (address >>> setBits) & tagMask;
      const way = findWay(tags, first, ways, tag);
      pushBack(tags, first, way);
      pushBack(targets, first, way);
      pushBack(uses, first, way);
      tags[first] = tag;
      targets[first] = target;
      uses[first] = used;
    }

    /** The iteration for a new target: the first without an entry, otherwise the least frequently used. */
    function roomFor(): number {
      let room = 0;
      for (let k = 0; k < iterations; k++) {
        if (places[k] < 0) return k;
        if (uses[places[k]] < uses[places[room]]) room = k;
      }
      return room;
    }

    return {
      predict(pc) {
        for (let k = 0; k < iterations; k++) {
          const address = virtual(pc, k);
          if (directions[counterOf(address, k)] < 2) continue;
          const place = look(address);
          if (place >= 0) return targets[place];
        }
        return NONE;
      },
      train(pc, target) {
        let right = 0;
        for (; right < iterations; right++) {
          const place = look(virtual(pc, right));
          places[right] = place;
          if (place >= 0 && targets[place] === target) break;
        }
        const found = right < iterations;
        const k = found ? right : roomFor();
        for (let other = 0; other < right; other++) if (other !== k && places[other] >= 0) learn(pc, other, false);
        learn(pc, k, true);
        let used = 0;
        if (found) {
          used = uses[places[k]] + 1;
          if (used > MOST_USES) {
            used >>= 1;
            for (let other = 0; other < iterations; other++) {
              const place = look(virtual(pc, other));
              if (place >= 0) uses[place] >>= 1;
            }
          }
        }
        write(virtual(pc, k), target, used);
      },
      track(_pc, target, taken, kind) {
        if (kind === CONDITIONAL) history[0] = ((history[0] << 1) | taken) & historyMask;
        else if (targetBits > 0)
          history[0] = ((history[0] << targetBits) | (Math.imul(target, 0x9e3779b1) >>> (32 - targetBits))) & historyMask;
      },
      histories: [history],
    };
  },
});
