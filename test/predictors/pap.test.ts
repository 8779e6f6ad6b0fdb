import { describe, expect, it } from "vitest";
import bimodal from "../../dist/predictors/bimodal.js";
import gag from "../../dist/predictors/gag.js";
import pap from "../../dist/predictors/pap.js";
import { itForgetsOldOutcomes, itRefusesTooManyCounters, itSharesByAddress, LOOP, LOOP_MISSES, MIXED } from "./directions.ts";
import { conditionalsOf, missesOf, sum, valuesOf } from "./replay.ts";

describe("PAp", () => {
  it("learns a loop of three iterations as fast as every history is met twice, for every branch again", () => {
    const pairs = [64, 65].flatMap((pc) => LOOP.map((taken) => [pc, taken] as const));
    // Histories of three, from 000: 000 001 011 111 110 101 011 111 …
    expect(missesOf(pap, { historyBits: 3 }, conditionalsOf(pairs))).toEqual([...LOOP_MISSES, ...LOOP_MISSES]);
  });

  it("is not confused by two branches that go on differently after the same pattern, as one shared table is", () => {
    // 64: taken twice, not twice. 65: taken and not by turns. After two outcomes of 1 0 they part.
    const pairs = Array.from({ length: 400 }, (_, i) => (i & 1 ? ([64, (i >> 2) & 1] as const) : ([65, (i >> 1) & 1] as const)));
    const late = (misses: number[]) => sum(misses.slice(100));
    expect(late(missesOf(pap, { historyBits: 2 }, conditionalsOf(pairs)))).toBe(0);
    expect(late(missesOf(gag, { historyBits: 2 }, conditionalsOf(pairs)))).toBeGreaterThan(50);
  });

  itSharesByAddress("history and one table", pap, { histories: 4 });

  itForgetsOldOutcomes(pap);

  it("with one history is GAg, without any bits bimodal", () => {
    expect(missesOf(pap, { histories: 1, historyBits: 6 }, MIXED)).toEqual(missesOf(gag, { historyBits: 6 }, MIXED));
    expect(missesOf(pap, { histories: 64, historyBits: 0 }, MIXED)).toEqual(missesOf(bimodal, { entries: 64 }, MIXED));
  });

  it("needs for every address its history and a table of two bits for every pattern", () => {
    expect(pap.storageBits(valuesOf(pap))).toBe(512 * (6 + 128));
  });

  itRefusesTooManyCounters(pap, { histories: 65536, historyBits: 10 });
});
