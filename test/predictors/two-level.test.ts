import { describe, expect, it } from "vitest";
import btb from "../../dist/predictors/btb.js";
import twoLevel from "../../dist/predictors/two-level.js";
import { INDIRECT_JUMP, NONE } from "../../dist/src/branch.js";
import { branchesOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

const create = (changed = {}) => twoLevel.create(valuesOf(twoLevel, changed));

/** Executes one indirect jump and returns what had been predicted. */
function step(model: ReturnType<typeof create>, pc: number, target: number): number {
  const answer = model.predict(pc, NONE);
  model.train(pc, target, 1);
  model.track?.(pc, target, 1, INDIRECT_JUMP, pc + 2);
  return answer;
}

describe("two-level prediction, unbounded", () => {
  it("answers like a map keyed by the address and the whole path, the missing places of a young path included", () => {
    for (const targets of [0, 1, 2, 3, 16]) {
      const model = create({ targets, unbounded: true });
      const map = new Map<string, number>();
      let path: number[] = [];
      const random = seeded(targets + 1);
      for (let i = 0; i < 20_000; i++) {
        const pc = random(3) * 16;
        const target = (random(8) === 0 ? random(4) : i % 4) * 0x10_0000;
        const key = [pc, ...path].join();
        expect(step(model, pc, target)).toBe(map.get(key) ?? NONE);
        map.set(key, target);
        path = [target, ...path].slice(0, targets);
      }
    }
  });

  it("does not take the empty places of a young path for the address 0", () => {
    const model = create({ targets: 2, unbounded: true });
    step(model, 64, 0); // path: nothing
    step(model, 64, 0); // path: 0
    expect(step(model, 64, 500)).toBe(NONE); // path: 0 0, not met before
  });

  it("tells paths apart by targets that differ only in high bits", () => {
    const model = create({ targets: 1, unbounded: true });
    for (const before of [0x0000_0100, 0x4000_0100, 0x8000_0100 | 0]) {
      step(model, 8, before);
      step(model, 64, before ^ 1);
    }
    for (const before of [0x0000_0100, 0x4000_0100, 0x8000_0100 | 0]) {
      step(model, 8, before);
      expect(step(model, 64, before ^ 1)).toBe(before ^ 1);
    }
  });

  it("forgets the target that is one older than the path is long", () => {
    const model = create({ targets: 2, unbounded: true });
    for (const target of [900, 1, 2]) step(model, 8, target);
    step(model, 64, 500); // path: 2 1
    for (const target of [800, 1, 2]) step(model, 8, target);
    expect(step(model, 64, 0)).toBe(500);
  });

  it("replaces a wrong target at once", () => {
    const model = create({ targets: 0, unbounded: true });
    step(model, 64, 1);
    step(model, 64, 2);
    expect(step(model, 64, 3)).toBe(2);
  });
});

describe("two-level prediction, bounded", () => {
  const random = seeded(7);
  const phrase = Array.from({ length: 60 }, () => random(12));
  const program = (alignment: number) =>
    branchesOf(
      INDIRECT_JUMP,
      Array.from({ length: 6000 }, (_, i) => [0x8000, 0x40_0000 + alignment * phrase[i % phrase.length]] as const),
    );

  it.each([1, 4, 16, 64, 4096])("comes close to the unbounded form with bodies %i bytes apart", (alignment) => {
    for (const targets of [1, 2, 4, 6, 8]) {
      const exact = sum(missesOf(twoLevel, { targets, unbounded: true }, program(alignment)));
      const bounded = sum(missesOf(twoLevel, { targets }, program(alignment)));
      expect(bounded).toBeGreaterThan(0.95 * exact);
      expect(bounded).toBeLessThan(1.05 * exact + 100);
    }
  });

  it("holds every target of the path: changing any one of them changes the key", () => {
    for (const targets of [1, 2, 3, 5, 7, 11]) {
      for (let changed = 0; changed < targets; changed++) {
        // The bits of a target are hashed, so some pairs of targets are alike; of many, some must differ.
        let different = 0;
        for (let n = 1; n <= 20; n++) {
          const model = create({ targets });
          const path = Array.from({ length: targets }, (_, k) => 0x1000 + 16 * k);
          for (const target of path) model.track?.(8, target, 1, INDIRECT_JUMP, 10);
          model.train(64, 500, 1);
          path[changed] += 16 * n;
          for (const target of path) model.track?.(8, target, 1, INDIRECT_JUMP, 10);
          if (model.predict(64, NONE) === NONE) different++;
        }
        expect(different).toBeGreaterThan(5);
      }
    }
  });

  it("tells paths that differ only in their oldest target apart even by short tags", () => {
    let different = 0;
    for (let n = 1; n <= 50; n++) {
      const model = create({ entries: 1, ways: 1, tagBits: 8 });
      for (const target of [0x1000, 0x1010, 0x1020, 0x1030]) model.track?.(8, target, 1, INDIRECT_JUMP, 10);
      model.train(64, 500, 1);
      for (const target of [0x1000 + 16 * n, 0x1010, 0x1020, 0x1030]) model.track?.(8, target, 1, INDIRECT_JUMP, 10);
      if (model.predict(64, NONE) === NONE) different++;
    }
    expect(different).toBeGreaterThan(45);
  });

  it("forgets a target that is older than the path is long", () => {
    for (const targets of [1, 2, 3, 5, 8, 16]) {
      const model = create({ targets });
      const path = Array.from({ length: targets }, (_, k) => 0x1000 + 48 * k);
      for (const target of [0x9990, ...path]) model.track?.(8, target, 1, INDIRECT_JUMP, 10);
      model.train(64, 500, 1);
      for (const target of [0x7770, 0x5550, ...path]) model.track?.(8, target, 1, INDIRECT_JUMP, 10);
      expect(model.predict(64, NONE)).toBe(500);
    }
  });

  it("minds the order of the targets on the path", () => {
    const model = create({ targets: 2 });
    for (const target of [0x1000, 0x1234]) model.track?.(8, target, 1, INDIRECT_JUMP, 10);
    model.train(64, 500, 1);
    for (const target of [0x1234, 0x1000]) model.track?.(8, target, 1, INDIRECT_JUMP, 10);
    expect(model.predict(64, NONE)).toBe(NONE);
  });

  it("with a path of no targets is a BTB", () => {
    const branches = branchesOf(
      INDIRECT_JUMP,
      Array.from({ length: 4000 }, () => [16 * random(40), 1000 + random(2)] as const),
    );
    expect(missesOf(twoLevel, { targets: 0 }, branches)).toEqual(missesOf(btb, { unbounded: true }, branches));
  });

  it("loses more of a large working set the fewer entries it has", () => {
    const long = Array.from({ length: 300 }, () => random(64));
    const branches = branchesOf(
      INDIRECT_JUMP,
      Array.from({ length: 9000 }, (_, i) => [0x8000, 0x40_0000 + 16 * long[i % long.length]] as const),
    );
    const misses = [64, 256, 4096].map((entries) => sum(missesOf(twoLevel, { entries }, branches)));
    expect(misses[0]).toBe(9000);
    expect(misses[1]).toBeGreaterThan(2000);
    expect(misses[1]).toBeLessThan(8000);
    expect(misses[2]).toBeLessThan(500);
  });

  it("with a patience of two misses keeps its target after one, bounded and unbounded", () => {
    for (const form of [{}, { packing: "reverse-interleaved" }, { ways: 1, entries: 1 }, { unbounded: true }]) {
      const model = create({ targets: 0, misses: 2, ...form });
      const answers = [100, 200, 100, 200, 300, 400, 500, 0].map((target) => step(model, 64, target));
      expect(answers).toEqual([NONE, 100, 100, 100, 100, 300, 300, 500]);
    }
  });

  it("takes the misses in a row along when an entry moves within its set", () => {
    const model = create({ targets: 0, misses: 2, entries: 4 });
    model.train(1, 100, 1);
    model.train(1, 200, 1);
    for (const pc of [2, 3]) model.train(pc, 500, 1);
    model.train(1, 200, 1);
    expect([1, 2, 3].map((pc) => model.predict(pc, NONE))).toEqual([200, 500, 500]);
    const unmarked = create({ targets: 0, misses: 2, entries: 4 });
    for (const pc of [1, 2, 3]) unmarked.train(pc, 100, 1);
    unmarked.train(1, 200, 1);
    expect(unmarked.predict(1, NONE)).toBe(100);
  });

  it("counts tag, target and LRU rank of every entry, and the register with the path", () => {
    expect(twoLevel.storageBits(valuesOf(twoLevel))).toBe(4096 * (22 + 32 + 2) + 24);
    expect(twoLevel.storageBits(valuesOf(twoLevel, { misses: 2 }))).toBe(4096 * (22 + 32 + 1 + 2) + 24);
    expect(twoLevel.storageBits(valuesOf(twoLevel, { packing: "interleaved", key: "concatenated" }))).toBe(4096 * (32 + 32 + 2) + 24);
    expect(twoLevel.storageBits(valuesOf(twoLevel, { targets: 0, packing: "interleaved", key: "concatenated" }))).toBe(
      4096 * (22 + 32 + 2),
    );
    expect(twoLevel.storageBits(valuesOf(twoLevel, { targets: 0, entries: 256, ways: 1, tagBits: 0 }))).toBe(256 * 32);
  });

  it("refuses more ways than entries, several ways without tags, and a size for what is unbounded", () => {
    expect(twoLevel.check?.(valuesOf(twoLevel, { entries: 2 }))).toBe("ways must be at most entries (2), got 4");
    expect(twoLevel.check?.(valuesOf(twoLevel, { tagBits: 0 }))).toBe("tagBits=0 needs ways=1 (no tag distinguishes the ways), got ways=4");
    expect(twoLevel.check?.(valuesOf(twoLevel, { unbounded: true, entries: 64 }))).toBe("unbounded excludes entries, ways and tagBits");
    expect(twoLevel.check?.(valuesOf(twoLevel, { unbounded: true, packing: "interleaved" }))).toContain("packing=interleaved");
    expect(twoLevel.check?.(valuesOf(twoLevel, { key: "concatenated" }))).toContain("key=concatenated needs a packing");
    expect(twoLevel.check?.(valuesOf(twoLevel, { skipBits: 2 }))).toContain("skipBits=2 needs a packing");
  });
});

describe("Driesen and Hölzle's packing", () => {
  /** Of a path of three targets and with a table of 2^20 untagged entries, the place that branch 0 has. */
  function placeAfter(path: readonly number[], changed: object, pc = 0): number {
    const model = create({ targets: 3, entries: 2 ** 20, ways: 1, tagBits: 0, ...changed });
    for (const target of path) model.track?.(8, target, 1, INDIRECT_JUMP, 10);
    model.train(pc, 500, 1);
    for (let i = 0; i < 3; i++) model.track?.(8, 0, 1, INDIRECT_JUMP, 10);
    for (let place = 0; place < 2 ** 20; place++) if (model.predict(place, NONE) === 500) return place;
    return NONE;
  }

  // Three targets, eight bits of each; only the lowest two are set here: 01, then 10, then 11, the newest.
  const path = [0b01, 0b10, 0b11];

  it("concatenates the low bits of the targets, the newest lowest", () => {
    expect(placeAfter(path, { packing: "concatenated" })).toBe(0b0001_00000010_00000011 | (0b01 << 16));
  });

  it("interleaves them: the lowest bits of all targets are the lowest bits, in straight or in reverse order", () => {
    expect(placeAfter(path, { packing: "interleaved" })).toBe(0b011_101); // second bits of oldest … newest, first bits
    expect(placeAfter(path, { packing: "reverse-interleaved" })).toBe(0b110_101);
    expect(placeAfter([0, ...path], { packing: "interleaved" })).toBe(0b011_101);
    expect(placeAfter([3, 3, ...path], { packing: "reverse-interleaved" })).toBe(0b110_101);
  });

  it("takes the bits above the alignment", () => {
    const aligned = path.map((target) => (target << 4) | 15);
    expect(placeAfter(aligned, { packing: "reverse-interleaved", skipBits: 4 })).toBe(0b110_101);
  });

  it("xors the address into the pattern, or leaves the pattern alone to select the set", () => {
    expect(placeAfter(path, { packing: "interleaved" }, 0b1111)).toBe(0b011_101 ^ 0b1111);
    const model = create({ packing: "interleaved", key: "concatenated", entries: 4, ways: 1 });
    model.train(0, 100, 1);
    model.train(0x4_0001, 200, 1); // the same set: the pattern is 0 for both; the tag tells them apart
    expect([0, 0x4_0001].map((pc) => model.predict(pc, NONE))).toEqual([NONE, 200]);
  });

  it.each(["concatenated", "interleaved", "reverse-interleaved"] as const)(
    "%s, loses nothing of short targets: like the unbounded form",
    (packing) => {
      for (const key of ["xor", "concatenated"] as const) {
        for (const targets of [0, 1, 2, 3, 5]) {
          const random = seeded(targets + 2);
          // Targets from 1 to 3, so that a young path, filled with zeros, is like no other; the address is above 24 bits.
          const branches = branchesOf(
            INDIRECT_JUMP,
            Array.from({ length: 3000 }, () => [(1 + random(2)) << (key === "xor" ? 24 : 3), 1 + random(3)] as const),
          );
          const packed = missesOf(twoLevel, { targets, packing, key, entries: 2 ** 12, ways: 64 }, branches);
          const exact = missesOf(twoLevel, { targets, unbounded: true }, branches);
          if (targets <= 5) expect(packed).toEqual(exact);
          else expect(sum(packed)).toBeGreaterThan(1000);
        }
      }
    },
  );
});
