import { describe, expect, it } from "vitest";
import hashed from "../../dist/predictors/hashed-perceptron.js";
import { CONDITIONAL, NONE } from "../../dist/src/branch.js";
import { conditionalsOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

const create = (changed = {}) => hashed.create(valuesOf(hashed, changed));

/** Lets a model see outcomes, the oldest first, without training it. */
function see(model: ReturnType<typeof create>, outcomes: readonly number[]): void {
  for (const taken of outcomes) model.track?.(0, 0, taken, CONDITIONAL, 2);
}

function train(model: ReturnType<typeof create>, pc: number, taken: number, times: number): void {
  for (let i = 0; i < times; i++) model.train(pc, 0, taken);
}

/** Trains as often as it takes until the model answers otherwise. */
function turns(model: ReturnType<typeof create>, pc: number, taken: number): number {
  let count = 0;
  for (; model.predict(pc, NONE) !== taken; count++) model.train(pc, 0, taken);
  return count;
}

describe("a hashed perceptron", () => {
  it("adds up a weight by address and one by address xor history", () => {
    const model = create({ tables: 2, rows: 16, minHistory: 3, maxHistory: 3 });
    expect(model.predict(3, NONE)).toBe(0); // 0 counts as not taken
    see(model, [1, 0, 1]);
    model.train(3, 0, 1); // table 0 row 3, table 1 row 3 ^ 101 = 6
    expect([3, 6].map((pc) => model.predict(pc, NONE))).toEqual([1, 0]);
    see(model, [0, 0, 0]);
    expect([3, 6, 7].map((pc) => model.predict(pc, NONE))).toEqual([1, 1, 0]);
    train(model, 3, 0, 1); // 1 + 0: wrong; 0 in row 3 of table 0, -1 in row 3 of table 1
    see(model, [1, 0, 1]);
    expect(model.predict(3, NONE)).toBe(1); // 0 + 1
    see(model, [0, 0, 0]);
    expect(model.predict(3, NONE)).toBe(0); // 0 - 1
  });

  it("folds a history that is longer than an index", () => {
    const model = create({ tables: 2, rows: 16, minHistory: 6, maxHistory: 6 });
    see(model, [1, 0, 0, 0, 0, 1]); // 10 0001: 0001 ^ 0010
    model.train(8, 0, 1); // row 8 ^ 3 of table 1
    see(model, [0, 0, 0, 0, 0, 0]);
    expect([8, 11, 10].map((pc) => model.predict(pc, NONE))).toEqual([1, 1, 0]);
  });

  it("stops training when it is right and its sum has come to the threshold, at first 10", () => {
    const model = create({ tables: 2 });
    train(model, 64, 1, 15);
    expect(turns(model, 64, 0)).toBe(5); // 10 8 6 4 2 0
  });

  it("raises the threshold after 18 mispredictions more than weak right answers", () => {
    for (const [branches, steps] of [
      [16, 5], // to 10
      [17, 6], // to 12: the first time at 64 is the eighteenth
    ]) {
      const model = create({ tables: 2 });
      for (let pc = 0; pc < branches; pc++) model.train(pc, 0, 1);
      train(model, 64, 1, 15);
      expect(turns(model, 64, 0)).toBe(steps);
    }
  });

  it("lowers the threshold after 18 weak right answers more than mispredictions", () => {
    for (const [branches, steps] of [
      [8, 4], // to 12
      [9, 3], // to 9
    ]) {
      const model = create({ tables: 3 });
      for (let pc = 0; pc < branches; pc++) train(model, pc, 1, 4); // one wrong, three weak: 0 3 6 9
      train(model, 64, 1, 13);
      expect(turns(model, 64, 0)).toBe(steps);
    }
  });

  it("keeps weights within a byte", () => {
    const model = create({ tables: 2 });
    for (let i = 0; i < 6000; i++) model.train(1, 0, 1 - model.predict(1, NONE)); // the threshold is above 300
    train(model, 64, 1, 300);
    expect(turns(model, 64, 0)).toBe(127);
    train(model, 64, 0, 300);
    expect(turns(model, 64, 1)).toBe(129); // from -128 to above 0
  });

  it("learns a branch that repeats an outcome far back, through noise, if a table sees so far", () => {
    const random = seeded(5);
    const pairs: [number, number][] = [];
    for (let i = 0; i < 6000; i++) {
      const outcome = random(2);
      pairs.push([64, outcome], ...Array.from({ length: 12 }, (_, k) => [65 + k, 1] as [number, number]), [128, outcome]);
    }
    const last = (maxHistory: number) =>
      sum(missesOf(hashed, { maxHistory }, conditionalsOf(pairs)).filter((_, i) => i % 14 === 13 && i > 42_000));
    expect(last(232)).toBeLessThan(30);
    expect(last(12)).toBeGreaterThan(1000);
  });

  it("by default has 64 KB of weights, and its history", () => {
    expect(hashed.storageBits(valuesOf(hashed))).toBe(8 * 65536 + 232);
    expect(hashed.check?.(valuesOf(hashed, { minHistory: 300 }))).toBe("minHistory must be at most maxHistory (232), got 300");
    expect(hashed.check?.(valuesOf(hashed, { learns: "all" }))).toBe("learns=all needs history=all");
  });
});
