import { expect, it } from "vitest";
import tageSc from "../../dist/predictors/tage-sc.js";
import { CONDITIONAL, INDIRECT_JUMP, JUMP } from "../../dist/src/branch.js";
import { cookbookLengths } from "../../dist/src/models/cookbook-tage-sizes.js";
import { type Branches, missesOf, seeded, sum, valuesOf } from "./replay.ts";

it("has as many bits as the author's code counts: 1,567,981", () => {
  expect(tageSc.storageBits(valuesOf(tageSc))).toBe(1_567_981);
});

it("has the author's history lengths, five bits for each branch", () => {
  expect(cookbookLengths().map((length) => length / 5)).toEqual([
    3, 5, 7, 9, 11, 13, 16, 19, 22, 26, 31, 36, 43, 50, 60, 70, 83, 98, 116, 136, 161, 190, 225, 265, 369, 515, 718, 1000,
  ]);
});

/** Branches one after the other: address, taken target, outcome, kind. */
function branchesOf(list: readonly (readonly [pc: number, target: number, taken: number, kind?: number])[]): Branches {
  return {
    count: list.length,
    pcs: list.map(([pc]) => pc),
    targets: list.map(([pc, target, taken]) => (taken ? target : pc + 4)),
    taken: list.map(([, , taken]) => taken),
    kinds: list.map(([, , , kind = CONDITIONAL]) => kind),
    statics: list.map(([, target]) => target),
  };
}

/** Mispredictions in the last quarter at one address. */
function late(branches: Branches, pc: number): number {
  const misses = missesOf(tageSc, {}, branches);
  return sum(misses.filter((_, i) => i >= (3 / 4) * branches.count && branches.pcs[i] === pc));
}

it("predicts the end of a loop of 24 rounds around a branch that tells nothing: the corrector has local histories and counts rounds", () => {
  const random = seeded(7);
  const list = Array.from({ length: 400 }, () =>
    Array.from({ length: 24 }, (_, round) => [[0x4040, 0x4100, random(2)] as const, [0x8000, 0x4000, round < 23 ? 1 : 0] as const]),
  ).flat(2);
  expect(late(branchesOf(list), 0x8000)).toBeLessThan(20); // of 100 ends
});

it("knows where it came from: the targets of indirect jumps are in its history", () => {
  const random = seeded(3);
  const list = Array.from({ length: 4000 }, () => {
    const way = random(2);
    return [
      [0x1000, way ? 0x2000 : 0x3000, 1, INDIRECT_JUMP] as const,
      [way ? 0x2000 : 0x3000, 0x5000, 1, JUMP] as const,
      [0x5000, 0x6000, way] as const,
    ];
  }).flat();
  expect(late(branchesOf(list), 0x5000)).toBeLessThan(10); // of 1000
});
