// Users' own predictors: files outside the package, which may use what the lab's own are made of.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { findDefinition, loadPredictor, predictorDefinition } from "../../dist/src/front-end/load-predictor.js";
import { simulate } from "../../dist/src/index.js";
import { answersOf, valuesOf } from "../../dist/src/models/answers.js";
import { mixture } from "../../dist/src/models/sample-branches.js";
import { temporaryFolder } from "../support.ts";

const PREDICTORS = new URL("../../predictors/", import.meta.url);

const folder = temporaryFolder();

/** A copy of one of ours outside the package, with all that it imports from one place. */
function copyOf(id: string, from = "bplab/models"): string {
  const text = readFileSync(new URL(`${id}.ts`, PREDICTORS), "utf8");
  const copied = text.replaceAll(/from "\.\.\/src\/[\w/-]+\.ts"/g, `from "${from}"`);
  expect(copied).not.toContain("../src");
  const path = join(folder, `${id}.ts`);
  writeFileSync(path, copied);
  return path;
}

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("a copy of one of our predictors, outside the package", () => {
  it.each(readdirSync(PREDICTORS).map((file) => basename(file, ".ts")))(
    "%s answers as ours does, with imports from bplab/models alone",
    async (id) => {
      const [ours, copy] = [await predictorDefinition(id), await findDefinition(copyOf(id))];
      const branches = mixture(2000, 7);
      expect(answersOf(copy, valuesOf(copy), branches)).toEqual(answersOf(ours, valuesOf(ours), branches));
    },
  );

  it("counts what ours counts in a simulation", async () => {
    const copies = ["btb", "ittage"].map((id) => copyOf(id));
    const { rows } = await simulate({ inputs: ["sieve"], technique: "switch", predictor: ["btb", "ittage", ...copies].join(","), jobs: 1 });
    const counts = (predictor: string): unknown[] =>
      rows.filter((row) => row.predictor === predictor).map(({ kind, branches, mispredictions }) => [kind, branches, mispredictions]);
    expect(counts("btb").length).toBeGreaterThan(0);
    expect(copies.map(counts)).toEqual([counts("btb"), counts("ittage")]);
  });
});

describe("a user's file", () => {
  const definition = (before: string): string => `${before}
export default definePredictor({
  title: "t", source: "s", covers: INDIRECT, parameters: {}, storageBits: () => 0,
  create: () => ({ predict: () => NONE, train() {} }),
});`;

  it("gets the functions of the package that runs, not copies and not proxies, which take three times as long", async () => {
    const path = written(
      "identity.ts",
      definition(`import { types } from "node:util";
import { definePredictor, INDIRECT, NONE } from "bplab";
import * as lab from "bplab";
import { definePredictor as same, findWay } from "bplab/models";
if (same !== definePredictor || [lab, findWay, same].some((value) => types.isProxy(value))) throw new Error("not the package's own");`),
    );
    expect((await loadPredictor(path)).covers).toBeGreaterThan(0);
  });

  it("is loaded afresh for every instance", async () => {
    const path = written(
      "fresh.ts",
      definition(`import { definePredictor, INDIRECT, NONE } from "bplab/models";
globalThis.timesLoaded = (globalThis.timesLoaded ?? 0) + 1;`),
    );
    const loaded = await loadPredictor(path);
    const before = Reflect.get(globalThis, "timesLoaded");
    await loaded.load();
    await loaded.load();
    expect(Reflect.get(globalThis, "timesLoaded")).toBe(before + 2);
  });

  it("may be a CommonJS file, whose exports are the definition", async () => {
    const path = written(
      "common.cjs",
      `const { INDIRECT, NONE } = require("bplab/models");
module.exports = { title: "t", source: "s", covers: INDIRECT, parameters: {}, storageBits: () => 0, create: () => ({ predict: () => NONE, train() {} }) };`,
    );
    expect((await loadPredictor(path)).foreign).toBe(true);
  });

  it("that asks for something that the package does not have is refused", async () => {
    const path = written("asks.ts", definition(`import { definePredictor, INDIRECT, NONE } from "bplab/nothing";`));
    await expect(loadPredictor(path)).rejects.toThrow("bplab/nothing");
  });
});
