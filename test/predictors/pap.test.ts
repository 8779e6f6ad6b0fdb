import { describe, expect, it } from "vitest";
import bimodal from "../../dist/predictors/bimodal.js";
import gag from "../../dist/predictors/gag.js";
import pap from "../../dist/predictors/pap.js";
import { CONDITIONAL, NONE } from "../../dist/src/branch.js";
import { conditionalsOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

const create = (changed = {}) => pap.create(valuesOf(pap, changed));

const loop = [1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0];
const loopMisses = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0];
const random = seeded(12);
const branches = conditionalsOf(Array.from({ length: 5000 }, (_, i) => [random(300), random(5) ? (i >> 2) & 1 : random(2)] as const));

describe("PAp", () => {
  it("learns a loop of three iterations as fast as every history is met twice, for every branch again", () => {
    const pairs = [64, 65].flatMap((pc) => loop.map((taken) => [pc, taken] as const));
    // Histories of three, from 000: 000 001 011 111 110 101 011 111 …
    expect(missesOf(pap, { historyBits: 3 }, conditionalsOf(pairs))).toEqual([...loopMisses, ...loopMisses]);
  });

  it("is not confused by two branches that go on differently after the same pattern, as one shared table is", () => {
    // 64: taken twice, not twice. 65: taken and not by turns. After two outcomes of 1 0 they part.
    const pairs = Array.from({ length: 400 }, (_, i) => (i & 1 ? ([64, (i >> 2) & 1] as const) : ([65, (i >> 1) & 1] as const)));
    const late = (misses: number[]) => sum(misses.slice(100));
    expect(late(missesOf(pap, { historyBits: 2 }, conditionalsOf(pairs)))).toBe(0);
    expect(late(missesOf(gag, { historyBits: 2 }, conditionalsOf(pairs)))).toBeGreaterThan(50);
  });

  it("has one history and one table for addresses that are alike modulo the histories", () => {
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

  it("with one history is GAg, without any bits bimodal", () => {
    expect(missesOf(pap, { histories: 1, historyBits: 6 }, branches)).toEqual(missesOf(gag, { historyBits: 6 }, branches));
    expect(missesOf(pap, { histories: 64, historyBits: 0 }, branches)).toEqual(missesOf(bimodal, { entries: 64 }, branches));
  });

  it("needs for every address its history and a table of two bits for every pattern", () => {
    expect(pap.storageBits(valuesOf(pap))).toBe(512 * (6 + 128));
  });

  it("refuses more counters than fit into memory", () => {
    expect(pap.check?.(valuesOf(pap, { histories: 65536, historyBits: 11 }))).toBe(
      "histories=65536 with historyBits=11 needs more than 2^26 counters",
    );
    expect(pap.check?.(valuesOf(pap, { histories: 65536, historyBits: 10 }))).toBeUndefined();
  });
});
