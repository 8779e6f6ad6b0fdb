import { describe, expect, it } from "vitest";
import biMode from "../../dist/predictors/bi-mode.js";
import gshare from "../../dist/predictors/gshare.js";
import { Counters, itIsWhatThePaperSays, low, numberOf } from "./naive-directions.ts";
import { conditionalsOf, missesOf, sum, valuesOf } from "./replay.ts";

describe("bi-mode", () => {
  const naive = (initial: Readonly<Record<"choice" | "taken" | "notTaken", number>>) => () => {
    let outcomes: boolean[] = [];
    const choice = new Counters(initial.choice);
    const banks = { taken: new Counters(initial.taken), notTaken: new Counters(initial.notTaken) };
    const bank = (pc: number) => (choice.taken(low(pc, 32)) ? banks.taken : banks.notTaken);
    const key = (pc: number) => low(pc, 64) ^ numberOf(outcomes, 5);
    return {
      predict: (pc: number) => bank(pc).taken(key(pc)),
      train(pc: number, taken: boolean) {
        const chosen = bank(pc);
        const right = chosen.taken(key(pc)) === taken;
        const choiceWrong = choice.taken(low(pc, 32)) !== taken;
        if (!(choiceWrong && right)) choice.move(low(pc, 32), taken);
        chosen.move(key(pc), taken);
      },
      track(_pc: number, taken: boolean) {
        outcomes = [taken, ...outcomes.slice(0, 8)];
      },
    };
  };
  const small = { entries: 64, choices: 32, historyBits: 5 };
  itIsWhatThePaperSays(biMode, small, naive({ choice: 1, taken: 2, notTaken: 1 }));
  itIsWhatThePaperSays(biMode, { ...small, start: "zero" }, naive({ choice: 0, taken: 0, notTaken: 0 }));

  it("keeps apart a branch that is taken and one that is not, which share a counter of gshare", () => {
    const pairs = Array.from({ length: 500 }, () => [[0x10, 1] as const, [0x50, 0] as const]).flat();
    const late = (misses: number[]) => sum(misses.slice(-100));
    expect(late(missesOf(gshare, { entries: 64, historyBits: 0 }, conditionalsOf(pairs)))).toBeGreaterThanOrEqual(50);
    expect(late(missesOf(biMode, { entries: 64, historyBits: 0 }, conditionalsOf(pairs)))).toBe(0);
  });

  it("needs 48 KB of counters and its history, which must fit into the index", () => {
    expect(biMode.storageBits(valuesOf(biMode))).toBe(48 * 8192 + 16);
    expect(biMode.check?.(valuesOf(biMode, { entries: 16, historyBits: 5 }))).toBe("historyBits must be at most log2(entries) (4), got 5");
  });
});
