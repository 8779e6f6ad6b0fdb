import { describe, expect, it } from "vitest";
import bimodal from "../../dist/predictors/bimodal.js";
import gag from "../../dist/predictors/gag.js";
import gas from "../../dist/predictors/gas.js";
import gselect from "../../dist/predictors/gselect.js";
import { CONDITIONAL, NONE } from "../../dist/src/branch.js";
import { conditionalsOf, missesOf, seeded, valuesOf } from "./replay.ts";

const create = (changed = {}) => gas.create(valuesOf(gas, changed));

const random = seeded(12);
const branches = conditionalsOf(Array.from({ length: 5000 }, (_, i) => [random(300), random(5) ? (i >> 2) & 1 : random(2)] as const));

describe("GAs", () => {
  it("learns a loop of three iterations as fast as every history is met twice, and again in another table", () => {
    const outcomes = [1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0];
    const misses = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0];
    const pairs = [64, 65].flatMap((pc) => outcomes.map((taken) => [pc, taken] as const));
    // The second branch begins with history 110: only 110, 101 and 011 are to be learned.
    expect(missesOf(gas, { historyBits: 3 }, conditionalsOf(pairs))).toEqual([...misses, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it("has one table for addresses that are alike modulo the tables", () => {
    const model = create({ tables: 4 });
    model.train(1, 0, 1);
    expect([1, 5, -3, 2, 0].map((pc) => model.predict(pc, NONE))).toEqual([1, 1, 1, 0, 0]);
  });

  it("forgets an outcome that is older than the history is long", () => {
    const model = create({ historyBits: 3 });
    const see = (outcomes: readonly number[]) => {
      for (const taken of outcomes) model.track?.(0, 0, taken, CONDITIONAL, 2);
    };
    see([1, 0, 0]);
    model.train(64, 0, 1);
    see([1, 1, 0, 0]);
    expect(model.predict(64, NONE)).toBe(1);
    see([0]);
    expect(model.predict(64, NONE)).toBe(0);
  });

  it("with one table is GAg, without history bimodal, with as many bits of either gselect", () => {
    expect(missesOf(gas, { tables: 1, historyBits: 6 }, branches)).toEqual(missesOf(gag, { historyBits: 6 }, branches));
    expect(missesOf(gas, { tables: 64, historyBits: 0 }, branches)).toEqual(missesOf(bimodal, { entries: 64 }, branches));
    expect(missesOf(gas, { tables: 64, historyBits: 6 }, branches)).toEqual(missesOf(gselect, { entries: 4096, historyBits: 6 }, branches));
  });

  it("by default has 64 KB of counters, and its history", () => {
    expect(gas.storageBits(valuesOf(gas))).toBe(8 * 65536 + 13);
  });

  it("refuses more counters than fit into memory", () => {
    expect(gas.check?.(valuesOf(gas, { tables: 1024, historyBits: 17 }))).toBe(
      "tables=1024 with historyBits=17 needs more than 2^26 counters",
    );
    expect(gas.check?.(valuesOf(gas, { tables: 1024, historyBits: 16 }))).toBeUndefined();
  });
});
