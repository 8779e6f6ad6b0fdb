import { describe, expect, it } from "vitest";
import llbp from "../../dist/predictors/llbp.js";
import tageScL from "../../dist/predictors/tage-sc-l.js";
import { createPatternSets, PATTERN } from "../../dist/src/models/pattern-sets.js";
import { createRankedSets } from "../../dist/src/models/ranked-sets.js";
import { seeded, valuesOf } from "./replay.ts";

it("has TAGE-SC-L of 64 KB, 504 KB of patterns, their contexts and the buffer", () => {
  const patterns = 14336 * 16 * 18;
  const contexts = 14336 * 6 + 16 * 14;
  const buffer = 64 * (16 * 18 + 14);
  expect(llbp.storageBits(valuesOf(llbp))).toBe(tageScL.storageBits(valuesOf(tageScL)) + patterns + contexts + buffer);
});

it("keeps the entries of a set as a sorted list would", () => {
  const WAYS = 5;
  const worths = new Uint8Array(2 * WAYS);
  const sets = createRankedSets(2, WAYS, (entry) => worths[entry]);
  const lists: { key: number; worth: number }[][] = [[], []];
  const random = seeded(5);
  for (let i = 0; i < 3000; i++) {
    const [set, key] = [random(2), random(12)];
    const list = lists[set];
    const known = list.find((item) => item.key === key);
    const entry = sets.find(set, key);
    expect(entry >= 0).toBe(known !== undefined);
    const worth = random(4);
    if (known !== undefined) {
      worths[entry] = worth;
      known.worth = worth;
      continue;
    }
    list.sort((a, b) => b.worth - a.worth);
    if (list.length === WAYS) list.pop();
    list.unshift({ key, worth });
    worths[sets.insert(set, key)] = worth;
    if (i % 500 === 499) {
      sets.clear(set);
      lists[set] = [];
    }
  }
});

describe("a pattern", () => {
  const SITE = 0x4010;
  const enter = (patterns: ReturnType<typeof createPatternSets>, from: number): void => {
    for (let i = 0; i < 16; i++) patterns.enter(from + 4 * i);
  };
  const lengths = Array.from({ length: 18 }, (_, i) => 6 + 4 * i);

  it("answers in the context in which it was made, and in no other", () => {
    const patterns = createPatternSets(lengths);
    enter(patterns, 0x1000);
    patterns.look(SITE);
    patterns.allocate(20, 1);
    patterns.look(SITE);
    expect([...patterns.match]).toEqual([20, 1, 0]);
    enter(patterns, 0x7770);
    patterns.look(SITE);
    expect(patterns.match[PATTERN.TABLE]).toBe(0);
    enter(patterns, 0x1000);
    patterns.look(SITE);
    expect(patterns.match[PATTERN.TABLE]).toBe(20);
  });

  it("of the longest history answers, and becomes sure by being right", () => {
    const patterns = createPatternSets(lengths);
    patterns.look(SITE);
    patterns.allocate(10, 1);
    patterns.allocate(28, 0);
    for (let i = 0; i < 5; i++) {
      patterns.look(SITE);
      expect([...patterns.match]).toEqual([28, 0, Math.min(i, 3)]);
      patterns.train(0);
    }
  });

  it("that was replaced since it was looked up is not trained, nor is the one in its place", () => {
    const patterns = createPatternSets(lengths);
    patterns.look(SITE);
    patterns.allocate(14, 1);
    patterns.look(SITE + 1);
    for (const table of [6, 10, 13]) patterns.allocate(table, 1); // the bucket is full
    patterns.look(SITE);
    expect(patterns.match[PATTERN.TABLE]).toBe(14);
    patterns.allocate(6, 1); // takes its place
    patterns.train(0);
    patterns.look(SITE);
    expect([...patterns.match]).toEqual([6, 1, 0]);
  });

  it("is made only for the sixteen history lengths that have patterns", () => {
    const patterns = createPatternSets(lengths);
    patterns.look(SITE);
    patterns.allocate(9, 1);
    patterns.look(SITE);
    expect(patterns.match[PATTERN.TABLE]).toBe(0);
  });
});
