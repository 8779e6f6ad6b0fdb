// gem5's indirect predictor: what selects a set. Counts beside gem5's own: references.test.ts.
import { describe, expect, it } from "vitest";
import simpleIndirect from "../../dist/predictors/simple-indirect.js";
import { CONDITIONAL, INDIRECT_JUMP, NONE, RETURN } from "../../dist/src/branch.js";
import { valuesOf } from "./replay.ts";

const create = (changed = {}) => simpleIndirect.create(valuesOf(simpleIndirect, changed));

describe("gem5's simple indirect predictor", () => {
  it("tells two targets of one branch apart by the last outcome", () => {
    const model = create({ targets: 0 });
    for (const [taken, target] of [
      [0, 100],
      [1, 200],
    ]) {
      model.track?.(0x10, 0x20, taken, CONDITIONAL, 0x12);
      model.train(0x1000, target, 1);
    }
    model.track?.(0x10, 0x20, 0, CONDITIONAL, 0x12);
    const other = model.predict(0x1000, NONE);
    expect(other).toBe(NONE); // after 0, 1, 0: a history of its own
    const short = create({ targets: 0, historyBits: 1 });
    for (const [taken, target] of [
      [0, 100],
      [1, 200],
    ]) {
      short.track?.(0x10, 0x20, taken, CONDITIONAL, 0x12);
      short.train(0x1000, target, 1);
    }
    short.track?.(0x10, 0x20, 0, CONDITIONAL, 0x12);
    expect(short.predict(0x1000, NONE)).toBe(100);
  });

  it("has targets of indirect jumps in its path, but not of returns", () => {
    const model = create({ historyBits: 0 });
    model.train(0x1000, 100, 1);
    model.track?.(0x30, 0x44, 1, RETURN, 0x31);
    expect(model.predict(0x1000, NONE)).toBe(100);
    model.track?.(0x40, 0x45, 1, INDIRECT_JUMP, 0x41);
    expect(model.predict(0x1000, NONE)).toBe(NONE);
  });

  it("shifts an older target two bits further, with 256 sets and 3 targets", () => {
    const model = create({ historyBits: 0, ways: 1 });
    for (const target of [0x40, 0x10, 0x04]) model.track?.(0x40, target, 1, INDIRECT_JUMP, 0x41);
    model.train(0x1000, 100, 1); // 0x04 ^ 0x10 >> 2 ^ 0x40 >> 4 = 0x04
    const other = create({ historyBits: 0, ways: 1 });
    for (const target of [0, 0, 0x04]) other.track?.(0x40, target, 1, INDIRECT_JUMP, 0x41);
    other.train(0x1000, 100, 1);
    const sets = [model, other].map((each) => {
      const seen = [];
      for (let newest = 0; newest < 256; newest++) {
        each.track?.(0x40, 0, 1, INDIRECT_JUMP, 0x41);
        each.track?.(0x40, 0, 1, INDIRECT_JUMP, 0x41);
        each.track?.(0x40, newest, 1, INDIRECT_JUMP, 0x41);
        if (each.predict(0x1000, NONE) === 100) seen.push(newest);
      }
      return seen;
    });
    expect(sets).toEqual([[0x04], [0x04]]);
  });

  it("needs 256 sets of two entries with tags of 16 bits", () => {
    expect(simpleIndirect.storageBits(valuesOf(simpleIndirect))).toBe(512 * 48 + 3 * 32 + 13);
  });
});
