import { describe, expect, it } from "vitest";
import yags from "../../dist/predictors/yags.js";
import { Counters, itIsWhatThePaperSays, low, type Naive, numberOf } from "./naive-directions.ts";
import { conditionalsOf, missesOf, sum, valuesOf } from "./replay.ts";

function naive(): Naive {
  let outcomes: boolean[] = [];
  const choice = new Counters(1);
  /** By what the branch mostly does. */
  const caches = new Map([
    [true, new Map<number, { tag: number; counter: number }>()],
    [false, new Map<number, { tag: number; counter: number }>()],
  ]);
  const look = (pc: number) => {
    const usual = choice.taken(low(pc, 32));
    const cache = caches.get(usual) ?? new Map();
    const row = low(pc, 16) ^ numberOf(outcomes, 4);
    const entry = cache.get(row);
    return { usual, cache, row, entry: entry?.tag === low(pc, 64) ? entry : undefined };
  };
  return {
    predict(pc) {
      const { usual, entry } = look(pc);
      return entry === undefined ? usual : entry.counter >= 2;
    },
    train(pc, taken) {
      const { usual, cache, row, entry } = look(pc);
      const saved = entry !== undefined && entry.counter >= 2 === taken && usual !== taken;
      if (entry !== undefined) entry.counter = Math.min(3, Math.max(0, entry.counter + (taken ? 1 : -1)));
      else if (usual !== taken) cache.set(row, { tag: low(pc, 64), counter: taken ? 2 : 1 });
      if (!saved) choice.move(low(pc, 32), taken);
    },
    track(_pc, taken) {
      outcomes = [taken, ...outcomes.slice(0, 8)];
    },
  };
}

describe("YAGS", () => {
  itIsWhatThePaperSays(yags, { choices: 32, entries: 16, tagBits: 6, historyBits: 4 }, naive);

  it("remembers the exception that ends a loop, and leaves bimodal as it is", () => {
    const rounds = Array.from({ length: 400 }, (_, i) => [64, i % 5 === 4 ? 0 : 1] as const);
    expect(sum(missesOf(yags, {}, conditionalsOf(rounds)).slice(-200))).toBe(0);
  });

  it("needs two bits a counter, and a tag and two bits an exception", () => {
    expect(yags.storageBits(valuesOf(yags))).toBe(2 * 65536 + 2 * 16384 * 10 + 14);
    expect(yags.check?.(valuesOf(yags, { entries: 16, historyBits: 5 }))).toMatch(/^historyBits must be at most/);
  });
});
