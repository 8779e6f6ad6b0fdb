import { describe, expect, it } from "vitest";
import gag from "../../dist/predictors/gag.js";
import perceptron from "../../dist/predictors/perceptron.js";
import { CONDITIONAL, NONE } from "../../dist/src/branch.js";
import { conditionalsOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

const create = (changed = {}) => perceptron.create(valuesOf(perceptron, changed));

/** Lets a model see outcomes, the oldest first, without training it. */
function see(model: ReturnType<typeof create>, outcomes: readonly number[]): void {
  for (const taken of outcomes) model.track?.(0, 0, taken, CONDITIONAL, 2);
}

/** Trains as often as it takes until the model answers otherwise. */
function turns(model: ReturnType<typeof create>, pc: number, taken: number): number {
  let count = 0;
  for (; model.predict(pc, NONE) !== taken; count++) model.train(pc, 0, taken);
  return count;
}

describe("a perceptron", () => {
  it("adds to every weight the product of outcome and history, and answers with the sign of their sum", () => {
    const model = create({ historyBits: 2 });
    expect(model.predict(64, NONE)).toBe(1); // 0 counts as taken
    model.train(64, 0, 0); // history -1 -1: weights -1, 1, 1
    expect(model.predict(64, NONE)).toBe(0); // -1 - 1 - 1
    see(model, [1]);
    expect(model.predict(64, NONE)).toBe(0); // -1 + 1 - 1
    see(model, [1]);
    expect(model.predict(64, NONE)).toBe(1); // -1 + 1 + 1
    model.train(64, 0, 1); // right, but 1 is not above the threshold: 0, 2, 2
    see(model, [0]);
    expect(model.predict(64, NONE)).toBe(1); // 0 - 2 + 2
    see(model, [0]);
    expect(model.predict(64, NONE)).toBe(0); // 0 - 2 - 2
  });

  it("stops training when it is right and its sum beyond the threshold, 1.93 h + 14", () => {
    // h = 2: 17; the sum goes by threes, so to 18, which takes six steps back. h = 0: 14, to 15, and back below 0.
    const model = create({ historyBits: 2 });
    for (let i = 0; i < 100; i++) model.train(64, 0, 0);
    expect(turns(model, 64, 1)).toBe(6);
    const single = create({ historyBits: 0 });
    for (let i = 0; i < 100; i++) single.train(64, 0, 1);
    expect(turns(single, 64, 0)).toBe(16);
  });

  it("keeps weights within their bits", () => {
    const model = create({ historyBits: 0, weightBits: 2 }); // -2 to 1
    for (let i = 0; i < 100; i++) model.train(64, 0, 1);
    expect(turns(model, 64, 0)).toBe(2); // 1, 0, -1
    for (let i = 0; i < 100; i++) model.train(64, 0, 0);
    expect(turns(model, 64, 1)).toBe(2); // -2, -1, 0
  });

  it("has one row for addresses that are alike modulo the rows", () => {
    const model = create({ perceptrons: 16 });
    for (let pc = 0; pc < 16; pc++) model.train(pc, 0, pc === 3 ? 1 : 0);
    expect([3, 19, -13, 4, 20].map((pc) => model.predict(pc, NONE))).toEqual([1, 1, 1, 0, 0]);
  });

  const random = seeded(9);
  const outcomes = Array.from({ length: 8000 }, () => random(2));
  const late = (misses: number[]) => sum(misses.slice(4000));

  it("learns a branch that repeats the 40th last outcome, if its history is so long", () => {
    for (let i = 40; i < outcomes.length; i++) if (i % 2 === 0) outcomes[i] = outcomes[i - 39];
    const branches = conditionalsOf(outcomes.map((taken, i) => [64 + (i % 2), taken] as const));
    const even = (historyBits: number) => late(missesOf(perceptron, { historyBits }, branches).map((miss, i) => (i % 2 === 0 ? miss : 0)));
    expect(even(39)).toBeLessThan(20);
    expect(even(38)).toBeGreaterThan(800);
  });

  it("cannot learn whether two outcomes differ, which no weights separate and counters do", () => {
    const pairs: [number, number][] = [];
    for (let i = 0; i < 3000; i++) {
      const [a, b] = [random(2), random(2)];
      pairs.push([1, a], [2, b], [3, a ^ b]);
    }
    const thirds = (misses: number[]) => sum(misses.filter((_, i) => i % 3 === 2 && i > 4500));
    expect(thirds(missesOf(perceptron, { historyBits: 4 }, conditionalsOf(pairs)))).toBeGreaterThan(500);
    expect(thirds(missesOf(gag, { historyBits: 6 }, conditionalsOf(pairs)))).toBeLessThan(500);
  });

  it("needs a byte for every weight, one more than outcomes in each row, and the history", () => {
    expect(perceptron.storageBits(valuesOf(perceptron))).toBe(1024 * 60 * 8 + 59);
  });
});
