import { describe, expect, it } from "vitest";
import bimodal from "../../dist/predictors/bimodal.js";
import loop from "../../dist/predictors/loop.js";
import { NONE } from "../../dist/src/branch.js";
import { conditionalsOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

const create = (changed = {}) => loop.create(valuesOf(loop, changed));

/** A loop run some times: taken but for the last of every `length`. */
const runs = (pc: number, length: number, times: number) =>
  Array.from({ length: length * times }, (_, i) => [pc, i % length === length - 1 ? 0 : 1] as const);

/** Places of the ones. */
const places = (misses: readonly number[]) => misses.flatMap((miss, i) => (miss ? [i] : []));

function train(model: ReturnType<typeof create>, pairs: readonly (readonly [number, number])[]): void {
  for (const [pc, taken] of pairs) model.train(pc, 0, taken);
}

describe("a loop predictor", () => {
  it("knows the length after one run, is sure after three more, and is believed once it would have been right", () => {
    // The first branch is the bimodal part's miss, as is every end until the fifth.
    expect(places(missesOf(loop, {}, conditionalsOf(runs(64, 10, 20))))).toEqual([0, 9, 19, 29, 39, 49]);
  });

  it("learns a loop anew that becomes shorter", () => {
    const misses = missesOf(loop, {}, conditionalsOf([...runs(64, 10, 10), ...runs(64, 7, 10)]));
    expect(places(misses.slice(100))).toEqual([6, 13, 20, 27, 34]);
  });

  it("learns a loop anew that becomes longer", () => {
    const misses = missesOf(loop, {}, conditionalsOf([...runs(64, 10, 10), ...runs(64, 12, 10)]));
    // At 9 the old end. What is left of that run is taken for a run of 2; then 12 is met once, and three times more.
    expect(places(misses.slice(100))).toEqual([9, 11, 23, 35, 47, 59]);
  });

  it("takes the end that comes later than the one it knew, and was not sure of, for the new length at once", () => {
    const misses = missesOf(loop, {}, conditionalsOf([...runs(64, 5, 1), ...runs(64, 6, 10)]));
    // 5 is met once, 6 once and three times more; then it would have been right.
    expect(places(misses)).toEqual([0, 4, 10, 16, 22, 28, 34]);
  });

  it("leaves alone what is taken but once between ends, and knows what is taken twice", () => {
    const short = conditionalsOf(runs(64, 2, 50));
    expect(missesOf(loop, {}, short)).toEqual(missesOf(bimodal, {}, short));
    expect(sum(missesOf(loop, {}, conditionalsOf(runs(64, 3, 50))).slice(30))).toBe(0);
  });

  it("is bimodal for what is no loop", () => {
    const random = seeded(3);
    const branches = conditionalsOf(Array.from({ length: 5000 }, () => [random(300), random(2)] as const));
    const misses = sum(missesOf(loop, { baseEntries: 128 }, branches));
    expect(Math.abs(misses - sum(missesOf(bimodal, { entries: 128 }, branches)))).toBeLessThan(10);
  });

  it("does not know a loop that is longer than it can count", () => {
    const long = conditionalsOf(runs(64, 10, 20));
    expect(missesOf(loop, { iterationBits: 3 }, long)).toEqual(missesOf(bimodal, {}, long));
    expect(places(missesOf(loop, { iterationBits: 4 }, long))).toEqual([0, 9, 19, 29, 39, 49]);
  });

  it("gives up a loop only after 255 other taken branches found no room", () => {
    const model = create({ sets: 1, ways: 1 });
    train(model, runs(64, 10, 6));
    train(model, runs(64, 10, 1).slice(0, 9));
    expect(model.predict(64, NONE)).toBe(0);
    train(model, Array(255).fill([65, 1]));
    expect(model.predict(64, NONE)).toBe(0);
    train(model, [[65, 0]]); // not taken: wants no room
    expect(model.predict(64, NONE)).toBe(0);
    train(model, [[65, 1]]);
    expect(model.predict(64, NONE)).toBe(1);
  });

  it("holds as many loops in a set as it has ways", () => {
    const nested = (count: number) =>
      Array.from({ length: 30 }, () => Array.from({ length: count }, (_, k) => runs(64 * k, 5 + k, 1)).flat()).flat();
    const late = (count: number) => sum(missesOf(loop, { sets: 1, ways: 2 }, conditionalsOf(nested(count))).slice(-10 * (count * 5)));
    expect(late(2)).toBe(0);
    expect(late(3)).toBeGreaterThan(5);
  });

  it("takes branches for one that are alike in set and tag", () => {
    const model = create({ sets: 1, ways: 1, tagBits: 1 });
    train(model, runs(64, 10, 6));
    expect([66, 65].map((pc) => model.predict(pc, NONE))).toEqual([1, 0]); // 65 is met for the first time
  });

  it("needs 52 bits a loop, two a counter, and seven that say whether to believe it", () => {
    expect(loop.storageBits(valuesOf(loop))).toBe(256 * (14 + 28 + 2 + 8) + 7 + 32768);
  });
});
