import { describe, expect, it } from "vitest";
import gag from "../../dist/predictors/gag.js";
import { NONE } from "../../dist/src/branch.js";
import { itForgetsOldOutcomes, LOOP, LOOP_MISSES } from "./directions.ts";
import { conditionalsOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

const create = (changed = {}) => gag.create(valuesOf(gag, changed));

describe("GAg", () => {
  it("learns a loop of three iterations as fast as every history is met twice", () => {
    // Histories of three, from 000: 000 001 011 111 110 101 011 111 …; each has its counter, that starts weakly not taken.
    expect(missesOf(gag, { historyBits: 3 }, conditionalsOf(LOOP.map((taken) => [64, taken] as const)))).toEqual(LOOP_MISSES);
  });

  it("does not ask for the address", () => {
    const model = create();
    model.train(64, 0, 1);
    expect([64, 65, -1000].map((pc) => model.predict(pc, NONE))).toEqual([1, 1, 1]);
  });

  it("learns a branch that repeats what another did, if its history reaches so far back", () => {
    const random = seeded(9);
    const pairs: [number, number][] = [];
    for (let i = 0; i < 2000; i++) {
      const outcome = random(2);
      pairs.push([64, outcome], [72, 1], [128, outcome]);
    }
    const thirds = (historyBits: number) =>
      sum(missesOf(gag, { historyBits }, conditionalsOf(pairs)).filter((_, i) => i % 3 === 2 && i > 3000));
    expect(thirds(5)).toBe(0);
    expect(thirds(1)).toBeGreaterThan(300);
  });

  itForgetsOldOutcomes(gag);

  it("without history is one counter, which changes its mind after two", () => {
    const pairs = [...Array(50).fill([64, 1]), [5, 0], [6, 0], [7, 0], ...Array(50).fill([64, 0]), [5, 1], [6, 1], [7, 1]];
    const misses = missesOf(gag, { historyBits: 0 }, conditionalsOf(pairs));
    expect([misses.slice(50, 53), misses.slice(-3)]).toEqual([
      [1, 1, 0],
      [1, 1, 0],
    ]);
  });

  it("needs two bits for every history, and the history", () => {
    expect(gag.storageBits(valuesOf(gag))).toBe(524288 + 18);
  });
});
