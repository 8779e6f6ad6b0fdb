// Its counts stand beside MBPlib's in references.test.ts; here is what no count shows.
import { describe, expect, it } from "vitest";
import batage from "../../dist/predictors/batage.js";
import bimodal from "../../dist/predictors/bimodal.js";
import { conditionalsOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

describe("BATAGE", () => {
  it("learns a loop of 60 rounds exactly", () => {
    const rounds = Array.from({ length: 60 * 100 }, (_, i) => [0x50, i % 60 === 59 ? 0 : 1] as const);
    expect(sum(missesOf(batage, {}, conditionalsOf(rounds)).slice(-3000))).toBe(0);
  });

  it("is hardly led astray by outcomes that no history tells: it answers with what it is surest of", () => {
    const random = seeded(31);
    const pairs = Array.from({ length: 20_000 }, () => [0x50, random(10) === 0 ? 0 : 1] as const);
    const late = (misses: number[]) => sum(misses.slice(-10_000)) / 10_000;
    expect(late(missesOf(batage, {}, conditionalsOf(pairs)))).toBeLessThan(0.115); // a tenth cannot be known
    expect(late(missesOf(bimodal, {}, conditionalsOf(pairs)))).toBeLessThan(0.115);
  });

  it("needs two counters of three bits and a tag an entry", () => {
    const tagged = 1024 * (2 * 7 + 2 * 8 + 9 + 2 * 11 + 3 * 12 + 2 * 13) + 512 * 3 * 17;
    expect(batage.storageBits(valuesOf(batage))).toBe(2 ** 14 * 6 + tagged + 6 * (12 * 1024 + 3 * 512));
  });
});
