// The commands of README.md and docs/, and the table of programs at both sizes: they take minutes.
// @module-tag slow
import { expect, it } from "vitest";
import { computed } from "../dist/scripts/readme.js";
import { runCommands, textOf } from "./shown-commands.js";

it("docs/programs.md shows its computed parts as they are (if not: npm run readme)", async () => {
  expect(await computed("docs/programs.md")).toBe(textOf("docs/programs.md"));
});

it.each(["README.md", "docs/commands.md", "docs/claims.md"])("every bplab command that %s shows works", (document) => {
  const shown = runCommands(document);
  expect(shown.length).toBeGreaterThan(1);
  for (const { command, code, stderr } of shown) expect([command, code, stderr]).toEqual([command, 0, ""]);
});
