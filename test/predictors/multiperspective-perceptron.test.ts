// That it counts what its author's code counts is in references.test.ts; here are its parts, one by one.
import { describe, expect, it } from "vitest";
import multiperspective from "../../dist/predictors/multiperspective-perceptron.js";
import { CONDITIONAL, NONE } from "../../dist/src/branch.js";
import type { Feature } from "../../dist/src/models/multiperspective-features.js";
import { createMultiperspectiveHistories, hashedAddress } from "../../dist/src/models/multiperspective-histories.js";
import { MULTIPERSPECTIVE_SIZES } from "../../dist/src/models/multiperspective-sizes.js";
import { conditionalsOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

/** The branches that were pushed, the newest first. */
type Past = readonly { readonly pc: number; readonly taken: boolean; readonly backward: boolean; readonly conditional: boolean }[];

const random = seeded(11);
const PAST: Past = Array.from({ length: 500 }, () => ({
  pc: 0x400000 + 4 * random(5000),
  taken: random(3) > 0,
  backward: random(2) > 0,
  conditional: random(4) > 0,
}));

/** A feature's hash of this past; each branch is pushed before. */
function hashOf(feature: Feature, past: Past, pc = past[0].pc): number {
  const histories = createMultiperspectiveHistories([feature], 64);
  for (const branch of past.toReversed()) {
    if (branch.conditional) histories.pushConditional(branch.pc, branch.taken ? 1 : 0, branch.backward, true);
    else histories.pushOther(branch.pc);
  }
  return histories.hash(0, pc) >>> 0;
}

const address = (pc: number): bigint => BigInt((pc >>> 2) % 65536);
const bit = ({ pc, taken, conditional }: Past[number]): bigint => BigInt(conditional ? taken : Math.floor(pc / 4) % 2 === 0);
/** Older entries are added to the younger ones, which move left. */
const added = (values: readonly bigint[], shift: number): number =>
  Number(values.reduce((whole, value) => (whole << BigInt(shift)) + value, 0n) % 2n ** 32n);

const conditionals = PAST.filter(({ conditional }) => conditional);
const divisible = (modulus: number) => conditionals.filter(({ pc }) => hashedAddress(pc) % modulus === 0);
const NAIVE: readonly (readonly [Feature, number])[] = [
  [
    ["path", 13, 2],
    added(
      PAST.slice(0, 13).map(({ pc }) => address(pc)),
      2,
    ),
  ],
  [
    ["path and outcomes", 72, 1],
    added(
      PAST.slice(0, 72).map((branch) => address(branch.pc) * 2n + bit(branch)),
      1,
    ),
  ],
  [
    ["folded path and outcomes", 51, 4],
    PAST.slice(0, 51).reduce((folded, branch, age) => folded ^ (Number(((address(branch.pc) >> 4n) % 2n) ^ bit(branch)) << (age % 21)), 0),
  ],
  [
    ["modulo path", 5, 20, 1],
    added(
      divisible(5)
        .slice(0, 20)
        .map(({ pc }) => address(pc)),
      1,
    ),
  ],
  [
    ["modulo path and outcomes", 3, 5, 4],
    added(
      divisible(3)
        .slice(0, 5)
        .map((branch) => address(branch.pc) * 2n + bit(branch)),
      4,
    ),
  ],
  [
    ["modulo outcomes", 3, 16],
    divisible(3)
      .slice(0, 16)
      .reduce((bits, { taken }, age) => bits + (taken ? 2 ** age : 0), 0),
  ],
  [
    ["acyclic outcomes", 12],
    Array.from({ length: 12 }, (_, rest) => (conditionals.find(({ pc }) => hashedAddress(pc) % 12 === rest)?.taken ? 2 ** rest : 0)).reduce(
      (a, b) => a + b,
    ),
  ],
  [["recency", 10, 3], added([...new Set(conditionals.map(({ pc }) => address(pc)))].slice(0, 10), 3)],
  [["nothing"], 0],
];

describe("what the multiperspective perceptron knows of the past", () => {
  it.each(NAIVE)("is, as %j, what its definition says", (feature, expected) => {
    expect(hashOf(feature, PAST)).toBe(expected);
  });

  it("is of regions the last different ones", () => {
    const at = (pc: number) => ({ pc, taken: true, backward: false, conditional: true });
    expect(hashOf(["regions", 10, 3], [0x1400, 0x1000, 0x1004, 0x2000, 0x7000].map(at))).toBe(5 + 4 + 8);
  });

  it("is of outcomes the sum of words of 21", () => {
    const past = PAST.map((branch) => ({ ...branch, conditional: true }));
    const word = (from: number, to: number) => past.slice(from, to).reduce((bits, branch, i) => bits + Number(bit(branch)) * 2 ** i, 0);
    expect(hashOf(["outcomes", 21, 64], past)).toBe(Math.floor(word(21, 42) / 2 ** 11) + word(42, 63) + word(63, 64) * 2 ** 20);
  });

  it("is how often in a row backward branches were taken, and forward ones not", () => {
    const step = (taken: boolean, backward: boolean) => ({ pc: 64, taken, backward, conditional: true });
    const past = [step(false, false), step(true, true), step(true, true), step(false, false), step(true, false), step(false, true)];
    expect([hashOf(["taken backward"], past), hashOf(["not taken forward"], past)]).toEqual([2, 2]);
  });
});

describe("the multiperspective perceptron", () => {
  it("needs the budget of the championship, 2048 bits more than 64 and 8 KB, but for what equal shares leave", () => {
    const bits = (size: "64" | "8") => multiperspective.storageBits(valuesOf(multiperspective, { size }));
    expect([bits("64"), bits("8")]).toEqual([64 * 8192 + 2048 - 128, 8 * 8192 + 2048 - 60]);
    expect(new Set(MULTIPERSPECTIVE_SIZES[64].tables.map(({ entries }) => entries))).toContain(1931);
  });

  it("lets the filter answer for a branch that has gone one way only, from its second time on", () => {
    const model = multiperspective.create(valuesOf(multiperspective));
    for (let i = 0; i < 8; i++) {
      expect(model.predict(0x1000, NONE)).toBe(i === 0 ? 0 : 1);
      model.train(0x1000, 0x1100, 1);
    }
    expect(model.predict(0x1000, NONE)).toBe(1);
    model.track?.(0x1000, 0x1100, 1, CONDITIONAL, 0x1002);
  });

  // in 8 KB the table of local histories has 512 entries, in whose index only three outcomes are left
  it.each([
    ["64", 8],
    ["8", 4],
  ] as const)("learns, in %s KB, a loop of %i iterations and a branch that follows another", (size, rounds) => {
    const outcomes = seeded(3);
    const pairs: [number, number][] = [];
    for (let i = 0; i < 12_000; i++) {
      const outcome = outcomes(2);
      pairs.push([0x1040, (i + 1) % rounds === 0 ? 0 : 1], [0x1080, outcome], [0x10c4, outcome]);
    }
    const misses = missesOf(multiperspective, { size }, conditionalsOf(pairs)).slice(-6000);
    const late = (place: number) => sum(misses.filter((_, i) => i % 3 === place));
    expect(late(0)).toBeLessThan(200 / rounds); // of 2000 / rounds ends
    expect(late(2)).toBeLessThan(40); // of 2000
    expect(late(1)).toBeGreaterThan(800);
  });
});
