import { describe, expect, it } from "vitest";
import btb2bit from "../../dist/predictors/btb-2bit.js";
import { NONE } from "../../dist/src/branch.js";
import { seeded, valuesOf } from "./replay.ts";

const create = (changed = {}) => btb2bit.create(valuesOf(btb2bit, changed));

/** What it predicts before each of these targets of one branch. */
function predictions(targets: readonly number[], changed = {}): number[] {
  const model = create(changed);
  return targets.map((target) => {
    const answer = model.predict(64, NONE);
    model.train(64, target, 1);
    return answer;
  });
}

describe.each([{ sets: 512 }, { unbounded: true }])("a BTB with hysteresis (%o)", (changed) => {
  it("keeps its target after one miss", () => {
    expect(predictions([100, 200, 100, 100], changed)).toEqual([NONE, 100, 100, 100]);
  });

  it("takes the second of two wrong targets in a row, though they differ", () => {
    expect(predictions([100, 200, 300, 0], changed)).toEqual([NONE, 100, 100, 300]);
  });

  it("forgives a miss that is followed by a hit", () => {
    expect(predictions([100, 200, 100, 200, 100], changed)).toEqual([NONE, 100, 100, 100, 100]);
  });

  it("gives a new target the same patience as an old one", () => {
    expect(predictions([100, 200, 200, 300, 300, 0], changed)).toEqual([NONE, 100, 100, 200, 200, 300]);
  });

  it("takes the first target of a branch at once, whatever its address", () => {
    for (const pc of [0, 1, 511, 512, -1024, 0x401000]) {
      const model = create(changed);
      model.train(pc, 100, 1);
      expect(model.predict(pc, NONE)).toBe(100);
    }
  });
});

describe.each([{ sets: 512 }, { unbounded: true }])("a BTB with two-bit counters (%o)", (table) => {
  // A B A GOTO on a switch: the counter of a target that comes every other time never grows, so nothing replaces it
  // once it is above the bottom. Targets 1 2 1 3, installed at 2; counters after each: 2 1 2 1 | 2 1 2 1.
  it("keeps A in the loop A B A GOTO, whichever value it installs", () => {
    const loop = [1, 2, 1, 3, 1, 2, 1, 3];
    for (const install of [1, 2]) {
      expect(predictions(loop, { ...table, counterMax: 3, install })).toEqual([NONE, 1, 1, 1, 1, 1, 1, 1]);
    }
  });

  it("gives up a target only after as many misses as its hits earned it", () => {
    // 100: installed at 2, up to 3, down to 2 1 0, replaced by the fourth miss: by 200 at 2.
    const targets = [100, 100, 100, 200, 200, 200, 200, 300, 300, 300, 0];
    expect(predictions(targets, { ...table, counterMax: 3, install: 2 })).toEqual([NONE, ...Array(6).fill(100), 200, 200, 200, 300]);
  });

  it("installs at 1 with one miss less of patience", () => {
    expect(predictions([100, 200, 200, 0], { ...table, counterMax: 3, install: 1 })).toEqual([NONE, 100, 100, 200]);
    expect(predictions([100, 200, 200, 200, 0], { ...table, counterMax: 3, install: 2 })).toEqual([NONE, 100, 100, 100, 200]);
  });

  it("replaces above 0 if the threshold says so; at counterMax it is a BTB", () => {
    const targets = [100, 100, 100, 200, 200, 200, 0];
    expect(predictions(targets, { ...table, counterMax: 3, install: 1, threshold: 1 })).toEqual([NONE, 100, 100, 100, 100, 100, 200]);
    expect(predictions(targets, { ...table, threshold: 1 })).toEqual([NONE, 100, 100, 100, 200, 200, 200]);
  });
});

describe("a bounded BTB with hysteresis", () => {
  it("takes the mark along when an entry moves within its set", () => {
    const model = create({ sets: 1, ways: 4 });
    model.train(1, 100, 1);
    model.train(1, 200, 1); // marked
    model.train(2, 500, 1);
    model.train(3, 600, 1);
    model.train(1, 200, 1); // the second miss in a row
    expect(model.predict(1, NONE)).toBe(200);
    expect([2, 3].map((pc) => model.predict(pc, NONE))).toEqual([500, 600]);
  });

  it("installs without a mark in the place of a marked entry", () => {
    const model = create({ sets: 1, ways: 1 });
    model.train(1, 100, 1);
    model.train(1, 200, 1); // marked
    model.train(2, 300, 1);
    model.train(2, 400, 1);
    expect(model.predict(2, NONE)).toBe(300);
  });

  it("counts a miss as a use: the branch moves to the front of its set", () => {
    const model = create({ sets: 1, ways: 2 });
    model.train(1, 100, 1);
    model.train(2, 200, 1);
    model.train(1, 101, 1);
    model.train(3, 300, 1);
    expect([1, 2, 3].map((pc) => model.predict(pc, NONE))).toEqual([100, NONE, 300]);
  });

  it.each([{}, { counterMax: 3, install: 2 }])("large enough, answers like the unbounded one (%o)", (changed) => {
    const bounded = create({ sets: 256, ways: 4, ...changed });
    const unbounded = create({ unbounded: true, ...changed });
    const random = seeded(11);
    for (let i = 0; i < 20_000; i++) {
      const pc = random(900);
      const target = random(3);
      expect(bounded.predict(pc, NONE)).toBe(unbounded.predict(pc, NONE));
      bounded.train(pc, target, 1);
      unbounded.train(pc, target, 1);
    }
  });

  it("needs one bit more an entry than a BTB", () => {
    expect(btb2bit.storageBits(valuesOf(btb2bit))).toBe(2048 * (23 + 32 + 1 + 2));
    expect(btb2bit.storageBits(valuesOf(btb2bit, { counterMax: 3 }))).toBe(2048 * (23 + 32 + 2 + 2));
  });

  it("refuses to install, and to replace, above the end of the counter", () => {
    expect(btb2bit.check?.(valuesOf(btb2bit, { install: 2 }))).toBe("install must be at most counterMax (1), got 2");
    expect(btb2bit.check?.(valuesOf(btb2bit, { threshold: 4, counterMax: 3 }))).toBe("threshold must be at most counterMax (3), got 4");
  });
});
