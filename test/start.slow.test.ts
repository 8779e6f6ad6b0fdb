// The ten-minute paths of docs/start-*.md, and the commands of docs/tables.md, as a reader types them.
// @module-tag slow
import { expect, it } from "vitest";
import { runCommands } from "./shown-commands.js";

it.each(["docs/start-interpreter.md", "docs/start-paper.md", "docs/start-lecture.md", "docs/tables.md"])(
  "every bplab command that %s shows works",
  (document) => {
    const shown = runCommands(document);
    expect(shown.length).toBeGreaterThan(4);
    for (const { command, code, stderr } of shown) expect([command, code, stderr]).toEqual([command, 0, ""]);
  },
);
