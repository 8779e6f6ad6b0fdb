import { describe, expect, it } from "vitest";
import bimodal from "../../dist/predictors/bimodal.js";
import gag from "../../dist/predictors/gag.js";
import pag from "../../dist/predictors/pag.js";
import { itForgetsOldOutcomes, itSharesByAddress, LOOP, LOOP_MISSES, MIXED } from "./directions.ts";
import { conditionalsOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

const random = seeded(12);

describe("PAg", () => {
  it("learns a loop of three iterations as fast as every history is met twice, and for all branches at once", () => {
    const pairs = [64, 65].flatMap((pc) => LOOP.map((taken) => [pc, taken] as const));
    // Histories of three, from 000: 000 001 011 111 110 101 011 111 …; the second branch finds its counters set.
    expect(missesOf(pag, { historyBits: 3 }, conditionalsOf(pairs))).toEqual([...LOOP_MISSES, ...Array(12).fill(0)]);
  });

  it("learns a branch's own pattern through any noise around it", () => {
    const pairs = Array.from({ length: 4000 }, (_, i) =>
      i & 1 ? ([64, (i >> 1) % 5 ? 1 : 0] as const) : ([128 + random(64), random(2)] as const),
    );
    const late = (misses: number[]) => sum(misses.filter((_, i) => i & 1 && i > 2000));
    expect(late(missesOf(pag, { historyBits: 20 }, conditionalsOf(pairs)))).toBeLessThan(10);
    expect(late(missesOf(gag, { historyBits: 20 }, conditionalsOf(pairs)))).toBeGreaterThan(150);
  });

  itSharesByAddress("history", pag, { histories: 4 });

  itForgetsOldOutcomes(pag);

  it("with one history is GAg, without any bits one counter", () => {
    expect(missesOf(pag, { histories: 1, historyBits: 6 }, MIXED)).toEqual(missesOf(gag, { historyBits: 6 }, MIXED));
    expect(missesOf(pag, { historyBits: 0 }, MIXED)).toEqual(missesOf(bimodal, { entries: 1 }, MIXED));
  });

  it("needs its histories and two bits for every pattern", () => {
    expect(pag.storageBits(valuesOf(pag))).toBe(512 * 12 + 8192);
  });
});
