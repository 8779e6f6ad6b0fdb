// PDede: what an entry shares with others, and what is lost when the shared part is replaced.
import { describe, expect, it } from "vitest";
import pdede from "../../dist/predictors/pdede.js";
import { NONE, RETURN } from "../../dist/src/branch.js";
import { valuesOf } from "./replay.ts";

const create = (changed = {}) => pdede.create(valuesOf(pdede, { sets: 1, ways: 4, tagBits: 32, ...changed }));

describe("PDede", () => {
  it("gives back targets in the branch's page, in another page, and in another region", () => {
    const model = create({ ways: 6 });
    const branches = [
      [0x401000, 0x401abc],
      [0x401010, 0x7654321],
      [0x401020, 0xf7654321 | 0],
    ] as const;
    for (const [pc, target] of branches) model.train(pc, target, 1);
    expect(branches.map(([pc]) => model.predict(pc, NONE))).toEqual(branches.map(([, target]) => target));
    expect(model.finish?.()).toEqual({ pages_held: 2 - 1 });
  });

  it("holds branches that leave their page in half of the ways only", () => {
    const [near, far] = [create(), create()];
    for (const i of [1, 2, 3, 4]) {
      near.train(0x401000 + i, 0x401100, 1);
      far.train(0x401000 + i, 0x900100 + i * 4096, 1);
    }
    const held = (model: typeof near): number => [1, 2, 3, 4].filter((i) => model.predict(0x401000 + i, NONE) !== NONE).length;
    expect([held(near), held(far)]).toEqual([4, 2]);
  });

  it("predicts the page that has taken the place of the one that an entry points to", () => {
    const model = create({ pageSets: 1, pageWays: 1 });
    model.train(0x401000, 0x900123, 1);
    model.train(0x401010, 0xa00456, 1);
    expect(model.predict(0x401000, NONE)).toBe(0xa00123);
  });

  it("moves a branch that leaves its page for the first time to a way with pointers", () => {
    const model = create();
    for (const i of [1, 2, 3]) model.train(0x401000 + i, 0x401100, 1);
    model.train(0x401003, 0x900100, 1); // was in the third way
    expect(model.predict(0x401003, NONE)).toBe(0x900100);
  });

  it("needs no pointers for a return", () => {
    const model = create();
    for (const i of [1, 2, 3, 4]) model.track?.(0x401000 + i, 0x900000, 1, RETURN, 0x401001 + i);
    expect([1, 2, 3, 4].map((i) => model.predict(0x401000 + i, NONE) === NONE)).toEqual([false, false, false, false]);
  });

  it("counts pages and regions once", () => {
    // 512 sets of 6 near parts (tag 12, kind 2, rank 3, one bit, place 12) and 3 pairs of pointers (9 and 2 bits); 512 pages of 16
    // bits and rank 4; 4 regions of 4 bits and rank 2
    expect(pdede.storageBits(valuesOf(pdede))).toBe(512 * (6 * 30 + 3 * 11) + 512 * 20 + 4 * 6);
  });
});
