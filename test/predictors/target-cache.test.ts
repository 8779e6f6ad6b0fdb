import { describe, expect, it } from "vitest";
import btb from "../../dist/predictors/btb.js";
import targetCache from "../../dist/predictors/target-cache.js";
import { CALL, CONDITIONAL, INDIRECT_CALL, INDIRECT_JUMP, JUMP, NONE, RETURN } from "../../dist/src/branch.js";
import { branchesOf, missesOf, seeded, sum, tracksOf, valuesOf } from "./replay.ts";

type Changed = Partial<Parameters<typeof targetCache.create>[0]>;
const create = (changed: Changed = {}) => targetCache.create(valuesOf(targetCache, changed));

const branch = (model: ReturnType<typeof create>, taken: number, target = 0x9000, kind = CONDITIONAL) =>
  model.track?.(0x8000, target, taken, kind, 0x8002);

function outcomes(model: ReturnType<typeof create>, bits: string): void {
  for (const bit of bits) branch(model, Number(bit));
}

/** The switch of A B A GOTO: bodies 16 bytes apart, so that bits 4 and 5 tell them apart. */
const A = 0x4000;
const B = 0x4010;
const GOTO = 0x4020;
const loop = branchesOf(
  INDIRECT_JUMP,
  Array.from({ length: 200 }, (_, i) => [0x2000, [A, B, A, GOTO][i % 4]] as const),
);

describe("a target cache", () => {
  // One target of path: after A come B and GOTO by turns, both wrong; A is always right. Two: everything is known.
  it("mispredicts A B A GOTO twice an iteration with a path of one target, never with two", () => {
    const late = (changed: Changed) => sum(missesOf(targetCache, { history: "path", skipBits: 4, ...changed }, loop).slice(-40)) / 10;
    for (const form of [{}, { ways: 4, tagBits: 32 }, { unbounded: true }] as const) {
      expect(late({ ...form, targetBits: 2, historyBits: 2 })).toBe(2);
      expect(late({ ...form, targetBits: 2, historyBits: 4 })).toBe(0);
      expect(late({ ...form, targetBits: 2, historyBits: 0 })).toBe(4);
    }
  });

  it("tells the targets of a jump apart by the outcomes of the conditionals before it, the newest in bit 0", () => {
    const model = create({ historyBits: 2 });
    for (const [bits, target] of [
      ["00", 100],
      ["01", 200],
      ["10", 300],
      ["11", 400],
    ] as const) {
      outcomes(model, bits);
      expect(model.predict(64, NONE)).toBe(NONE);
      model.train(64, target, 1);
    }
    outcomes(model, "0110");
    expect(model.predict(64, NONE)).toBe(300);
    // Without tags, 64 after 10 is the same entry as 66 after 00 and as 64 + 512 after 10.
    expect(model.predict(64 + 512, NONE)).toBe(300);
    outcomes(model, "11");
    expect(model.predict(67, NONE)).toBe(100);
    outcomes(model, "00");
    expect(model.predict(66, NONE)).toBe(300);
  });

  it("forgets outcomes older than the history is long", () => {
    const model = create({ historyBits: 9 });
    outcomes(model, "1101010101");
    model.train(64, 100, 1);
    outcomes(model, "0101010101");
    expect(model.predict(64, NONE)).toBe(100);
    outcomes(model, "001010101");
    expect(model.predict(64, NONE)).toBe(NONE);
  });

  it("shifts into the path the bits of a target above those that it skips", () => {
    const model = create({ history: "path", historyBits: 6, targetBits: 3, skipBits: 2 });
    branch(model, 1, 0b10100, INDIRECT_JUMP); // 101
    branch(model, 1, 0b101111, INDIRECT_JUMP); // 011
    model.train(0, 100, 1); // entry 101011
    const other = create({ historyBits: 6 });
    outcomes(other, "101011");
    other.train(0, 100, 1);
    branch(model, 1, 0, INDIRECT_JUMP);
    branch(model, 1, 0, INDIRECT_JUMP);
    outcomes(other, "000000");
    for (let pc = 0; pc < 512; pc++) expect(model.predict(pc, NONE)).toBe(pc === 0b101011 ? 100 : NONE);
    for (let pc = 0; pc < 512; pc++) expect(other.predict(pc, NONE)).toBe(pc === 0b101011 ? 100 : NONE);
  });

  it("asks only for the branches that its history is made of", () => {
    const tracks = (changed: Changed) => tracksOf(targetCache, valuesOf(targetCache, changed));
    expect(tracks({})).toBe(CONDITIONAL);
    expect(tracks({ history: "path" })).toBe(INDIRECT_JUMP | INDIRECT_CALL);
    expect(tracks({ history: "path", path: "calls" })).toBe(CALL | INDIRECT_CALL | RETURN);
    expect(tracks({ history: "path", path: "conditional" })).toBe(CONDITIONAL);
    expect(tracks({ history: "path", path: "all" }) & JUMP).toBe(JUMP);
  });

  it("leaves conditionals that fall through out of the path", () => {
    const model = create({ history: "path", path: "all", historyBits: 3 });
    branch(model, 1, 0b10100);
    model.train(64, 100, 1);
    branch(model, 0, 0b01000);
    expect(model.predict(64, NONE)).toBe(100);
  });

  it("with tags predicts nothing for a branch that it has not met, and keeps as many as it has ways", () => {
    const model = create({ historyBits: 0, entries: 4, ways: 4, tagBits: 32 });
    for (const pc of [1, 2, 3, 4]) model.train(pc, 100 * pc, 1);
    model.train(1, 111, 1);
    model.train(5, 500, 1); // over 2, the least recently used
    expect([1, 2, 3, 4, 5].map((pc) => model.predict(pc, NONE))).toEqual([111, NONE, 300, 400, 500]);
  });

  // GAs(8,1): 512 entries, eight outcomes below one bit of the address. Addresses that differ elsewhere are one.
  it("concatenated, has a table of histories for every value of the address bits above them", () => {
    const model = create({ historyBits: 8, indexing: "concatenated" });
    outcomes(model, "11110000");
    model.train(1, 100, 1);
    expect([0, 1, 2, 3].map((pc) => model.predict(pc, NONE))).toEqual([NONE, 100, NONE, 100]);
    const gag = create({ historyBits: 9, indexing: "concatenated" });
    outcomes(gag, "111100001");
    gag.train(1, 100, 1);
    expect([0, 1, 2, 3].map((pc) => gag.predict(pc, NONE))).toEqual([100, 100, 100, 100]);
  });

  it.each(["xor", "concatenated", "address"] as const)(
    "tagged, %s, confuses no addresses and histories where tags hold both",
    (indexing) => {
      for (const historyBits of [0, 3, indexing === "address" ? 6 : 12]) {
        for (const history of ["pattern", "path"] as const) {
          const bounded = create({ history, historyBits, entries: 2 ** 16, ways: 64, tagBits: 32, indexing });
          const exact = create({ history, historyBits, unbounded: true });
          const random = seeded(5);
          for (let i = 0; i < 5000; i++) {
            const pc = 0x401000 + (random(4) << (indexing === "address" ? 0 : 16));
            const target = 0x5000 + 4 * random(3);
            expect(bounded.predict(pc, NONE)).toBe(exact.predict(pc, NONE));
            for (const model of [bounded, exact]) model.train(pc, target, 1);
            const [bit, next] = [random(2), 4 * random(2)];
            for (const model of [bounded, exact]) branch(model, history === "path" ? 1 : bit, next);
          }
        }
      }
    },
  );

  it("unbounded and without a history is a BTB", () => {
    const random = seeded(9);
    const branches = branchesOf(
      INDIRECT_JUMP,
      Array.from({ length: 3000 }, () => [16 * random(40), 1000 + random(2)] as const),
    );
    expect(missesOf(targetCache, { historyBits: 0, unbounded: true }, branches)).toEqual(missesOf(btb, { unbounded: true }, branches));
  });

  it("counts targets, tags, LRU ranks and the history", () => {
    const bits = (changed: Changed) => targetCache.storageBits(valuesOf(targetCache, changed));
    expect(bits({})).toBe(512 * 32 + 9);
    expect(bits({ entries: 256, ways: 4, tagBits: 32 })).toBe(256 * (32 - 6 + 32 + 2) + 9);
    expect(bits({ entries: 256, ways: 4, tagBits: 32, indexing: "concatenated", historyBits: 4 })).toBe(256 * (30 + 32 + 2) + 4);
    expect(bits({ entries: 4, tagBits: 32, indexing: "address", historyBits: 31 })).toBe(4 * (31 + 32) + 31);
    expect(bits({ unbounded: true })).toBe(Number.POSITIVE_INFINITY);
  });

  it("refuses what cannot be told apart, and a size for what is unbounded", () => {
    const refusal = (changed: Changed) => targetCache.check?.(valuesOf(targetCache, changed));
    expect(refusal({ ways: 4 })).toBe("ways=4 needs tagBits (to distinguish the ways), got tagBits=0");
    expect(refusal({ indexing: "address" })).toContain("indexing=address needs tagBits");
    expect(refusal({ entries: 2, ways: 4, tagBits: 8 })).toBe("ways must be at most entries (2), got 4");
    expect(refusal({ unbounded: true, entries: 64 })).toContain("unbounded excludes");
  });
});
