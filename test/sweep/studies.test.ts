// The studies that come with the lab: each asks a question, is described, and is a study of a size that runs in minutes.
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openSession } from "../../dist/src/jobs/session.js";
import { readPlan } from "../../dist/src/sweep/plan.js";
import { readStudy } from "../../dist/src/sweep/study/study.js";

const FOLDER = fileURLToPath(new URL("../../traces/studies/", import.meta.url));
const files = readdirSync(FOLDER);
const docs = readFileSync(new URL("../../docs/studies.md", import.meta.url), "utf8");

it("there are five", () => {
  expect(files).toHaveLength(5);
});

describe.each(files)("%s", (file) => {
  const text = readFileSync(`${FOLDER}${file}`, "utf8");

  it("names the schema for editors, and asks a question", () => {
    const [first, second] = text.split("\n");
    expect(first).toBe("# yaml-language-server: $schema=../../schema/study.schema.json");
    expect(second).toMatch(/^# \w/);
    expect(text.split(/^[^#]/m)[0]).toContain("?");
  });

  it("is a valid study, of minutes", async () => {
    const session = openSession({ jobs: 1 });
    try {
      const plan = await readPlan(readStudy(`${FOLDER}${file}`), session, false);
      const points = [...plan.items()].reduce((sum, { points }) => sum + points, 0);
      expect(points).toBeGreaterThan(100);
      expect(points).toBeLessThan(3000);
    } finally {
      await session.close();
    }
  });

  it("is described, with the command that draws it", () => {
    expect(docs).toContain(`traces/studies/${file}`);
    expect(docs).toContain(`bplab report ${basename(file, ".yaml")}.csv --chart=`);
  });
});
