import { describe, expect, it } from "vitest";
import btb from "../../dist/predictors/btb.js";
import rehashable from "../../dist/predictors/rehashable-btb.js";
import { INDIRECT_JUMP } from "../../dist/src/branch.js";
import { branchesOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

/** Branches with one target, and one with four that come in an order that the target before the last tells. */
const random = seeded(5);
const JUMPS = Array.from({ length: 3000 }, (_, i) =>
  random(3) === 0 ? ([0x40, 0x4000 + 0x1234 * [0, 1, 0, 2, 3][i % 5]] as const) : ([0x80 + 4 * random(6), 0x8000] as const),
);

/** Last targets by branch, and by branch and path for those that were mispredicted often enough; nothing is ever lost. */
function naiveMisses(misses: number, targets: number): number[] {
  const last = new Map<string, number>();
  const missed = new Map<number, number>();
  let path: number[] = [];
  return JUMPS.map(([pc, target]) => {
    const key = (missed.get(pc) ?? 0) >= misses ? `${pc} ${path.join(" ")}` : `${pc}`;
    const right = last.get(key) === target;
    last.set(key, target);
    if (!right) missed.set(pc, (missed.get(pc) ?? 0) + 1);
    path = [target, ...path].slice(0, targets);
    return right ? 0 : 1;
  });
}

describe("the rehashable BTB", () => {
  it.each([
    [1, 1],
    [8, 3],
    [20, 2],
  ])("looks up by the path as well once a branch was mispredicted %i times, with %i targets in the path", (misses, targets) => {
    const naive = naiveMisses(misses, targets);
    expect(missesOf(rehashable, { misses, targets, sets: 4096 }, branchesOf(INDIRECT_JUMP, JUMPS))).toEqual(naive);
  });

  it("is a BTB as long as no branch is critical", () => {
    const few = branchesOf(INDIRECT_JUMP, JUMPS.slice(0, 200));
    expect(missesOf(rehashable, { misses: 255 }, few)).toEqual(missesOf(btb, {}, few));
  });

  it("foresees a switch whose last targets tell the next, which a BTB does not", () => {
    const loop = branchesOf(
      INDIRECT_JUMP,
      Array.from({ length: 400 }, (_, i) => [64, [0x101, 0x202, 0x101, 0x303][i % 4]]),
    );
    expect(sum(missesOf(rehashable, {}, loop).slice(-100))).toBe(0);
    expect(sum(missesOf(btb, {}, loop).slice(-100))).toBe(100);
  });

  it("forgets the branch that was mispredicted longest ago when another is mispredicted", () => {
    const alternating = (pc: number, count: number) => Array.from({ length: count }, (_, i) => [pc, i % 2 ? 0x111 : 0x222] as const);
    const first = alternating(64, 40);
    const disturbed = branchesOf(INDIRECT_JUMP, [...first, [96, 0x333], ...alternating(64, 8)]);
    const late = (critical: number) => sum(missesOf(rehashable, { critical, targets: 1 }, disturbed).slice(-8));
    expect(late(1)).toBeGreaterThan(late(2));
  });

  it("needs the BTB, the critical branches and the path", () => {
    expect(rehashable.storageBits(valuesOf(rehashable))).toBe(2048 * (23 + 32 + 2) + 16 * (32 + 4 + 4) + 24);
  });
});
