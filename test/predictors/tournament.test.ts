import { describe, expect, it } from "vitest";
import tournament from "../../dist/predictors/tournament.js";
import { ALL_KINDS, CONDITIONAL, NONE } from "../../dist/src/branch.js";
import { answersOf, conditionalsOf, missesOf, seeded, sum, tracksOf, valuesOf } from "./replay.ts";

const create = (changed = {}) => tournament.create(valuesOf(tournament, changed));

describe("a tournament predictor", () => {
  it("without histories is a three-bit counter, a two-bit counter and a chooser", () => {
    const outcomes = [0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1];
    //   local    3  2  3  4  5  6  7  6  5  4  3  4     taken from 4 on
    //   global   1  0  1  2  3  3  3  2  1  0  0  1     taken from 2 on
    //   chooser  1  1  1  1  1  1  1  1  1  2  3  3     global from 2 on
    const answers = [0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0];
    const values = valuesOf(tournament, { localBits: 0, globalBits: 0 });
    expect(answersOf(tournament, values, conditionalsOf(outcomes.map((taken) => [64, taken] as const)))).toEqual(answers);
  });

  it("comes back to the local predictor where it knows better", () => {
    // Goes on from above with 5 and 2, the chooser at 2: both are right, then local 6 5 4, global 3 2 1.
    const outcomes = [0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1];
    const values = valuesOf(tournament, { localBits: 0, globalBits: 0 });
    const answers = answersOf(tournament, values, conditionalsOf(outcomes.map((taken) => [64, taken] as const)));
    //   local    5  6  5  4  5     global   2  3  2  1  2     chooser  2  2  2  2  1
    expect(answers.slice(12)).toEqual([1, 1, 1, 0, 1]);
  });

  // From 0 local and global are 1 1, 2 2 and, after the third outcome has moved the chooser to global, 3 3; from 1 local is 4 at once.
  it.each([
    [0, 3],
    [1, 1],
    [2, 0],
    [3, 0],
  ])("whose counters start at %i predicts taken after %i taken outcomes", (initial, outcomes) => {
    const model = create({ localBits: 0, globalBits: 0, initial });
    for (let i = 0; i < outcomes; i++) {
      expect(model.predict(64, NONE)).toBe(0);
      model.train(64, 0, 1);
    }
    expect(model.predict(64, NONE)).toBe(1);
  });

  it("has the outcomes of all branches in its histories if asked to", () => {
    expect(tracksOf(tournament, valuesOf(tournament))).toBe(CONDITIONAL);
    expect(tracksOf(tournament, valuesOf(tournament, { history: "all" }))).toBe(ALL_KINDS);
  });

  const random = seeded(9);
  const pairs: [number, number][] = [];
  for (let i = 0; i < 5000; i++) {
    const outcome = random(2);
    pairs.push([64, outcome], [128, outcome], [192, random(2)], [256, i % 5 ? 1 : 0]);
  }
  const late = (place: number, changed: { localBits?: number; globalBits?: number }) =>
    sum(missesOf(tournament, changed, conditionalsOf(pairs)).filter((_, i) => i % 4 === place && i > 10_000));

  it("learns a branch that repeats another's outcome, and one that repeats its own pattern", () => {
    // Of 2500. Neither the global counters nor the choosers know the address, so other branches' situations get in the way.
    expect(late(1, {})).toBeLessThan(350);
    expect(late(3, {})).toBeLessThan(100);
  });

  it("loses the one without global history, the other without local ones", () => {
    expect(late(1, { globalBits: 0 })).toBeGreaterThan(500);
    expect(late(3, { localBits: 0, globalBits: 1 })).toBeGreaterThan(400);
  });

  it("has one local history for addresses that are alike modulo the histories", () => {
    const model = create({ localHistories: 4, globalBits: 0 });
    model.track?.(1, 0, 1, CONDITIONAL, 3);
    model.train(1, 0, 1);
    expect([1, 5, -3, 2, 0].map((pc) => model.predict(pc, NONE))).toEqual([1, 1, 1, 0, 0]);
  });

  it("forgets what is older than a local history is long", () => {
    const model = create({ localBits: 3, globalBits: 0 });
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

  it("needs what the 21264 had: 10, 3, 8 and 8 Kbit, and the global history", () => {
    expect(tournament.storageBits(valuesOf(tournament))).toBe(29 * 1024 + 12);
  });
});
