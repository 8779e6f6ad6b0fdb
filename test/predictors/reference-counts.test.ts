// Conditional predictors of about 64 KB beside published C++ implementations of their families, on recorded traces. The
// figures are what those mispredict; their rules and ours differ in details, so they bound ours and do not equal them.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readSbbt } from "../../dist/bench/read-sbbt.js";
import bimodal from "../../dist/predictors/bimodal.js";
import gas from "../../dist/predictors/gas.js";
import gshare from "../../dist/predictors/gshare.js";
import hashedPerceptron from "../../dist/predictors/hashed-perceptron.js";
import tageScL from "../../dist/predictors/tage-sc-l.js";
import { type Branches, missesOf, sum } from "./replay.ts";

/** Mispredicted conditionals of published C++ implementations of 64 KB, as in `reference` of expected.json. */
const PUBLISHED: Record<string, Record<string, number>> = {
  "ocamlrun-kb": { bimodal: 10855, gshare: 4673, gas: 4943, "hashed-perceptron": 2063, "tage-sc-l": 1582 },
  "switch-gcc-r": { bimodal: 5538, gshare: 5542, gas: 5540, "hashed-perceptron": 5471, "tage-sc-l": 5496 },
  "call-gcc-fib": { bimodal: 6669, gshare: 6676, gas: 6670, "hashed-perceptron": 344, "tage-sc-l": 36 },
};

const bound = (count: number) => 1.15 * count + 50;

const KB64 = { entries: 2 ** 18, historyBits: 18 };

const MODELS: Record<string, (branches: Branches) => number> = {
  bimodal: (branches) => sum(missesOf(bimodal, { entries: 2 ** 18 }, branches)),
  // as the published one has it: 5538 on switch-gcc-r, where conditionals alone make it 7594
  gshare: (branches) => sum(missesOf(gshare, { ...KB64, history: "all" }, branches)),
  gas: (branches) => sum(missesOf(gas, {}, branches)),
  "hashed-perceptron": (branches) => sum(missesOf(hashedPerceptron, {}, branches)),
  "tage-sc-l": (branches) => sum(missesOf(tageScL, {}, branches)),
};

const folder = new URL("../data/truth/", import.meta.url);
const expected = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8")) as Record<
  string,
  { reference: { "conditional-64KB": Record<string, number> } }
>;

describe.each(Object.keys(PUBLISHED))("on the recorded trace %s", (name) => {
  const trace = readSbbt(fileURLToPath(new URL(`${name}.sbbt.gz`, folder)));

  it("the published counts are those that came with the trace", () => {
    expect(expected[name].reference["conditional-64KB"]).toMatchObject(PUBLISHED[name]);
  });

  it.each(Object.keys(MODELS))("%s mispredicts hardly more often than a published one of 64 KB", (id) => {
    expect(MODELS[id](trace)).toBeLessThanOrEqual(bound(PUBLISHED[name][id]));
  });

  // The 18 last outcomes of branches that depend on data are noise. The published history has all branches, and a switch
  // executes twenty others, all taken, for every conditional: there is hardly a conditional among its 18.
  const isNoise = name === "switch-gcc-r";
  it(`gshare with conditionals alone in its history ${isNoise ? "goes beyond that" : "mispredicts hardly more often either"}`, () => {
    expect(sum(missesOf(gshare, KB64, trace)) > bound(PUBLISHED[name].gshare)).toBe(isNoise);
  });
});
