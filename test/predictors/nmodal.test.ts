import { describe, expect, it } from "vitest";
import bimodal from "../../dist/predictors/bimodal.js";
import nmodal from "../../dist/predictors/nmodal.js";
import { MIXED } from "./directions.ts";
import { Counters, itIsWhatThePaperSays, low } from "./naive-directions.ts";
import { conditionalsOf, missesOf, valuesOf } from "./replay.ts";

describe("n-modal", () => {
  itIsWhatThePaperSays(nmodal, { entries: 64, counterBits: 4 }, () => {
    const counters = new Counters(7, 15);
    return {
      predict: (pc) => counters.taken(low(pc, 64)),
      train: (pc, taken) => counters.move(low(pc, 64), taken),
      track() {},
    };
  });

  it("of two bits is bimodal, wherever counters start", () => {
    expect(missesOf(nmodal, { entries: 64, counterBits: 2 }, MIXED)).toEqual(missesOf(bimodal, { entries: 64 }, MIXED));
    expect(missesOf(nmodal, { entries: 64, counterBits: 2, start: "taken" }, MIXED)).toEqual(
      missesOf(bimodal, { entries: 64, initial: 2 }, MIXED),
    );
  });

  it("of three bits changes its mind after four others, of one bit after one", () => {
    const turn = conditionalsOf([...Array(20).fill([64, 1]), ...Array(6).fill([64, 0])]);
    expect(missesOf(nmodal, {}, turn).slice(20)).toEqual([1, 1, 1, 1, 0, 0]);
    expect(missesOf(nmodal, { counterBits: 1 }, turn).slice(20)).toEqual([1, 0, 0, 0, 0, 0]);
  });

  it("needs 48 KB by default", () => {
    expect(nmodal.storageBits(valuesOf(nmodal))).toBe(48 * 8192);
  });
});
