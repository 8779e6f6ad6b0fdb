import { describe, expect, it } from "vitest";
import bimodal from "../../dist/predictors/bimodal.js";
import { NONE } from "../../dist/src/branch.js";
import { conditionalsOf, missesOf, sum, valuesOf } from "./replay.ts";

const create = (changed = {}) => bimodal.create(valuesOf(bimodal, changed));

describe("a bimodal predictor", () => {
  it("starts weakly not taken: the first taken branch is mispredicted, the second is not", () => {
    expect(
      missesOf(
        bimodal,
        {},
        conditionalsOf([
          [64, 1],
          [64, 1],
        ]),
      ),
    ).toEqual([1, 0]);
  });

  it("still predicts not taken after one taken branch, once it is sure", () => {
    expect(
      missesOf(
        bimodal,
        {},
        conditionalsOf([
          [64, 0],
          [64, 1],
          [64, 0],
        ]),
      ),
    ).toEqual([0, 1, 0]);
  });

  it("still predicts taken after one that fell through, once it is sure", () => {
    expect(
      missesOf(
        bimodal,
        {},
        conditionalsOf([
          [64, 1],
          [64, 1],
          [64, 0],
          [64, 1],
        ]),
      ),
    ).toEqual([1, 0, 1, 0]);
  });

  it("changes its mind after two, however long it was of the other", () => {
    const pairs = [...Array(50).fill([64, 1]), [64, 0], [64, 0], [64, 0]];
    expect(missesOf(bimodal, {}, conditionalsOf(pairs)).slice(-3)).toEqual([1, 1, 0]);
  });

  it("misses a loop of n iterations once in n", () => {
    const loop = Array.from({ length: 100 }, (_, i) => [64, i % 10 === 9 ? 0 : 1] as const);
    expect(sum(missesOf(bimodal, {}, conditionalsOf(loop)))).toBe(1 + 10);
  });

  it("gives branches a counter of their own unless their addresses are alike modulo the entries", () => {
    const model = create({ entries: 16 });
    model.train(3, 0, 1);
    model.train(3, 0, 1);
    expect([3, 19, -13, 4].map((pc) => model.predict(pc, NONE))).toEqual([1, 1, 1, 0]);
  });

  it("needs two bits an entry", () => {
    expect(bimodal.storageBits(valuesOf(bimodal))).toBe(131072);
  });
});
