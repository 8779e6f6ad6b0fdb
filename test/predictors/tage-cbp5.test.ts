import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readSbbt } from "../../dist/bench/read-sbbt.js";
import tageCbp5 from "../../dist/predictors/tage-cbp5.js";
import tageScL from "../../dist/predictors/tage-sc-l.js";
import { missesOf, sum, valuesOf } from "./replay.ts";

it("has as many bits as the author's code counts for this part: 463,917", () => {
  expect(tageCbp5.storageBits(valuesOf(tageCbp5))).toBe(463_917);
});

/** Mispredictions of the author's code without loop predictor and corrector, run on the traces; and ours. */
const MISSES: Record<string, readonly [author: number, here: number]> = {
  "ocamlrun-kb": [1622, 1609],
  "switch-gcc-r": [5490, 5481],
  "call-gcc-fib": [37, 62],
};

describe.each(Object.keys(MISSES))("on the recorded trace %s", (name) => {
  const trace = readSbbt(fileURLToPath(new URL(`../data/truth/${name}.sbbt.gz`, import.meta.url)));
  const misses = missesOf(tageCbp5, {}, trace);
  const [author, here] = MISSES[name];

  it("mispredicts as often as the author's code, within 1 % and 25", () => {
    expect(Math.abs(sum(misses) - author)).toBeLessThanOrEqual(0.01 * author + 25);
    expect(sum(misses)).toBe(here);
  });

  it("is TAGE-SC-L without its other two parts, branch by branch", () => {
    expect(misses).toEqual(missesOf(tageScL, { loop: "off", corrector: "off" }, trace));
  });
});
