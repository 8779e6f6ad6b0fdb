// Command lines for any scheduler: what a shell makes of them is the sweep.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bplab, temporaryFolder } from "../support.js";

it("emit prints a line for each item, which xargs and a shell can run, whatever folders are called", () => {
  const folder = join(temporaryFolder(), 'it\'s a folder, 100 % "odd"');
  mkdirSync(folder);
  writeFileSync(join(folder, "s.yaml"), 'inputs: [queens, "A B A GOTO"]\ntechniques: [switch, direct-threading]\npredictors: [btb]\n');
  const run = (...args: readonly string[]) => bplab(["sweep", ...args], { cwd: folder });
  const { stdout, stderr } = run("s.yaml", "--engine=emit");
  expect(stderr).toBe("");
  expect(stdout.trim().split("\n")).toHaveLength(4);
  expect(stdout).toMatch(/items\.jsonl' 0 # queens, test, switch, btb\n/);
  expect(run("resume", "s.sweep", "--engine=emit").stdout).toBe(stdout);
  expect(run("resume", "s.sweep", "--no-cache", "--engine=emit").stdout).toMatch(/ run-item --no-cache .* 0 # queens/);
  const xargs = spawnSync("xargs", ["-d", "\\n", "-P2", "-I{}", "sh", "-c", "{}"], { input: stdout, encoding: "utf8" });
  expect([xargs.status, xargs.stdout, xargs.stderr]).toEqual([0, "", ""]);
  expect(run("s.yaml", "--engine=emit")).toEqual({
    code: 0,
    stdout: "",
    stderr: "nothing to do: 4 of 4 items are done, 0 failed\n",
  });
  expect(run("s.yaml", "--out=local").code).toBe(0);
  expect(run("merge", "s.sweep").stdout).toBe(run("merge", "local").stdout);
});
