import { expect, it } from "vitest";
import alwaysTaken from "../../dist/predictors/always-taken.js";
import { NONE } from "../../dist/src/branch.js";
import { conditionalsOf, missesOf, sum, valuesOf } from "./replay.ts";

it("misses every conditional that falls through, and no other", () => {
  const loop = Array.from({ length: 100 }, (_, i) => [64, i % 10 === 9 ? 0 : 1] as const);
  expect(sum(missesOf(alwaysTaken, {}, conditionalsOf(loop)))).toBe(10);
});

it("predicts taken whatever it has met and wherever the branch goes", () => {
  const model = alwaysTaken.create(valuesOf(alwaysTaken));
  for (let i = 0; i < 10; i++) model.train(64, 66, 0);
  expect([NONE, 32, 128].map((target) => model.predict(64, target))).toEqual([1, 1, 1]);
});

it("needs no storage", () => {
  expect(alwaysTaken.storageBits(valuesOf(alwaysTaken))).toBe(0);
});
