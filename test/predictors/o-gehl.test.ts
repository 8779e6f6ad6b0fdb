import { describe, expect, it } from "vitest";
import oGehl from "../../dist/predictors/o-gehl.js";
import { itIsWhatThePaperSays, low, type Naive } from "./naive-directions.ts";
import { conditionalsOf, missesOf, seeded, sum, valuesOf } from "./replay.ts";

/** The paper's pseudo-code, with the hash that its file states. */
function naive(): Naive {
  const outcomes: boolean[] = [];
  const lengths = { short: [0, 3, 5, 8, 12, 19, 31, 49], long: [0, 3, 79, 8, 125, 19, 200, 49] };
  const counters = Array.from({ length: 8 }, () => new Map<number, number>());
  const tags = new Map<number, number>();
  let [mode, threshold, tc, ac]: ["short" | "long", number, number, number] = ["short", 8, 0, 0];
  const row = (pc: number, table: number) => {
    let fold = 0;
    outcomes.slice(0, lengths[mode][table]).forEach((taken, age) => {
      if (taken) fold ^= 2 ** (age % 31);
    });
    const key = Math.imul(fold ^ Math.imul(pc, 0x85ebca6b), 0x9e3779b1) >>> 0;
    return Math.floor(key / 2 ** (table === 1 ? 22 : 21));
  };
  const sum = (pc: number) => counters.reduce((total, counter, table) => total + (counter.get(row(pc, table)) ?? 0), 4);
  return {
    predict: (pc) => sum(pc) >= 0,
    train(pc, taken) {
      const s = sum(pc);
      const wrong = s >= 0 !== taken;
      if (!wrong && Math.abs(s) >= threshold) return;
      const last = row(pc, 7);
      counters.forEach((counter, table) => {
        const top = table < 2 ? 15 : 7;
        const at = row(pc, table);
        counter.set(at, Math.max(-top - 1, Math.min(top, (counter.get(at) ?? 0) + (taken ? 1 : -1))));
      });
      const unclear = Math.abs(s) < threshold;
      tc += wrong ? 1 : -1;
      if (tc === 63) [threshold, tc] = [threshold + 1, 0];
      if (tc === -64) [threshold, tc] = [threshold - 1, 0];
      if (!wrong || !unclear) return;
      ac = low(pc, 2) === (tags.get(last % 1024) ?? 0) ? Math.min(ac + 1, 255) : Math.max(ac - 4, -256);
      if (ac === 255) mode = "long";
      if (ac === -256) mode = "short";
      tags.set(last % 1024, low(pc, 2));
    },
    track(_pc, taken) {
      outcomes.unshift(taken);
      outcomes.length = Math.min(outcomes.length, 200);
    },
  };
}

describe("O-GEHL", () => {
  itIsWhatThePaperSays(oGehl, {}, naive);

  it("turns to long histories where branches do not crowd its last table, and looks back 60 outcomes", () => {
    const random = seeded(17);
    const pairs: [number, number][] = [];
    for (let k = 0; k < 2000; k++) {
      const cause = random(2);
      pairs.push([0x40, cause]);
      for (let i = 0; i < 60; i++) pairs.push([0x80, 1]);
      pairs.push([0xc0, cause]);
    }
    const misses = missesOf(oGehl, {}, conditionalsOf(pairs)).filter((_, i) => i % 62 === 61);
    expect(sum(misses.slice(0, 200))).toBeGreaterThan(60); // 49 outcomes are not enough
    expect(sum(misses.slice(-200))).toBeLessThan(20);
  });

  it("needs exactly 64 Kbit", () => {
    expect(oGehl.storageBits(valuesOf(oGehl))).toBe(65536);
  });
});
