// Rehashable BTB: a branch target buffer that notices which few indirect branches are mispredicted again and again, and from then on
// looks these up with the path that led there as well, so that each of their targets has entries of its own. All others keep
// their one entry.
//
//     branch ──► critical buffer: how often mispredicted?
//                seldom ──► address ─────────────┐
//                often  ──► address xor path ────┴──► BTB, last target
import { INDIRECT, NONE } from "../src/branch.ts";
import { fixedArray } from "../src/models/afresh.ts";
import { associativeBits, findWay, GEOMETRY, pushBack } from "../src/models/associative-table.ts";
import { createAddressPath, createPathTable, learning, REGISTER_BITS } from "../src/models/path-table.ts";
import { definePredictor } from "../src/models/predictor.ts";

export default definePredictor({
  title: "Rehashable BTB",
  source:
    "T. Li, R. Bhargava and L. K. John, Rehashable BTB: an adaptive branch target buffer to improve the target predictability of Java code, HiPC 2002, " +
    "and Adapting branch-target buffer to improve the target predictability of Java code, ACM TACO 2(2), 2005 (the abstract; the rest from memory). Ours: " +
    "all sizes, the hash, and that a branch is critical as long as the small buffer of critical branches, which " +
    "forgets the one longest without a misprediction, has it with enough mispredictions. Only indirect branches have entries.",
  covers: INDIRECT,
  tracks: INDIRECT,
  parameters: {
    sets: GEOMETRY.sets,
    ways: GEOMETRY.ways,
    tagBits: { ...GEOMETRY.tagBits, min: 1, description: "bits of address or hash above the set index that an entry remembers; 32: all" },
    critical: { default: 16, min: 1, max: 1024, unit: "branches", description: "branches whose mispredictions are counted" },
    misses: { default: 8, min: 1, max: 255, unit: "misses", description: "mispredictions that make a branch critical" },
    targets: { default: 3, min: 1, max: 12, unit: "targets", description: "last targets of indirect branches in the path" },
  },
  // The BTB: tag, 32-bit target, LRU rank. The critical branches: address, counter, LRU rank. And the path.
  storageBits: ({ sets, ways, tagBits, critical, misses }) =>
    associativeBits(sets, ways, tagBits, 32) +
    critical * (32 + Math.ceil(Math.log2(misses + 1)) + Math.ceil(Math.log2(critical))) +
    REGISTER_BITS,
  create({ sets, ways, tagBits, critical, misses, targets }) {
    const table = createPathTable(createAddressPath(sets), sets * ways, ways, tagBits);
    const learn = learning(table, 1);
    const addresses = new Int32Array(critical).fill(NONE); // of critical branches, the last mispredicted first ...
    const counts = new Int32Array(critical); // ... and their mispredictions
    const path = fixedArray([0]);
    const bits = Math.floor(REGISTER_BITS / targets);
    const pathMask = 2 ** (bits * targets) - 1;

    function keyOf(pc: number): number {
      const at = findWay(addresses, 0, critical, pc);
      return addresses[at] === pc && counts[at] >= misses ? pc ^ (Math.imul(path[0], 0x9e3779b1) >>> 8) : pc;
    }
    function answer(pc: number): number {
      const place = table.find(keyOf(pc));
      return place < 0 ? NONE : table.target(place);
    }
    function countMiss(pc: number): void {
      const at = findWay(addresses, 0, critical, pc);
      const count = addresses[at] === pc ? Math.min(counts[at] + 1, misses) : 1;
      pushBack(addresses, 0, at);
      pushBack(counts, 0, at);
      addresses[0] = pc;
      counts[0] = count;
    }

    return {
      predict: answer,
      train(pc, target) {
        const right = answer(pc) === target;
        learn(keyOf(pc), target);
        if (!right) countMiss(pc);
      },
      track(_pc, target) {
        path[0] = ((path[0] << bits) | (Math.imul(target, 0x9e3779b1) >>> (32 - bits))) & pathMask;
      },
      histories: [path],
      inspect(pc) {
        const at = findWay(addresses, 0, critical, pc);
        const missed = addresses[at] === pc ? counts[at] : 0;
        return [
          { shape: "counter", title: "mispredictions of this branch; at the most, it is critical", value: missed, max: misses },
          {
            shape: "bits",
            title: "the path, with which critical branches are looked up",
            bits: path[0].toString(2).padStart(bits * targets, "0"),
          },
          table.inspectEntries(keyOf(pc)),
        ];
      },
    };
  },
});
