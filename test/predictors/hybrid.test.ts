import { describe, expect, it } from "vitest";
import hybrid from "../../dist/predictors/hybrid.js";
import twoLevel from "../../dist/predictors/two-level.js";
import { INDIRECT_JUMP, NONE } from "../../dist/src/branch.js";
import { answersOf, branchesOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

type Changed = Partial<Parameters<typeof hybrid.create>[0]>;
const create = (changed: Changed = {}) => hybrid.create(valuesOf(hybrid, changed));

/** A switch that executes these targets. */
const shared = (targets: readonly number[]) =>
  branchesOf(
    INDIRECT_JUMP,
    targets.map((target) => [0x2000, target] as const),
  );

const FORMS: readonly Changed[] = [{}, { unbounded: true }];
const [A, B, GOTO] = [0x4000, 0x4030, 0x4060];

describe.each(FORMS)("a hybrid predictor (%o)", (form) => {
  // After A come B and GOTO by turns. A path of one target with a patience of two misses keeps B: one miss, like
  // direct threading on a BTB with hysteresis. A path of two knows everything, and its confidence says so.
  it("mispredicts A B A GOTO never if one of its paths is long enough, whichever", () => {
    const loop = shared(Array.from({ length: 160 }, (_, i) => [A, B, A, GOTO][i % 4]));
    const late = (short: number, long: number, misses: number) =>
      sum(missesOf(hybrid, { ...form, short, long, misses }, loop).slice(-40)) / 10;
    expect([late(1, 1, 1), late(1, 1, 2), late(1, 2, 1), late(1, 2, 2), late(2, 1, 2)]).toEqual([2, 1, 0, 0, 0]);
  });

  // Paths of none and of one target, targets replaced at once. Each with its confidence, after each target:
  //
  //     A   A0   -→A0          A   A0   B→A0
  //     A   A1   A→A0          B   B0   A→B1     (predicted A: a tie)
  //     B   B0   A→B0          A   A0   B→A1     (predicted B: a tie)
  it("believes the more confident component, the shorter path at a tie", () => {
    const answers = answersOf(hybrid, valuesOf(hybrid, { ...form, short: 0, long: 1, misses: 1 }), shared([A, A, B, A, B, A, B]));
    expect(answers).toEqual([NONE, A, A, B, A, B, B]);
  });

  it("is confident up to 3, and loses it miss by miss", () => {
    const model = create({ ...form, short: 0, long: 1, misses: 4 });
    const under = (path: number, target: number) => {
      model.track?.(8, path, 1, INDIRECT_JUMP, 10);
      const answer = model.predict(64, NONE);
      model.train(64, target, 1);
      return answer;
    };
    under(1000, A);
    under(1000, A); // 1000→A1
    for (let path = 2001; path <= 2012; path++) under(path, B); // A is replaced by the fourth miss; then B3
    model.track?.(8, 1000, 1, INDIRECT_JUMP, 10);
    expect(model.predict(64, NONE)).toBe(B);
    under(3001, GOTO); // B2
    under(3002, GOTO); // B1
    model.track?.(8, 1000, 1, INDIRECT_JUMP, 10);
    expect(model.predict(64, NONE)).toBe(B);
    under(3003, GOTO); // B0
    model.track?.(8, 1000, 1, INDIRECT_JUMP, 10);
    expect(model.predict(64, NONE)).toBe(A);
  });

  it.each([1, 2])("of two equal components is two-level with as much patience (%i)", (misses) => {
    const random = seeded(misses);
    const branches = shared(Array.from({ length: 3000 }, (_, i) => A + 16 * (i % 3 === 0 ? random(4) : i % 5)));
    for (const path of [0, 1, 3]) {
      const two = missesOf(twoLevel, { targets: path, misses, unbounded: true }, branches);
      expect(missesOf(hybrid, { ...form, short: path, long: path, misses }, branches)).toEqual(two);
    }
  });
});

describe("a bounded hybrid predictor", () => {
  it("large enough, answers like the unbounded one", () => {
    const random = seeded(8);
    const branches = branchesOf(
      INDIRECT_JUMP,
      Array.from({ length: 8000 }, (_, i) => [16 * random(4), A + 16 * (i % 7 === 0 ? random(4) : i % 3)] as const),
    );
    for (const changed of [
      { short: 1, long: 3 },
      { short: 0, long: 2, misses: 3 },
    ]) {
      const large = { ...changed, entries: 2 ** 16, ways: 16 };
      expect(missesOf(hybrid, large, branches)).toEqual(missesOf(hybrid, { ...changed, unbounded: true }, branches));
    }
  });

  it("evicts the least recently used of a set, in both components", () => {
    const model = create({ short: 0, long: 0, entries: 2, ways: 2 });
    for (const pc of [1, 2, 1, 3]) model.train(pc, 100 * pc, 1);
    expect([1, 2, 3].map((pc) => model.predict(pc, NONE))).toEqual([100, NONE, 300]);
  });

  it("counts both components and their registers", () => {
    const bits = (changed: Changed) => hybrid.storageBits(valuesOf(hybrid, changed));
    expect(bits({})).toBe(2 * (2048 * (23 + 32 + 2 + 1 + 2) + 24));
    expect(bits({ short: 0, misses: 1, tagBits: 8 })).toBe(2 * 2048 * (8 + 32 + 2 + 2) + 24);
    expect(bits({ unbounded: true })).toBe(Number.POSITIVE_INFINITY);
  });

  it("refuses more ways than entries, and a size for what is unbounded", () => {
    const refusal = (changed: Changed) => hybrid.check?.(valuesOf(hybrid, changed));
    expect(refusal({ entries: 2 })).toBe("ways must be at most entries (2), got 4");
    expect(refusal({ unbounded: true, entries: 64 })).toBe("unbounded excludes entries, ways and tagBits");
  });
});
