import { describe, expect, it } from "vitest";
import btb from "../../dist/predictors/btb.js";
import { INDIRECT, INDIRECT_CALL, INDIRECT_JUMP, NONE, RETURN } from "../../dist/src/branch.js";
import { branchesOf, coversOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

const create = (changed = {}) => btb.create(valuesOf(btb, changed));

describe("a BTB", () => {
  it.each([{}, { unbounded: true }])("predicts nothing for a branch that it has not met (%o)", (changed) => {
    const model = create(changed);
    for (const pc of [0, 1, 0x401000, -5]) expect(model.predict(pc, NONE)).toBe(NONE);
  });

  it.each([{}, { unbounded: true }])("replaces a wrong target at once (%o)", (changed) => {
    const model = create(changed);
    model.train(64, 1000, 1);
    expect(model.predict(64, NONE)).toBe(1000);
    model.train(64, 2000, 1);
    expect(model.predict(64, NONE)).toBe(2000);
  });

  it("evicts the branch of a set that was not executed for longest", () => {
    const model = create({ sets: 4, ways: 2 });
    const [a, b, c] = [0, 4, 8]; // all in set 0
    model.train(a, 100, 1);
    model.train(b, 200, 1);
    model.train(a, 100, 1); // now b is the older one
    model.train(c, 300, 1);
    expect([a, b, c].map((pc) => model.predict(pc, NONE))).toEqual([100, NONE, 300]);
  });

  it("does not count a prediction as a use", () => {
    const model = create({ sets: 1, ways: 2 });
    model.train(1, 100, 1);
    model.train(2, 200, 1);
    model.predict(1, NONE);
    model.train(3, 300, 1);
    expect(model.predict(1, NONE)).toBe(NONE);
  });

  it("thrashes a set that is one way too small for a loop, and holds the loop with one way more", () => {
    const loop = Array.from({ length: 400 }, (_, i) => [16 * (i % 5), 1000 + (i % 5)] as const);
    expect(sum(missesOf(btb, { sets: 16, ways: 4 }, branchesOf(INDIRECT_JUMP, loop)))).toBe(400);
    expect(sum(missesOf(btb, { sets: 16, ways: 5 }, branchesOf(INDIRECT_JUMP, loop)))).toBe(5);
  });

  it("leaves the other sets alone", () => {
    const model = create({ sets: 4, ways: 1 });
    for (let pc = 0; pc < 4; pc++) model.train(pc, 100 + pc, 1);
    model.train(4, 999, 1);
    expect([0, 1, 2, 3].map((pc) => model.predict(pc, NONE))).toEqual([NONE, 101, 102, 103]);
  });

  it("with short tags confuses two branches whose addresses differ only above the tag", () => {
    const model = create({ sets: 16, ways: 2, tagBits: 4 });
    model.train(0x003, 100, 1);
    expect(model.predict(0x103, NONE)).toBe(100);
    expect(model.predict(0x013, NONE)).toBe(NONE);
  });

  it("without tags has one target for all branches of a set, from the start", () => {
    const model = create({ sets: 16, ways: 1, tagBits: 0 });
    model.train(3, 100, 1);
    expect(model.predict(0x7fff_fff3, NONE)).toBe(100);
    expect(model.predict(4, NONE)).toBe(NONE);
  });

  it("tells addresses apart by all 32 bits, also those that are negative as Int32", () => {
    for (const changed of [{ sets: 1, ways: 4 }, { sets: 512, ways: 4 }, { unbounded: true }]) {
      const model = create(changed);
      const pcs = [0x10, 0x8000_0010 | 0, 0x4000_0010, -0x10];
      pcs.forEach((pc, i) => {
        model.train(pc, i, 1);
      });
      expect(pcs.map((pc) => model.predict(pc, NONE))).toEqual([0, 1, 2, 3]);
    }
  });

  it("unbounded never forgets: it answers like a map, through every growth of its table", () => {
    const model = create({ unbounded: true });
    const random = seeded(5);
    const map = new Map<number, number>();
    for (let i = 0; i < 50_000; i++) {
      const pc = random(1 << 14) * (i & 1 ? 16 : -65536) - (i & 1);
      const target = random(2 ** 31);
      expect(model.predict(pc | 0, NONE)).toBe(map.get(pc | 0) ?? NONE);
      model.train(pc | 0, target, 1);
      map.set(pc | 0, target);
    }
    expect(map.size).toBeGreaterThan(10_000);
  });

  it("answers like a plain list in LRU order, whatever the geometry", () => {
    for (const [sets, ways, tagBits] of [
      [1, 1, 32],
      [1, 64, 32],
      [8, 3, 32],
      [64, 4, 3],
      [16, 2, 1],
    ] as const) {
      const model = create({ sets, ways, tagBits });
      const lists: { tag: number; target: number }[][] = Array.from({ length: sets }, () => []);
      const random = seeded(sets * 100 + ways);
      for (let i = 0; i < 5000; i++) {
        const pc = random(sets * ways * 2);
        const target = random(1000);
        const list = lists[pc % sets];
        const tag = Math.floor(pc / sets) % 2 ** tagBits;
        const at = list.findIndex((entry) => entry.tag === tag);
        expect(model.predict(pc, NONE)).toBe(at < 0 ? NONE : list[at].target);
        if (at >= 0) list.splice(at, 1);
        list.unshift({ tag, target });
        list.length = Math.min(list.length, ways);
        model.train(pc, target, 1);
      }
    }
  });

  it("covers indirect jumps and calls, and returns only when asked", () => {
    expect(coversOf(btb, valuesOf(btb))).toBe(INDIRECT);
    expect(coversOf(btb, valuesOf(btb, { returns: true }))).toBe(INDIRECT | RETURN);
    expect(INDIRECT).toBe(INDIRECT_JUMP | INDIRECT_CALL);
  });

  it("counts tag, target and LRU rank of every entry as storage", () => {
    expect(btb.storageBits(valuesOf(btb))).toBe(2048 * (23 + 32 + 2));
    expect(btb.storageBits(valuesOf(btb, { tagBits: 8 }))).toBe(2048 * (8 + 32 + 2));
    expect(btb.storageBits(valuesOf(btb, { sets: 256, ways: 1, tagBits: 0 }))).toBe(256 * 32);
    expect(btb.storageBits(valuesOf(btb, { unbounded: true }))).toBe(Number.POSITIVE_INFINITY);
  });

  it("refuses several ways without tags, and a size for what is unbounded", () => {
    expect(btb.check?.(valuesOf(btb, { tagBits: 0 }))).toBe("tagBits=0 needs ways=1 (no tag distinguishes the ways), got ways=4");
    expect(btb.check?.(valuesOf(btb, { unbounded: true, ways: 2 }))).toBe("unbounded excludes sets, ways and tagBits");
    expect(btb.check?.(valuesOf(btb, { unbounded: true, returns: true }))).toBeUndefined();
  });
});
