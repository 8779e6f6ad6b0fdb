import { describe, expect, it } from "vitest";
import btb from "../../dist/predictors/btb.js";
import cascaded from "../../dist/predictors/cascaded.js";
import twoLevel from "../../dist/predictors/two-level.js";
import { INDIRECT_JUMP, NONE } from "../../dist/src/branch.js";
import { answersOf, branchesOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

type Changed = Partial<Parameters<typeof cascaded.create>[0]>;
const create = (changed: Changed = {}) => cascaded.create(valuesOf(cascaded, changed));

/** A switch that executes these targets. */
const shared = (targets: readonly number[]) =>
  branchesOf(
    INDIRECT_JUMP,
    targets.map((target) => [0x2000, target] as const),
  );
const answers = (targets: readonly number[], changed: Changed) => answersOf(cascaded, valuesOf(cascaded, changed), shared(targets));

const FORMS: readonly Changed[] = [{}, { unbounded: true }];
const [A, B, GOTO] = [0x4000, 0x4030, 0x4060];

describe.each(FORMS)("a cascaded predictor (%o)", (form) => {
  // A path of one target, A B A GOTO: the second stage has, after A: B or GOTO by turns; after B and GOTO: A.
  it("mispredicts A B A GOTO twice an iteration with a path of one target, never with two", () => {
    const loop = shared(Array.from({ length: 160 }, (_, i) => [A, B, A, GOTO][i % 4]));
    const late = (targets: number) => sum(missesOf(cascaded, { ...form, targets }, loop).slice(-40)) / 10;
    expect([0, 1, 2].map(late)).toEqual([4, 2, 0]);
  });

  // Path of one target; what the stages hold after each target, the second keyed by the target before:
  //
  //     A   BTB A    -→A          A   BTB A    A→A (trained, though the BTB is right)
  //     A   BTB A    nothing new  B   BTB B    A→B
  //     B   BTB B    A→B          A   BTB A
  //     A   BTB A    B→A
  it("predicts by the second stage if it hits, else by the first, and trains both", () => {
    expect(answers([A, A, B, A, A, B, A], { ...form, targets: 1 })).toEqual([NONE, A, A, B, B, A, A]);
  });

  it.each([
    ["leaky", A],
    ["strict", B],
  ] as const)("%s, gives a branch that the BTB has never met an entry in the second stage, or not", (filter, expected) => {
    const model = create({ ...form, targets: 1, filter });
    for (const [path, target] of [
      [1000, A],
      [2000, B],
    ]) {
      model.track?.(8, path, 1, INDIRECT_JUMP, 10);
      model.train(64, target, 1);
    }
    model.track?.(8, 1000, 1, INDIRECT_JUMP, 10);
    expect(model.predict(64, NONE)).toBe(expected);
  });

  it("keeps its target as many misses as it is told to", () => {
    const sequence = [A, A, B, A, B, B, A];
    expect(answers(sequence, { ...form, targets: 0, misses: 2 })).toEqual([NONE, A, A, A, A, A, B]);
    expect(answers(sequence, { ...form, targets: 0 })).toEqual([NONE, A, A, B, A, B, B]);
  });

  it("without a filter answers like two-level wherever that knows a path", () => {
    const random = seeded(3);
    const branches = shared(Array.from({ length: 3000 }, (_, i) => A + 16 * (i % 3 === 0 ? random(4) : i % 5)));
    const path = answersOf(twoLevel, valuesOf(twoLevel, { targets: 2, unbounded: true }), branches);
    const cascade = answersOf(cascaded, valuesOf(cascaded, { ...form, targets: 2, filter: "none" }), branches);
    const knows = path.map((answer) => answer !== NONE);
    expect(cascade.filter((_, i) => knows[i])).toEqual(path.filter((_, i) => knows[i]));
    expect(knows.filter((yes) => !yes).length).toBeGreaterThan(20);
  });
});

describe("a bounded cascaded predictor", () => {
  it("spends no second-stage entries on branches that always go to one place", () => {
    const model = create({ entries: 1, ways: 1, targets: 1, filter: "strict" });
    const path = () => model.track?.(8, 1000, 1, INDIRECT_JUMP, 10);
    path();
    model.train(64, A, 1);
    model.train(64, B, 1); // the only entry of the second stage
    for (let i = 0; i < 40; i++) model.train(96 + 32 * (i % 4), GOTO, 1); // they fill its set of the BTB
    expect(model.predict(64, NONE)).toBe(B);
    model.train(96, A, 1);
    expect(model.predict(64, NONE)).toBe(NONE);
  });

  it("large enough, answers like the unbounded one", () => {
    const random = seeded(8);
    const branches = branchesOf(
      INDIRECT_JUMP,
      Array.from({ length: 8000 }, (_, i) => [16 * random(4), A + 16 * (i % 7 === 0 ? random(4) : i % 3)] as const),
    );
    for (const changed of [{ targets: 3 }, { targets: 2, misses: 2, filter: "strict" }] as const) {
      const large = { ...changed, firstEntries: 1024, entries: 2 ** 16, ways: 16 };
      expect(missesOf(cascaded, large, branches)).toEqual(missesOf(cascaded, { ...changed, unbounded: true }, branches));
    }
  });

  it("with no path is a BTB in either stage", () => {
    const random = seeded(4);
    const branches = branchesOf(
      INDIRECT_JUMP,
      Array.from({ length: 3000 }, () => [16 * random(20), A + random(2)] as const),
    );
    expect(missesOf(cascaded, { targets: 0, firstEntries: 1024 }, branches)).toEqual(missesOf(btb, { unbounded: true }, branches));
  });

  it("evicts the least recently used of a set of the first stage", () => {
    const model = create({ firstEntries: 2, firstWays: 2, filter: "strict" });
    for (const pc of [1, 2, 1, 3]) model.train(pc, 100 * pc, 1);
    expect([1, 2, 3].map((pc) => model.predict(pc, NONE))).toEqual([100, NONE, 300]);
  });

  it("counts both stages and the register with the path", () => {
    const bits = (changed: Changed) => cascaded.storageBits(valuesOf(cascaded, changed));
    expect(bits({})).toBe(128 * (27 + 32 + 2) + 2048 * (23 + 32 + 2) + 24);
    expect(bits({ targets: 0, tagBits: 8, misses: 2 })).toBe((128 + 2048) * (8 + 32 + 1 + 2));
    expect(bits({ unbounded: true })).toBe(Number.POSITIVE_INFINITY);
  });

  it("refuses more ways than entries, and a size for what is unbounded", () => {
    const refusal = (changed: Changed) => cascaded.check?.(valuesOf(cascaded, changed));
    expect(refusal({ firstEntries: 2 })).toBe("firstWays must be at most firstEntries (2), got 4");
    expect(refusal({ entries: 2 })).toBe("ways must be at most entries (2), got 4");
    expect(refusal({ unbounded: true, ways: 2 })).toContain("unbounded excludes");
  });
});
