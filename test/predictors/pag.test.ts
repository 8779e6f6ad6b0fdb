import { describe, expect, it } from "vitest";
import bimodal from "../../dist/predictors/bimodal.js";
import gag from "../../dist/predictors/gag.js";
import pag from "../../dist/predictors/pag.js";
import { CONDITIONAL, NONE } from "../../dist/src/branch.js";
import { conditionalsOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

const create = (changed = {}) => pag.create(valuesOf(pag, changed));

const loop = [1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0];
const loopMisses = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0];
const random = seeded(12);
const branches = conditionalsOf(Array.from({ length: 5000 }, (_, i) => [random(300), random(5) ? (i >> 2) & 1 : random(2)] as const));

describe("PAg", () => {
  it("learns a loop of three iterations as fast as every history is met twice, and for all branches at once", () => {
    const pairs = [64, 65].flatMap((pc) => loop.map((taken) => [pc, taken] as const));
    // Histories of three, from 000: 000 001 011 111 110 101 011 111 …; the second branch finds its counters set.
    expect(missesOf(pag, { historyBits: 3 }, conditionalsOf(pairs))).toEqual([...loopMisses, ...Array(12).fill(0)]);
  });

  it("learns a branch's own pattern through any noise around it", () => {
    const pairs = Array.from({ length: 4000 }, (_, i) =>
      i & 1 ? ([64, (i >> 1) % 5 ? 1 : 0] as const) : ([128 + random(64), random(2)] as const),
    );
    const late = (misses: number[]) => sum(misses.filter((_, i) => i & 1 && i > 2000));
    expect(late(missesOf(pag, { historyBits: 20 }, conditionalsOf(pairs)))).toBeLessThan(10);
    expect(late(missesOf(gag, { historyBits: 20 }, conditionalsOf(pairs)))).toBeGreaterThan(150);
  });

  it("has one history for addresses that are alike modulo the histories", () => {
    const model = create({ histories: 4 });
    model.track?.(1, 0, 1, CONDITIONAL, 3);
    model.train(1, 0, 1);
    expect([1, 5, -3, 2, 0].map((pc) => model.predict(pc, NONE))).toEqual([1, 1, 1, 0, 0]);
  });

  it("forgets an outcome that is older than the history is long", () => {
    const model = create({ historyBits: 3 });
    const see = (outcomes: readonly number[]) => {
      for (const taken of outcomes) model.track?.(64, 0, taken, CONDITIONAL, 66);
    };
    see([1, 0, 0]);
    model.train(64, 0, 1);
    see([1, 1, 0, 0]);
    expect(model.predict(64, NONE)).toBe(1);
    see([0]);
    expect(model.predict(64, NONE)).toBe(0);
  });

  it("with one history is GAg, without any bits one counter", () => {
    expect(missesOf(pag, { histories: 1, historyBits: 6 }, branches)).toEqual(missesOf(gag, { historyBits: 6 }, branches));
    expect(missesOf(pag, { historyBits: 0 }, branches)).toEqual(missesOf(bimodal, { entries: 1 }, branches));
  });

  it("needs its histories and two bits for every pattern", () => {
    expect(pag.storageBits(valuesOf(pag))).toBe(512 * 12 + 8192);
  });
});
