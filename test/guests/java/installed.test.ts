// Which java is found on the PATH.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { findCommand } from "../../../dist/src/files/find-command.js";
import { javaVersion } from "../../../dist/src/guests/java/installed.js";
import { temporaryFolder } from "../../support.js";

const { PATH } = process.env;
afterEach(() => {
  process.env.PATH = PATH;
});

it("a command is a program: folders and texts of its name are passed over", () => {
  const folder = temporaryFolder();
  const of = (...names: readonly string[]): string => join(folder, ...names);
  mkdirSync(of("opt", "java"), { recursive: true });
  mkdirSync(of("notes"));
  writeFileSync(of("notes", "java"), "about java", { mode: 0o644 });
  process.env.PATH = [of("opt"), of("notes")].join(":");
  expect([findCommand("java"), javaVersion()]).toEqual([undefined, undefined]);
  mkdirSync(of("bin"));
  writeFileSync(of("bin", "java"), "#!/bin/sh\necho 'openjdk version \"17.0.99\" 2026-01-20' >&2\n", { mode: 0o755 });
  process.env.PATH += `:${of("bin")}`;
  expect([findCommand("java"), javaVersion()?.major]).toEqual([of("bin", "java"), 17]);
});
