// The JSON Schema that editors read: it is that of the code, and takes what sweeps take.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { studyJsonSchema } from "../../dist/scripts/schema.js";
import { openSession } from "../../dist/src/jobs/session.js";
import { readPlan } from "../../dist/src/sweep/plan.js";
import { readStudy } from "../../dist/src/sweep/study/study.js";
import { bplab, temporaryFolder } from "../support.js";

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

  it("and bplab sweep take the study in docs/sweeps.md", { tags: "slow" }, async () => {
    const [, text] = /```yaml\n([\s\S]*?)```/.exec(readFileSync(new URL("../../docs/sweeps.md", import.meta.url), "utf8")) ?? [];
    const check = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(SCHEMA, "utf8")));
    expect(check(parse(text)), JSON.stringify(check.errors)).toBe(true);
    const folder = temporaryFolder();
    mkdirSync(join(folder, "recordings"));
    writeFileSync(join(folder, "study.yaml"), text);
    writeFileSync(join(folder, "mine.fs"), ": go 100 0 do i drop loop ;\ngo\n");
    const [, mine] = /```ts\n([\s\S]*?)```/.exec(readFileSync(new URL("../../CONTRIBUTING.md", import.meta.url), "utf8")) ?? [];
    writeFileSync(join(folder, "mine.ts"), mine);
    expect(bplab(["trace", "queens", "--output=recordings/queens.bpt"], { cwd: folder }).code).toBe(0);
    const here = process.cwd();
    const session = openSession({ jobs: 1 });
    process.chdir(folder);
    try {
      const plan = await readPlan(readStudy("study.yaml"), session, false);
      expect([...plan.items()].length).toBeGreaterThan(100);
    } finally {
      process.chdir(here);
      await session.close();
    }
  });

  it("ships with the package", () => {
    const { files } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect(files).toContain("schema");
    expect(readdirSync(new URL("../../schema/", import.meta.url))).toEqual(["study.schema.json"]);
  });
});
