import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readSbbt } from "../../dist/bench/read-sbbt.js";
import lTage from "../../dist/predictors/l-tage.js";
import tage from "../../dist/predictors/tage.js";
import { answersOf, conditionalsOf, missesOf, sum, valuesOf } from "./replay.ts";

/** Loops with so many rounds each: the branch is taken in all of them but the last. */
const loopsOf = (rounds: readonly number[], pc = 0x50) =>
  conditionalsOf(rounds.flatMap((n) => Array.from({ length: n }, (_, i) => [pc, i < n - 1 ? 1 : 0] as const)));

/** What the model says at each loop's end. */
function answersAtEnds(rounds: readonly number[]): unknown[] {
  const answers = answersOf(lTage, valuesOf(lTage), loopsOf(rounds));
  let end = -1;
  return rounds.map((n) => {
    end += n;
    return answers[end];
  });
}

describe("the loops of L-TAGE, by hand", () => {
  // More rounds than TAGE's history is long. The first end tells the rounds, three more make sure of them. At the fifth
  // the loop is right and TAGE is wrong, which lets loops be believed: USE_LOOPS rises from -1 to 0.
  it("foresee the sixth end of a loop of a thousand rounds, and every one after it", () => {
    expect(answersAtEnds(Array(8).fill(1000))).toEqual([1, 1, 1, 1, 1, 0, 0, 0]);
  });

  it("forget a loop that ends early, and know its new rounds four ends later", () => {
    const rounds = [...Array(6).fill(1000), ...Array(6).fill(800)];
    expect(answersAtEnds(rounds)).toEqual([1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0]);
  });

  it("count anew when a loop goes on for longer", () => {
    // The seventh loop is foreseen to end at its thousandth round and does not; the 700 rounds that are left of it are
    // taken for the whole, until the eighth passes them; its end tells the rounds, and three more make sure.
    const rounds = [...Array(6).fill(1000), 1700, ...Array(6).fill(1000)];
    expect(missesOf(lTage, {}, loopsOf(rounds))[6999]).toBe(1);
    expect(answersAtEnds(rounds).slice(6)).toEqual([1, 1, 1, 1, 1, 0, 0]);
  });

  it("give up an old loop only for the 256th newcomer to its set", () => {
    // One set of four. The first of four loops has made way for three when a fifth comes.
    const pcs = [0x50, 0x60, 0x70, 0x80];
    const learned = pcs.flatMap((pc) => Array.from({ length: 6000 }, (_, i) => [pc, i % 1000 === 999 ? 0 : 1] as const));
    const again = Array.from({ length: 1000 }, (_, i) => [0x50, i === 999 ? 0 : 1] as const);
    const lastAnswer = (newcomers: readonly (readonly [number, number])[]) =>
      answersOf(lTage, valuesOf(lTage, { loops: 4 }), conditionalsOf([...learned, ...newcomers, ...again])).at(-1);
    const newcomers = (count: number) => Array.from({ length: count }, () => [0x90, 1] as const);
    expect(lastAnswer(newcomers(252))).toBe(0);
    expect(lastAnswer(newcomers(253))).toBe(1);
  });

  it("leave loops of one or two rounds to TAGE", () => {
    const short = loopsOf(Array(500).fill(2));
    expect(sum(missesOf(lTage, {}, short).slice(-500))).toBe(0);
  });
});

describe("L-TAGE", () => {
  it("knows ends that TAGE alone does not", () => {
    const loop = loopsOf(Array(40).fill(1000));
    expect(sum(missesOf(lTage, {}, loop).slice(-20_000))).toBe(0);
    expect(sum(missesOf(tage, {}, loop).slice(-20_000))).toBeGreaterThanOrEqual(20);
  });

  it("fits 256 Kbit", () => {
    const base = 2 ** 14 + 2 ** 12; // four counters share their low bit
    const tables = 1024 * (12 + 12 + 16 + 17 + 17 + 18) + 2048 * (13 + 13 + 14 + 15) + 512 * (19 + 20);
    expect(lTage.storageBits(valuesOf(lTage))).toBe(base + tables + 256 * 52);
    expect(base + tables + 256 * 52).toBeLessThanOrEqual(256 * 1024);
    expect(lTage.storageBits(valuesOf(lTage, { kilobits: 64, loops: 64 }))).toBe((base + tables) / 4 + 64 * 52);
  });

  it("refuses a shortest history that is longer than the longest", () => {
    expect(lTage.check?.(valuesOf(lTage, { minHistory: 641 }))).toBe("minHistory must be at most maxHistory (640), got 641");
  });
});

const folder = new URL("../data/truth/", import.meta.url);
const expected = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8"));

/** Not a truth but a record: no other implementation has exactly these rules. It changes when a rule does. */
const MISSES: Record<string, number> = { "ocamlrun-kb": 1901, "switch-gcc-r": 5468, "call-gcc-fib": 49 };

describe.each(Object.keys(MISSES))("L-TAGE on the recorded trace %s", (name) => {
  const trace = readSbbt(fileURLToPath(new URL(`${name}.sbbt.gz`, folder)));
  const misses = sum(missesOf(lTage, {}, trace));

  it("mispredicts at most 1.15 times as often as a published TAGE of 64 KB, and 50 more", () => {
    expect(misses).toBeLessThanOrEqual(1.15 * expected[name].reference["conditional-64KB"].tage + 50);
  });

  it("mispredicts as often as when its rules were last changed", () => {
    expect(misses).toBe(MISSES[name]);
  });
});
