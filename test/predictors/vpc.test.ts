import { describe, expect, it } from "vitest";
import vpc from "../../dist/predictors/vpc.js";
import { CONDITIONAL, INDIRECT, INDIRECT_CALL, INDIRECT_JUMP, NONE } from "../../dist/src/branch.js";
import { branchesOf, missesOf, sum, tracksOf, valuesOf } from "./replay.ts";

type Changed = Partial<Parameters<typeof vpc.create>[0]>;
const create = (changed: Changed = {}) => vpc.create(valuesOf(vpc, changed));

/** What it predicts before each of these targets of one branch. */
function predictions(targets: readonly number[], changed: Changed): number[] {
  const model = create(changed);
  return targets.map((target) => {
    const answer = model.predict(64, NONE);
    model.train(64, target, 1);
    return answer;
  });
}

const outcome = (model: ReturnType<typeof create>, taken: number) => model.track?.(8, 10, taken, CONDITIONAL, 10);
const [A, B, C] = [0x4000, 0x4030, 0x4060];

describe("VPC prediction", () => {
  // No history: one counter for each virtual branch. What they are after each target (both start at 1):
  //
  //     A   A:2        B   A:2 B:2      B   A:2 B:3
  //     A   A:3        A   A:3 B:2      B   A:1 B:3
  it("goes to the first virtual branch that is predicted taken; those before the right one learn not taken", () => {
    expect(predictions([A, A, B, A, B, B, A], { historyBits: 0 })).toEqual([NONE, A, A, A, A, A, B]);
  });

  // Two iterations; counter and uses of each:
  //
  //     A   A:2,0                C   C:1,0 B:2,1    A, used less than B, gave way
  //     B   A:1,0 B:2,0          C   C:2,1 B:2,1
  //     B   A:0,0 B:3,1
  it("replaces the least frequently used target when all iterations are taken", () => {
    expect(predictions([A, B, B, C, C, C], { historyBits: 0, iterations: 2 })).toEqual([NONE, A, B, B, B, C]);
  });

  // The seventeenth A in a row would make its uses 16: they become 8, and those of the branch's other targets half.
  it("halves the uses of all targets of a branch when one of them reaches the end", () => {
    const lastOf = (targets: readonly number[]) => predictions([...targets, 0], { historyBits: 0, iterations: 2 }).at(-1);
    expect(lastOf([...Array(17).fill(A), ...Array(10).fill(B), C])).toBe(B); // A:8 B:9, so C replaces A
    expect(lastOf([...Array(11).fill(B), ...Array(17).fill(A), C])).toBe(A); // B:5 A:8, so C replaces B
  });

  it("takes the uses along when entries move within their set", () => {
    const model = create({ historyBits: 0, iterations: 2, sets: 1 });
    for (const target of [A, A, A, A, B]) model.train(64, target, 1);
    model.train(65, C, 1); // in front of them
    model.train(64, C, 1); // A:3 B:0, so it replaces B; the first counter is 1, the second 3
    model.train(64, B, 1); // and the other way round; the first is 0
    expect(model.predict(64, NONE)).toBe(B);
  });

  it("is told by the outcomes of conditionals which of its targets to take", () => {
    const model = create({ historyBits: 1 });
    const step = (taken: number, target: number) => {
      outcome(model, taken);
      const answer = model.predict(64, NONE);
      model.train(64, target, 1);
      return answer === target;
    };
    step(1, A);
    outcome(model, 0);
    expect(model.predict(64, NONE)).toBe(NONE); // it has an entry, but no virtual branch is predicted taken
    for (let i = 0; i < 4; i++) [step(1, A), step(0, B)];
    expect(Array.from({ length: 20 }, (_, i) => step(i & 1, i & 1 ? A : B))).toEqual(Array(20).fill(true));
  });

  it("shifts the history by one for every iteration", () => {
    // A history of 01 is 10 to the second virtual branch, as 11 is; 00 is 00 to both.
    const model = create({ historyBits: 2 });
    const under = (bits: string) => {
      for (const bit of bits) outcome(model, Number(bit));
    };
    under("01");
    model.train(64, A, 1);
    for (let i = 0; i < 3; i++) model.train(64, B, 1); // second virtual branch, history 10: taken; the first, 01: not
    expect(model.predict(64, NONE)).toBe(B);
    under("11");
    expect(model.predict(64, NONE)).toBe(B); // the first has not met 11; the second takes it for 10
    under("00");
    expect(model.predict(64, NONE)).toBe(NONE);
  });

  it("without bits of targets in its history asks for conditionals alone", () => {
    expect(tracksOf(vpc, valuesOf(vpc))).toBe(CONDITIONAL);
    expect(tracksOf(vpc, valuesOf(vpc, { targetBits: 1 }))).toBe(CONDITIONAL | INDIRECT_JUMP | INDIRECT_CALL);
    expect(tracksOf(vpc, valuesOf(vpc, { targetBits: 1 })) & INDIRECT).toBe(INDIRECT);
  });

  it("with bits of targets in its history learns the loop A B A GOTO of a switch", () => {
    const loop = branchesOf(
      INDIRECT_JUMP,
      Array.from({ length: 400 }, (_, i) => [0x2000, [A, B, A, C][i % 4]] as const),
    );
    const late = (changed: Changed) => sum(missesOf(vpc, changed, loop).slice(-40)) / 10;
    expect(late({ targetBits: 4 })).toBe(0);
    expect(late({})).toBeGreaterThanOrEqual(2);
  });

  it("holds as many targets of a branch as it has iterations", () => {
    const targets = Array.from({ length: 12 }, (_, i) => A + 16 * i);
    const loop = branchesOf(
      INDIRECT_JUMP,
      Array.from({ length: 1200 }, (_, i) => [0x2000, targets[i % 12]] as const),
    );
    const late = (iterations: number) => sum(missesOf(vpc, { iterations, targetBits: 8 }, loop).slice(-120)) / 10;
    expect(late(12)).toBe(0);
    expect(late(8)).toBeGreaterThanOrEqual(4);
  });

  it("loses targets when its virtual branches crowd a small BTB", () => {
    const model = create({ historyBits: 0, sets: 1, ways: 2 });
    for (const target of [A, B, C]) model.train(64, target, 1);
    for (let i = 0; i < 3; i++) model.train(64, B, 1);
    expect(model.predict(64, NONE)).toBe(B);
    expect(create({ sets: 1, ways: 1 }).predict(64, NONE)).toBe(NONE);
  });

  it("counts its BTB with uses, its counters and its history", () => {
    expect(vpc.storageBits(valuesOf(vpc))).toBe(4096 * (22 + 32 + 4 + 2) + 2 * 65536 + 16);
  });
});
