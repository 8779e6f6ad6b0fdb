// A buffer of several levels: where branches enter, what pushes them out, and which level answers; beside a naive model of lists.
import { describe, expect, it } from "vitest";
import multiLevelBtb from "../../dist/predictors/multi-level-btb.js";
import { NONE } from "../../dist/src/branch.js";
import { seeded, valuesOf } from "./replay.ts";

type Inclusion = "none" | "inclusive" | "exclusive";
type Promotion = "first" | "next" | "none";

const create = (changed = {}) => multiLevelBtb.create(valuesOf(multiLevelBtb, changed));
const tiny = { firstSets: 1, firstWays: 1, secondSets: 1, secondWays: 2, thirdSets: 1, thirdWays: 4 };

/** The level that answers for a branch, 0 if none does. */
function levelOf(model: ReturnType<typeof create>, pc: number): number | undefined {
  model.predict(pc, NONE);
  return model.level?.();
}

/** The same with lists of [address, target], the newest first, one list for each level: levels of one set. */
function naive(sizes: readonly number[], inclusion: Inclusion, promotion: Promotion) {
  const levels: [number, number][][] = sizes.map(() => []);
  const has = (at: number, pc: number): boolean => levels[at].some(([address]) => address === pc);
  const drop = (at: number, pc: number): void => {
    levels[at] = levels[at].filter(([address]) => address !== pc);
  };
  function put(at: number, pc: number, target: number): void {
    levels[at] = [[pc, target], ...levels[at]];
    const lost = levels[at].length > sizes[at] ? levels[at].pop() : undefined;
    if (lost === undefined) return;
    if (inclusion === "exclusive" && at + 1 < sizes.length) put(at + 1, ...lost);
    if (inclusion === "inclusive") for (let quicker = 0; quicker < at; quicker++) drop(quicker, lost[0]);
  }
  return {
    where: (pc: number) => levels.findIndex((_, at) => has(at, pc)) + 1,
    target: (pc: number) => levels.flat().find(([address]) => address === pc)?.[1] ?? NONE,
    train(pc: number, target: number): void {
      const at = levels.findIndex((_, level) => has(level, pc));
      const goal = promotion === "none" ? at : promotion === "next" ? Math.max(0, at - 1) : 0;
      if (at < 0) {
        if (inclusion === "exclusive") put(0, pc, target);
        else for (let level = sizes.length - 1; level >= 0; level--) put(level, pc, target);
        return;
      }
      const stale = levels[at].find(([address]) => address === pc)?.[1] !== target;
      drop(at, pc);
      if (inclusion === "exclusive") {
        put(goal, pc, target);
        return;
      }
      levels[at] = [[pc, target], ...levels[at]];
      for (let slower = at + 1; stale && slower < sizes.length; slower++) {
        if (!has(slower, pc)) continue;
        drop(slower, pc);
        levels[slower] = [[pc, target], ...levels[slower]];
      }
      for (let level = at - 1; level >= goal; level--) put(level, pc, target);
    },
  };
}

describe("a BTB of several levels", () => {
  it("answers from the quickest level that holds the branch", () => {
    const model = create(tiny);
    for (const pc of [1, 2, 3, 4, 5]) model.train(pc, 100 + pc, 1);
    expect([5, 4, 3, 2, 1].map((pc) => levelOf(model, pc))).toEqual([1, 2, 3, 3, 0]);
    expect(model.predict(2, NONE)).toBe(102);
  });

  it.each([
    ["first", 1],
    ["next", 2],
    ["none", 3],
  ] as const)("with promotion=%s puts what the third level held into level %i", (promotion, level) => {
    const model = create({ ...tiny, promotion });
    for (const pc of [1, 2, 3, 4]) model.train(pc, 100, 1);
    expect(levelOf(model, 1)).toBe(3);
    model.train(1, 100, 1);
    expect(levelOf(model, 1)).toBe(level);
  });

  it("exclusive, holds as many branches as its levels have entries together", () => {
    const model = create({ ...tiny, inclusion: "exclusive" });
    for (let pc = 1; pc <= 8; pc++) model.train(pc, 100 + pc, 1);
    expect([8, 7, 6, 5, 4, 3, 2, 1].map((pc) => levelOf(model, pc))).toEqual([1, 2, 2, 3, 3, 3, 3, 0]);
  });

  it("inclusive, loses in all levels what the last one loses", () => {
    const sizes = { firstSets: 1, firstWays: 4, secondSets: 1, secondWays: 4 };
    const [plain, inclusive] = (["none", "inclusive"] as const).map((inclusion) => create({ ...sizes, inclusion }));
    for (const model of [plain, inclusive]) {
      for (const pc of [1, 2, 3, 4]) model.train(pc, 100, 1);
      model.train(1, 100, 1); // a use of the first level alone
      model.train(5, 100, 1); // the second level loses 1
    }
    expect([plain, inclusive].map((model) => levelOf(model, 1))).toEqual([1, 0]);
  });

  it("has two levels unless the third has ways, and says so of thirdSets", () => {
    const levels = multiLevelBtb.levels as (values: unknown) => number;
    expect(levels(valuesOf(multiLevelBtb))).toBe(2);
    expect(levels(valuesOf(multiLevelBtb, { thirdWays: 1 }))).toBe(3);
    expect(multiLevelBtb.check?.(valuesOf(multiLevelBtb, { thirdSets: 64 }))).toContain("thirdWays");
  });

  it("counts bits of addresses, targets and ranks in all its levels", () => {
    // 16 × 4 × (28 + 32 + 2) + 512 × 4 × (23 + 32 + 2)
    expect(multiLevelBtb.storageBits(valuesOf(multiLevelBtb))).toBe(64 * 62 + 2048 * 57);
  });

  const inclusions: Inclusion[] = ["none", "inclusive", "exclusive"];
  const promotions: Promotion[] = ["first", "next", "none"];
  it.each(inclusions.flatMap((inclusion) => promotions.map((promotion) => [inclusion, promotion] as const)))(
    "with inclusion=%s and promotion=%s does what a naive model does",
    (inclusion, promotion) => {
      const random = seeded(7);
      const model = create({ ...tiny, firstWays: 2, secondWays: 3, thirdWays: 5, inclusion, promotion });
      const lists = naive([2, 3, 5], inclusion, promotion);
      for (let i = 0; i < 3000; i++) {
        const pc = 1 + Math.floor(random(14) ** 2 / 14);
        expect([i, levelOf(model, pc), model.predict(pc, NONE)]).toEqual([i, lists.where(pc), lists.target(pc)]);
        const target = 100 * pc + random(2);
        model.train(pc, target, 1);
        lists.train(pc, target);
      }
    },
  );
});
