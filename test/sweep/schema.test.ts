// The JSON Schema that editors read: it is that of the code, and takes what sweeps take.
import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { studyJsonSchema } from "../../dist/scripts/schema.js";

const SCHEMA = new URL("../../schema/study.schema.json", import.meta.url);

describe("schema/study.schema.json", () => {
  it("is what the code says (else: npm run schema)", async () => {
    expect(readFileSync(SCHEMA, "utf8")).toBe(await studyJsonSchema());
  });

  it("takes studies, and refuses what sweeps refuse", () => {
    const check = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(SCHEMA, "utf8")));
    const study =
      "inputs: [queens, {input: [a.fs, '*.bpt'], sizes: full}]\npredictors: [btb, {btb: {sets: 64..4096, ways: [1, 2]}, gshare: null, ./mine.ts: {x: true}}]\nseeds: 0..9\n";
    expect(check(parse(study))).toBe(true);
    for (const bad of [
      "inptus: [queens]",
      "inputs: []",
      "inputs: [queens]\npredictors: [{btb: {setz: 1}}]",
      "inputs: [queens]\nsizes: ful",
      "inputs: [queens]\npenalties: -1",
    ])
      expect(check(parse(bad)), bad).toBe(false);
  });

  it("ships with the package", () => {
    const { files } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(files).toContain("schema");
    expect(readdirSync(new URL("../../schema/", import.meta.url))).toEqual(["study.schema.json"]);
  });
});
