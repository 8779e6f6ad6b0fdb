import { describe, expect, it } from "vitest";
import bimodal from "../../dist/predictors/bimodal.js";
import gselect from "../../dist/predictors/gselect.js";
import { NONE } from "../../dist/src/branch.js";
import { itForgetsOldOutcomes, see } from "./directions.ts";
import { conditionalsOf, missesOf, seeded, valuesOf } from "./replay.ts";

const create = (changed = {}) => gselect.create(valuesOf(gselect, changed));

describe("gselect", () => {
  it("puts address and history side by side: what gshare confuses, it tells apart", () => {
    const model = create({ entries: 16, historyBits: 2 });
    see(model, [1, 0]);
    model.train(1, 0, 1); // 01 10
    expect(model.predict(1, NONE)).toBe(1);
    see(model, [1, 1]);
    expect([0, 1, 2, 3].map((pc) => model.predict(pc, NONE))).toEqual([0, 0, 0, 0]); // 2 ^ 3 = 1: gshare's counter
    see(model, [1, 0]);
    expect([0, 1, 2, 3].map((pc) => model.predict(pc, NONE))).toEqual([0, 1, 0, 0]);
  });

  it("has one counter for addresses that are alike in the bits that the history leaves", () => {
    const model = create({ entries: 16, historyBits: 2 });
    model.train(1, 0, 1);
    expect([5, -3, 4].map((pc) => model.predict(pc, NONE))).toEqual([1, 1, 0]);
  });

  itForgetsOldOutcomes(gselect);

  it("changes its mind after two, however long it was of the other", () => {
    const pairs = [...Array(50).fill([64, 1]), [64, 0], [64, 0], [64, 0], ...Array(50).fill([64, 0]), [64, 1], [64, 1], [64, 1]];
    const misses = missesOf(gselect, { historyBits: 0 }, conditionalsOf(pairs));
    expect([misses.slice(50, 53), misses.slice(-3)]).toEqual([
      [1, 1, 0],
      [1, 1, 0],
    ]);
  });

  it("without history is bimodal", () => {
    const random = seeded(10);
    const branches = conditionalsOf(Array.from({ length: 3000 }, () => [random(300), random(4) ? 1 : 0] as const));
    expect(missesOf(gselect, { historyBits: 0, entries: 128 }, branches)).toEqual(missesOf(bimodal, { entries: 128 }, branches));
  });

  it("needs two bits an entry and its history, which must fit into the index", () => {
    expect(gselect.storageBits(valuesOf(gselect))).toBe(131072 + 8);
    expect(gselect.check?.(valuesOf(gselect, { entries: 16, historyBits: 5 }))).toBe(
      "historyBits must be at most log2(entries) (4), got 5",
    );
    expect(gselect.check?.(valuesOf(gselect, { entries: 16, historyBits: 4 }))).toBeUndefined();
  });
});
