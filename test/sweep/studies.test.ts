// The studies that come with the lab: each asks a question, is described, and is a study of a size that runs in minutes.
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bplab, temporaryFolder } from "../support.js";

const FOLDER = fileURLToPath(new URL("../../traces/studies/", import.meta.url));
const files = readdirSync(FOLDER);
const docs = readFileSync(new URL("../../docs/studies.md", import.meta.url), "utf8");

it("there are four", () => {
  expect(files).toHaveLength(4);
});

describe.each(files)("%s", (file) => {
  const text = readFileSync(`${FOLDER}${file}`, "utf8");

  it("names the schema for editors, and asks a question", () => {
    const [first, second] = text.split("\n");
    expect(first).toBe("# yaml-language-server: $schema=../../schema/study.schema.json");
    expect(second).toMatch(/^# \w/);
    expect(text.split(/^[^#]/m)[0]).toContain("?");
  });

  it("is a valid study, of minutes", () => {
    const { code, stdout, stderr } = bplab(["sweep", `${FOLDER}${file}`, "--dry-run"], { cwd: temporaryFolder() });
    expect([code, stderr]).toEqual([0, ""]);
    const [, points] = /^([\d,]+) points in /.exec(stdout) ?? [];
    expect(Number(points.replaceAll(",", ""))).toBeGreaterThan(100);
    expect(Number(points.replaceAll(",", ""))).toBeLessThan(3000);
  });

  it("is described, with the command that draws it", () => {
    expect(docs).toContain(`traces/studies/${file}`);
    expect(docs).toContain(`bplab report ${basename(file, ".yaml")}.csv --chart=`);
  });
});
