import { describe, expect, it } from "vitest";
import bimodal from "../../dist/predictors/bimodal.js";
import gshare from "../../dist/predictors/gshare.js";
import { ALL_KINDS, CONDITIONAL, INDIRECT_JUMP, JUMP, NONE } from "../../dist/src/branch.js";
import { conditionalsOf, missesOf, seeded, sum, tracksOf, valuesOf } from "./replay.ts";

const create = (changed = {}) => gshare.create(valuesOf(gshare, changed));

/** Lets a model see outcomes, the oldest first, without training it. */
function see(model: ReturnType<typeof create>, outcomes: readonly number[]): void {
  for (const taken of outcomes) model.track?.(0, 0, taken, CONDITIONAL, 2);
}

describe("gshare", () => {
  it("indexes with the address xor the history, the newest outcome in bit 0", () => {
    const model = create();
    see(model, [1, 0, 1, 1]); // history 1011
    model.train(0x50, 0, 1);
    model.train(0x50, 0, 1);
    // The same counter: 0x50 ^ 0b1011 = 0x5b.
    expect(model.predict(0x50, NONE)).toBe(1);
    see(model, Array(16).fill(0));
    expect(model.predict(0x5b, NONE)).toBe(1);
    expect(model.predict(0x50, NONE)).toBe(0);
    see(model, [1]);
    expect(model.predict(0x5a, NONE)).toBe(1);
  });

  it("moves its history when it tracks, not when it trains", () => {
    const model = create();
    model.train(0x50, 0, 1);
    model.train(0x50, 0, 1);
    expect(model.predict(0x50, NONE)).toBe(1);
    see(model, [1]);
    expect(model.predict(0x50, NONE)).toBe(0);
    expect(model.predict(0x51, NONE)).toBe(1);
  });

  it("forgets an outcome that is older than the history is long", () => {
    const model = create({ historyBits: 3 });
    see(model, [1, 0, 0]);
    model.train(0x50, 0, 1);
    model.train(0x50, 0, 1);
    see(model, [1, 1, 0, 0]);
    expect(model.predict(0x50, NONE)).toBe(1);
    see(model, [0]); // and now the third last as well
    expect(model.predict(0x50, NONE)).toBe(0);
    expect(model.predict(0x54, NONE)).toBe(1);
  });

  it("learns a branch that alternates, and one that repeats another's outcome, which bimodal cannot", () => {
    const random = seeded(9);
    const pairs: [number, number][] = [];
    for (let i = 0; i < 2000; i++) {
      const outcome = random(2);
      pairs.push([64, outcome], [128, outcome], [192, i & 1]);
    }
    const notFirst = (misses: number[]) => sum(misses.filter((_, i) => i % 3 !== 0 && i > 3000));
    expect(notFirst(missesOf(gshare, { historyBits: 6 }, conditionalsOf(pairs)))).toBeLessThan(20);
    expect(notFirst(missesOf(bimodal, {}, conditionalsOf(pairs)))).toBeGreaterThan(500);
  });

  it("without history is bimodal", () => {
    const random = seeded(10);
    const branches = conditionalsOf(Array.from({ length: 3000 }, () => [random(300), random(4) ? 1 : 0] as const));
    expect(missesOf(gshare, { historyBits: 0, entries: 128 }, branches)).toEqual(missesOf(bimodal, { entries: 128 }, branches));
  });

  it("asks for conditionals alone, or with history=all for every branch, and takes each for an outcome", () => {
    expect(tracksOf(gshare, valuesOf(gshare))).toBe(CONDITIONAL);
    expect(tracksOf(gshare, valuesOf(gshare, { history: "all" }))).toBe(ALL_KINDS);
    const model = create({ history: "all" });
    model.track?.(0, 64, 1, JUMP, 2);
    see(model, [0]); // history 10
    model.train(0x50, 0, 1);
    model.train(0x50, 0, 1);
    expect(model.predict(0x50, NONE)).toBe(1);
    model.track?.(0, 64, 1, INDIRECT_JUMP, 2); // history 101
    expect(model.predict(0x50, NONE)).toBe(0);
    expect(model.predict(0x57, NONE)).toBe(1);
  });

  it("needs two bits an entry and its history", () => {
    expect(gshare.storageBits(valuesOf(gshare))).toBe(131072 + 16);
  });
});
