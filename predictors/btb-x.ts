// BTB-X: a branch target buffer that stores offsets instead of targets. Most branches do not go far: the ways of a set have room for
// offsets of different lengths, and a branch may only enter a way whose room its own offset fits. What fits in none goes to a small
// companion with whole targets.
//
//     way      0       1        2         …      7        companion
//     room   0 bits  6 bits   7 bits          27 bits     whole target
//
// The offset is what remains of the target below the highest bit in which it differs from the branch's address. A return needs
// none: its target comes from the return stack.

import { ALL_KINDS, INDIRECT, NONE, RETURN } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { definePredictor } from "../src/models/predictor.ts";

/** Lengths as they are written: "0/6/7". Undefined if one is no number of bits, or shorter than the one before it. */
function readOffsets(text: string): number[] | undefined {
  const lengths = text.split("/").map((part) => (/^\d{1,2}$/.test(part) ? Number(part) : Number.NaN));
  const valid = lengths.every((bits, i) => bits <= 32 && (i === 0 || bits >= lengths[i - 1]));
  return valid && lengths.length <= 64 ? lengths : undefined;
}

/** Bits of an entry beside tag and offset: the kind of branch, and its rank in the order of use among eight. */
const KIND_BITS = 2;

export default definePredictor({
  title: "BTB-X, offsets of several lengths",
  source:
    "T. Asheim, B. Grot and R. Kumar, A storage-effective BTB organization for servers, HPCA 2023 (through its published simulator). " +
    "The lengths are its own for Arm, 0/4/5/7/9/11/19/25 with skipBits=2, each two bits longer here, because addresses count bytes. " +
    "The entry of an indirect branch stays in its way, and is cut, when a new target does not fit. Tags are 16 bits: 8 of the " +
    "address, and 8 folded from the rest. Returns take up entries, but one without an entry is not counted as a bubble.",
  covers: INDIRECT,
  fetches: ALL_KINDS & ~RETURN,
  tracks: RETURN,
  parameters: {
    sets: { default: 512, min: 1, max: 65536, powerOfTwo: true, unit: "sets", description: "sets, each with a way for every length" },
    offsets: { type: "text", default: "0/6/7/9/11/13/21/27", description: "room for the offset in each way, in bits, from short to long" },
    companionSets: {
      default: 64,
      min: 1,
      max: 65536,
      powerOfTwo: true,
      unit: "entries",
      description: "entries of the companion, one in a set, with whole targets",
    },
    skipBits: { default: 0, min: 0, max: 4, unit: "bits", description: "lowest bits of all addresses, which are always 0" },
  },
  check: ({ offsets }) =>
    readOffsets(offsets) === undefined
      ? `offsets must be up to 64 numbers of bits from 0 to 32, separated by /, none smaller than the one before it, got ${offsets}`
      : undefined,
  storageBits({ sets, offsets, companionSets }) {
    const lengths = readOffsets(offsets) ?? [];
    const rank = Math.ceil(Math.log2(lengths.length + 1));
    const plain = 16 + KIND_BITS + rank;
    return sets * lengths.reduce((sum, bits) => sum + plain + bits, 0) + companionSets * (plain + 32);
  },
  create({ sets, offsets, companionSets, skipBits }) {
    const lengths = fixedArray([...(readOffsets(offsets) ?? []), 32]);
    const ways = lengths.length;
    // a column for each way: the companion's is shorter, the others' are as long as there are sets
    const starts = fixedArray(Array.from({ length: ways }, (_, way) => way * sets));
    const size = (ways - 1) * sets + companionSets;
    const tags = new Int32Array(size);
    const targets = new Int32Array(size).fill(NONE);
    // the time of the last use; empty entries have that of the start
    const used = new Float64Array(size);
    const clock = new Float64Array([1]); // the time of the next use
    const folded = fixedArray([Math.log2(sets), Math.log2(companionSets)]);

    const placeOf = (pc: number, way: number): number =>
      starts[way] + ((pc >>> skipBits) & (way === ways - 1 ? companionSets - 1 : sets - 1));
    function tagOf(pc: number, way: number): number {
      const above = (pc >>> skipBits) >>> folded[way === ways - 1 ? 1 : 0];
      const rest = above >>> 8;
      return (above & 255) | (((rest ^ (rest >>> 8) ^ (rest >>> 16)) & 255) << 8);
    }
    function find(pc: number): number {
      for (let way = 0; way < ways; way++) {
        const place = placeOf(pc, way);
        if (targets[place] !== NONE && tags[place] === tagOf(pc, way)) return way;
      }
      return -1;
    }
    const lengthOf = (pc: number, target: number): number => 32 - Math.clz32((pc >>> skipBits) ^ (target >>> skipBits));

    /** Enters a branch whose offset has this length, or renews its entry. */
    function enter(pc: number, target: number, length: number): void {
      let way = find(pc);
      for (let candidate = 0; way < 0 && candidate < ways; candidate++) {
        if (lengths[candidate] < length) continue;
        way = candidate;
        for (let longer = way + 1; longer < ways; longer++) if (used[placeOf(pc, longer)] < used[placeOf(pc, way)]) way = longer;
      }
      const place = placeOf(pc, way);
      tags[place] = tagOf(pc, way);
      targets[place] = target;
      used[place] = clock[0]++;
    }
    /** The target as the entry in this way gives it: the branch's own high bits, then the offset. */
    function targetAt(pc: number, way: number): number {
      const bits = lengths[way] + skipBits;
      const mask = bits >= 32 ? -1 : 2 ** bits - 1;
      return (pc & ~mask) | (targets[placeOf(pc, way)] & mask);
    }
    return {
      predict(pc) {
        const way = find(pc);
        return way < 0 ? NONE : targetAt(pc, way);
      },
      train: (pc, target) => enter(pc, target, lengthOf(pc, target)),
      track: (pc, target) => enter(pc, target, 0),
      finish: () => {
        const filled = Array.from(lengths, (_, way) => {
          const end = way === ways - 1 ? size : starts[way] + sets;
          return targets.subarray(starts[way], end).reduce((sum, target) => sum + (target === NONE ? 0 : 1), 0);
        });
        return { entries_by_offset_bits: filled.map((count, way) => `${way === ways - 1 ? "whole" : lengths[way]}=${count}`).join(" ") };
      },
    };
  },
});
