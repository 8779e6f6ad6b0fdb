import { describe, expect, it } from "vitest";
import btb from "../../dist/predictors/btb.js";
import ppm from "../../dist/predictors/ppm.js";
import { INDIRECT_JUMP } from "../../dist/src/branch.js";
import { branchesOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

/** Some order in a few targets, some noise. */
const random = seeded(21);
const JUMPS = Array.from({ length: 4000 }, (_, i) => [0x100 * random(6), 0x4000 + 37 * (random(8) ? (i * i) % 11 : random(30))] as const);

/** The paper's tables as maps from pattern to target: the longest pattern that is known answers. */
function naiveMisses(orders: number): number[] {
  const tables = Array.from({ length: orders + 1 }, () => new Map<string, { target: number; marked: boolean }>());
  let past: number[] = Array(orders).fill(0);
  const bits = (number: number, count: number) => number.toString(2).padStart(count, "0").slice(-count).split("").map(Number);
  /** By exclusive or of columns: bit k of the index is the parity of all bits that fall on it. */
  const pattern = (order: number) => {
    const columns = Array<number>(order).fill(0);
    past.slice(0, order).forEach((target, age) => {
      const ten = bits(target, 10);
      for (let k = 0; k < 5; k++) {
        const folded = ten[9 - k] ^ ten[4 - k];
        if (k + age < order) columns[k + age] ^= folded;
      }
    });
    return columns.join("");
  };
  return JUMPS.map(([, target]) => {
    const known = Array.from({ length: orders }, (_, i) => orders - i).find((order) => tables[order].has(pattern(order))) ?? 0;
    const answer = tables[known].get(pattern(known))?.target;
    for (let order = Math.max(1, known); order <= orders; order++) {
      const entry = tables[order].get(pattern(order));
      if (entry === undefined || (entry.target !== target && entry.marked)) tables[order].set(pattern(order), { target, marked: false });
      else entry.marked = entry.target !== target;
    }
    past = [target, ...past].slice(0, orders);
    return answer === target ? 0 : 1;
  });
}

describe("PPM", () => {
  it.each([1, 4, 10])("is tables of patterns, the longest that is known answering, with %i orders", (orders) => {
    const misses = naiveMisses(orders);
    expect(missesOf(ppm, { orders }, branchesOf(INDIRECT_JUMP, JUMPS))).toEqual(misses);
    expect(new Set(misses).size).toBe(2);
  });

  it("foresees what follows two targets, where the last target alone does not tell, nor a BTB", () => {
    const loop = Array.from({ length: 600 }, (_, i) => [64, [0x101, 0x202, 0x101, 0x303][i % 4]] as const);
    const late = (misses: number[]) => sum(misses.slice(-200));
    expect(late(missesOf(ppm, {}, branchesOf(INDIRECT_JUMP, loop)))).toBe(0);
    expect(late(missesOf(ppm, { orders: 1 }, branchesOf(INDIRECT_JUMP, loop)))).toBeGreaterThan(50);
    expect(late(missesOf(btb, {}, branchesOf(INDIRECT_JUMP, loop)))).toBe(200);
  });

  it("needs a target and two bits for each of 2046 entries, and ten bits of ten targets", () => {
    expect(ppm.storageBits(valuesOf(ppm))).toBe(2046 * 34 + 100);
  });
});
