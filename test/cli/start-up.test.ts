// What commands load, by modules: what a process of the bundle compiles is the same. V8's coverage lists every script that ran; times would depend on the machine.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../dist/src/cli/commands.js";
import { MODULES_BIN, temporaryFolder } from "../support.js";

const folder = temporaryFolder();

/** Our files, from dist/src/ on, and the packages that a command loads. */
function loaded(...args: string[]): { readonly files: readonly string[]; readonly packages: readonly string[] } {
  const coverage = mkdtempSync(join(folder, "coverage-"));
  const { status } = spawnSync(process.execPath, [MODULES_BIN, ...args], { env: { ...process.env, NODE_V8_COVERAGE: coverage } });
  expect(status).toBe(0);
  const { result } = JSON.parse(readFileSync(join(coverage, readdirSync(coverage)[0]), "utf8"));
  const urls: string[] = result.map(({ url }: { url: string }) => url);
  const parts = (pattern: RegExp): string[] => [...new Set(urls.flatMap((url) => pattern.exec(url)?.[1] ?? []))].sort();
  return { files: parts(/\/dist\/src\/(?!.*node_modules)([^?]+)/), packages: parts(/.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//) };
}

const COMMANDER = ["@commander-js/extra-typings", "commander"];

describe("start-up", () => {
  it.each(["--help", "--version"])("loads nothing of the lab for bplab %s", (option) => {
    const { files, packages } = loaded(option);
    expect(files).toEqual([
      "cli/commands.js",
      "cli/executable.js",
      "cli/main.js",
      "cli/supervised.js",
      "cli/version.js",
      "errors.js",
      "guests/forth/exceptions.js",
    ]);
    expect(packages).toEqual(COMMANDER);
  });

  it("loads for simulate neither other commands nor what only recordings, charts, progress bars or users' files need", () => {
    const { files, packages } = loaded("simulate", "queens", "--technique=switch");
    expect(files).toContain("lab/lab.js");
    const others = /^(reproduce\/|report\/charts\/|recordings\/formats\/|validation\/|host\/|cli\/commands\/(?!simulate\.))/;
    expect(files.filter((file) => others.test(file))).toEqual([]);
    expect(packages.filter((name) => /vega|resvg|jiti|cli-progress/.test(name))).toEqual([]);
  });

  it("names each command in the list as its own definition does", async () => {
    for (const { name, load } of COMMANDS) {
      const command = await load();
      expect(command.name()).toBe(name);
    }
  });
});
