import { describe, expect, it } from "vitest";
import bimodal from "../../dist/predictors/bimodal.js";
import gshare from "../../dist/predictors/gshare.js";
import { ALL_KINDS, CONDITIONAL, INDIRECT_JUMP, JUMP, NONE } from "../../dist/src/branch.js";
import { type Branches, conditionalsOf, missesOf, seeded, sum, tracksOf, valuesOf } from "./replay.ts";

const create = (changed = {}) => gshare.create(valuesOf(gshare, changed));

/** Lets a model see outcomes, the oldest first, without training it. */
function see(model: ReturnType<typeof create>, outcomes: readonly number[]): void {
  for (const taken of outcomes) model.track?.(0, 0, taken, CONDITIONAL, 2);
}

describe("gshare", () => {
  it("indexes with the address xor the history, the newest outcome in bit 0", () => {
    const model = create();
    see(model, [1, 0, 1, 1]); // history 1011
    model.train(0x50, 0, 1);
    model.train(0x50, 0, 1);
    // The same counter: 0x50 ^ 0b1011 = 0x5b.
    expect(model.predict(0x50, NONE)).toBe(1);
    see(model, Array(16).fill(0));
    expect(model.predict(0x5b, NONE)).toBe(1);
    expect(model.predict(0x50, NONE)).toBe(0);
    see(model, [1]);
    expect(model.predict(0x5a, NONE)).toBe(1);
  });

  it("moves its history when it tracks, not when it trains", () => {
    const model = create();
    model.train(0x50, 0, 1);
    model.train(0x50, 0, 1);
    expect(model.predict(0x50, NONE)).toBe(1);
    see(model, [1]);
    expect(model.predict(0x50, NONE)).toBe(0);
    expect(model.predict(0x51, NONE)).toBe(1);
  });

  it("forgets an outcome that is older than the history is long", () => {
    const model = create({ historyBits: 3 });
    see(model, [1, 0, 0]);
    model.train(0x50, 0, 1);
    model.train(0x50, 0, 1);
    see(model, [1, 1, 0, 0]);
    expect(model.predict(0x50, NONE)).toBe(1);
    see(model, [0]); // and now the third last as well
    expect(model.predict(0x50, NONE)).toBe(0);
    expect(model.predict(0x54, NONE)).toBe(1);
  });

  it("learns a branch that alternates, and one that repeats another's outcome, which bimodal cannot", () => {
    const random = seeded(9);
    const pairs: [number, number][] = [];
    for (let i = 0; i < 2000; i++) {
      const outcome = random(2);
      pairs.push([64, outcome], [128, outcome], [192, i & 1]);
    }
    const notFirst = (misses: number[]) => sum(misses.filter((_, i) => i % 3 !== 0 && i > 3000));
    expect(notFirst(missesOf(gshare, { historyBits: 6 }, conditionalsOf(pairs)))).toBeLessThan(20);
    expect(notFirst(missesOf(bimodal, {}, conditionalsOf(pairs)))).toBeGreaterThan(500);
  });

  it("without history is bimodal", () => {
    const random = seeded(10);
    const branches = conditionalsOf(Array.from({ length: 3000 }, () => [random(300), random(4) ? 1 : 0] as const));
    expect(missesOf(gshare, { historyBits: 0, entries: 128 }, branches)).toEqual(missesOf(bimodal, { entries: 128 }, branches));
  });

  it("asks for conditionals alone, or with history=all for every branch, and takes each for an outcome", () => {
    expect(tracksOf(gshare, valuesOf(gshare))).toBe(CONDITIONAL);
    expect(tracksOf(gshare, valuesOf(gshare, { history: "all" }))).toBe(ALL_KINDS);
    const model = create({ history: "all" });
    model.track?.(0, 64, 1, JUMP, 2);
    see(model, [0]); // history 10
    model.train(0x50, 0, 1);
    model.train(0x50, 0, 1);
    expect(model.predict(0x50, NONE)).toBe(1);
    model.track?.(0, 64, 1, INDIRECT_JUMP, 2); // history 101
    expect(model.predict(0x50, NONE)).toBe(0);
    expect(model.predict(0x57, NONE)).toBe(1);
  });

  /** Counts of mispredictions of a gshare whose index is computed from a list of outcomes each time, in 64 bits. */
  function naiveMisses(branches: Branches, of: { entries: number; historyBits: number; align: string; address: string; initial: number }) {
    const width = BigInt(Math.log2(of.entries));
    const fold = (value: bigint): bigint => (value === 0n ? 0n : (value & ((1n << width) - 1n)) ^ fold(value >> width));
    const counters = new Map<bigint, number>();
    const length = BigInt(of.historyBits);
    let history = 0n;
    let misses = 0;
    for (let i = 0; i < branches.count; i++) {
      const pc = BigInt(branches.pcs[i] >>> 0);
      const shift = of.align === "high" && length % width > 0n ? width - (length % width) : 0n;
      const index = (of.address === "low" ? pc & ((1n << width) - 1n) : fold(pc)) ^ fold(history << shift);
      const counter = counters.get(index) ?? of.initial;
      if (counter >> 1 !== branches.taken[i]) misses++;
      counters.set(index, branches.taken[i] ? Math.min(3, counter + 1) : Math.max(0, counter - 1));
      history = ((history << 1n) | BigInt(branches.taken[i])) & ((1n << length) - 1n);
    }
    return misses;
  }

  it("folds a history that is longer than an index, of up to 64 bits, as a naive implementation does", () => {
    const random = seeded(11);
    const pcs = Array.from({ length: 30 }, () => random(2 ** 32));
    const outcomes: number[] = [];
    for (let i = 0; i < 6000; i++) outcomes.push(i > 70 && random(8) > 0 ? outcomes[i - 63] ^ outcomes[i - 5] : random(2));
    const branches = conditionalsOf(outcomes.map((taken, i) => [pcs[(i * 7) % 29], taken] as const));
    for (const historyBits of [1, 6, 9, 10, 11, 31, 32, 33, 45, 63, 64]) {
      for (const align of ["low", "high"] as const) {
        for (const address of ["low", "folded"] as const) {
          const form = { entries: 1024, historyBits, align, address, initial: align === "low" ? 1 : 2 };
          expect([form, sum(missesOf(gshare, form, branches))]).toEqual([form, naiveMisses(branches, form)]);
        }
      }
    }
    // and the length matters: what the outcomes hang on is 63 back
    expect(naiveMisses(branches, { entries: 2 ** 24, historyBits: 63, align: "low", address: "low", initial: 1 })).not.toBe(
      naiveMisses(branches, { entries: 2 ** 24, historyBits: 24, align: "low", address: "low", initial: 1 }),
    );
  });

  it("needs two bits an entry and its history", () => {
    expect(gshare.storageBits(valuesOf(gshare))).toBe(131072 + 16);
  });
});
