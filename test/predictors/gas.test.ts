import { describe, expect, it } from "vitest";
import bimodal from "../../dist/predictors/bimodal.js";
import gag from "../../dist/predictors/gag.js";
import gas from "../../dist/predictors/gas.js";
import gselect from "../../dist/predictors/gselect.js";
import { itForgetsOldOutcomes, itRefusesTooManyCounters, itSharesByAddress, LOOP, LOOP_MISSES, MIXED } from "./directions.ts";
import { conditionalsOf, missesOf, valuesOf } from "./replay.ts";

describe("GAs", () => {
  it("learns a loop of three iterations as fast as every history is met twice, and again in another table", () => {
    const pairs = [64, 65].flatMap((pc) => LOOP.map((taken) => [pc, taken] as const));
    // The second branch begins with history 110: only 110, 101 and 011 are to be learned.
    expect(missesOf(gas, { historyBits: 3 }, conditionalsOf(pairs))).toEqual([...LOOP_MISSES, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  itSharesByAddress("table", gas, { tables: 4, historyBits: 0 });

  itForgetsOldOutcomes(gas);

  it("with one table is GAg, without history bimodal, with as many bits of either gselect", () => {
    expect(missesOf(gas, { tables: 1, historyBits: 6 }, MIXED)).toEqual(missesOf(gag, { historyBits: 6 }, MIXED));
    expect(missesOf(gas, { tables: 64, historyBits: 0 }, MIXED)).toEqual(missesOf(bimodal, { entries: 64 }, MIXED));
    expect(missesOf(gas, { tables: 64, historyBits: 6 }, MIXED)).toEqual(missesOf(gselect, { entries: 4096, historyBits: 6 }, MIXED));
  });

  it("by default has 64 KB of counters, and its history", () => {
    expect(gas.storageBits(valuesOf(gas))).toBe(8 * 65536 + 13);
  });

  itRefusesTooManyCounters(gas, { tables: 1024, historyBits: 16 });
});
