// What README.md and docs/ show is what the commands print.
import { existsSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { COMPUTED, computed } from "../dist/scripts/readme.js";
import { textOf } from "./shown-commands.js";

// the programs' full sizes take half a minute: they are in readme.slow.test.ts
it.each(COMPUTED.filter((document) => document !== "docs/programs.md"))(
  "%s shows its computed parts as they are (if not: npm run readme)",
  async (document) => {
    expect(await computed(document)).toBe(textOf(document));
  },
);

it("the first output that README.md shows fits a terminal of 80 columns in about ten lines", () => {
  const [, output] = /<!-- output of: .* -->\n```\n([\s\S]*?)```/.exec(textOf("README.md")) ?? [];
  const lines = output.trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.length).toBeLessThanOrEqual(12);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

it("README.md has at most 150 lines, ARCHITECTURE.md 120", () => {
  expect(textOf("README.md").split("\n").length).toBeLessThanOrEqual(150);
  expect(textOf("ARCHITECTURE.md").split("\n").length).toBeLessThanOrEqual(120);
});

const DOCUMENTS = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(new URL("../docs/", import.meta.url))
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file}`),
];

it.each(DOCUMENTS)("every link of %s leads to a file", (document) => {
  for (const [, target] of textOf(document).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g))
    expect([target, existsSync(new URL(target, new URL(`../${document}`, import.meta.url)))]).toEqual([target, true]);
});

it.each([...DOCUMENTS, "ARCHITECTURE.md"])("every path from the root that %s names is there", (document) => {
  for (const [, path] of textOf(document).matchAll(/`((?:src|test|scripts|bench|predictors|docs|native-code|traces)\/[\w./-]*)`/g))
    if (!/\bcN-|\b(ID|NAME)\b/.test(path)) expect([path, existsSync(new URL(`../${path}`, import.meta.url))]).toEqual([path, true]);
});
