import { describe, expect, it } from "vitest";
import btb from "../../dist/predictors/btb.js";
import tageLite from "../../dist/predictors/tage-lite.js";
import { CONDITIONAL, INDIRECT_JUMP } from "../../dist/src/branch.js";
import { type Branches, branchesOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

/** A switch that goes through the same opcodes over and over. */
function loop(opcodes: readonly number[], rounds: number): Branches {
  const all = Array.from({ length: rounds }, () => opcodes).flat();
  return branchesOf(
    INDIRECT_JUMP,
    all.map((opcode) => [0x8000, 0x40_0000 + 48 * opcode] as const),
  );
}

const misses = (branches: Branches, changed = {}) => missesOf(tageLite, changed, branches);

describe("TAGE-lite", () => {
  it("learns a loop of virtual instructions on one shared site, where a BTB misses them all", () => {
    const opcodes = [0, 1, 0, 2, 0, 1, 3, 0, 4, 5];
    expect(sum(missesOf(btb, {}, loop(opcodes, 100)).slice(-500))).toBe(500);
    expect(sum(misses(loop(opcodes, 100)).slice(-500))).toBe(0);
  });

  it("learns a long loop whose parts look alike, if its history reaches back to where they differ", () => {
    const opcodes = [1, ...Array(12).fill(0), 2, 3, ...Array(12).fill(0), 4]; // what follows the zeros is 13 targets back
    expect(sum(misses(loop(opcodes, 200)).slice(-10 * opcodes.length))).toBe(0);
    expect(sum(misses(loop(opcodes, 200), { maxHistory: 100 }).slice(-10 * opcodes.length))).toBeGreaterThan(9);
  });

  it("learns a branch that only the outcome of a conditional decides", () => {
    const random = seeded(12);
    const pcs: number[] = [];
    const targets: number[] = [];
    const taken: number[] = [];
    const kinds: number[] = [];
    for (let i = 0; i < 4000; i++) {
      const outcome = random(2);
      pcs.push(0x7000, 0x8000);
      targets.push(outcome ? 0x7100 : 0x7002, outcome ? 0x9000 : 0xa000);
      taken.push(outcome, 1);
      kinds.push(CONDITIONAL, INDIRECT_JUMP);
    }
    const branches = { count: pcs.length, pcs, targets, taken, kinds };
    expect(sum(missesOf(btb, {}, branches).slice(-1000))).toBeGreaterThan(400);
    // With the shortest history one outcome is one bit of it.
    expect(sum(misses(branches, { minHistory: 1 }).slice(-1000))).toBeLessThan(20);
  });

  it("goes where the branch went last when it knows nothing better", () => {
    const random = seeded(13);
    const branches = branchesOf(
      INDIRECT_JUMP,
      Array.from({ length: 50 }, (_, i) => [0x8000 + 8 * i, 0x9000 + 16 * random(100)] as const),
    );
    const twice = branchesOf(
      INDIRECT_JUMP,
      [0, 1].flatMap(() => Array.from({ length: branches.count }, (_, i) => [branches.pcs[i], branches.targets[i]] as const)),
    );
    expect(sum(misses(twice))).toBe(50);
  });

  it("recovers when the program changes", () => {
    const first = loop([0, 1, 2, 3, 4, 5, 6, 7], 300);
    const second = loop([7, 3, 5, 1, 6, 0, 4, 2, 7, 5], 300);
    const both = branchesOf(
      INDIRECT_JUMP,
      [first, second].flatMap((b) => Array.from({ length: b.count }, (_, i) => [b.pcs[i], b.targets[i]] as const)),
    );
    expect(sum(misses(both).slice(-500))).toBe(0);
  });

  it("makes room again when every entry is marked useful", () => {
    const random = seeded(14);
    const pairs: [number, number][] = [];
    for (let phase = 0; phase < 6; phase++) {
      const phrase = Array.from({ length: 40 }, () => random(20));
      for (let i = 0; i < 8000; i++) pairs.push([0x8000, 0x40_0000 + 4096 * phase + 48 * phrase[i % 40]]);
    }
    // 4 tables of 16 rows hold one phrase and not six.
    const late = misses(branchesOf(INDIRECT_JUMP, pairs), { rows: 16 }).filter((_, i) => i % 8000 >= 6000);
    expect(sum(late) / late.length).toBeLessThan(0.25);
  });

  it("fits 8 KB exactly", () => {
    expect(tageLite.storageBits(valuesOf(tageLite))).toBe(8 * 1024 * 8);
    expect(tageLite.storageBits(valuesOf(tageLite, { tables: 5 }))).toBe(65536 + 256 * (13 + 32 + 3));
  });

  it("refuses a shortest history that is longer than the longest", () => {
    expect(tageLite.check?.(valuesOf(tageLite, { minHistory: 301 }))).toBe("minHistory must be at most maxHistory (300), got 301");
  });
});
