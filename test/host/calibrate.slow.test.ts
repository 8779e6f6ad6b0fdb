// bplab calibrate as users run it: it writes a machine that can be taken, and says in one line why it cannot.
// @module-tag slow
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const BIN = new URL("../../dist/src/bin.js", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "bplab-test-"));
const run = (args: readonly string[], env = process.env) =>
  spawnSync(process.execPath, [BIN, ...args], { cwd: folder, encoding: "utf8", env });

describe("bplab calibrate", () => {
  it("writes a machine that list and simulate take, and a page with every curve", () => {
    const { status, stdout, stderr } = run(["calibrate", "--repeats=1", "--output=one.json", "--report=one.html"]);
    expect(stderr).toContain("--machine=./one.json");
    expect(status).toBe(0);
    expect(stdout).toContain("return stack");
    expect(JSON.parse(readFileSync(join(folder, "one.json"), "utf8")).format).toBe("bplab-machine-1");
    const page = readFileSync(join(folder, "one.html"), "utf8");
    expect(page.match(/<figure class="chart"/g)).toHaveLength(6);
    expect(page).toContain("another run gives other numbers");
    expect(run(["list", "machines", "./one.json"]).stdout).toContain("calibrated");
    expect(run(["simulate", "fibonacci", "--technique=switch", "--machine=./one.json", "--format=csv"]).status).toBe(0);
  }, 300_000);

  it("says that there is no compiler, and writes nothing", () => {
    const { status, stderr } = run(["calibrate", "--output=none.json"], { ...process.env, PATH: "/nowhere" });
    expect(stderr).toMatch(/^measuring needs a C compiler.*\n$/);
    expect(status).toBe(2);
    expect(existsSync(join(folder, "none.json"))).toBe(false);
  }, 600_000);

  it.each([
    [["--cc=no-such-compiler"], "no-such-compiler", 2],
    [["--cc=false"], "false cannot compile", 1],
    [["--cpu=4096"], "cannot run on processor 4096", 2],
    [["--like=zen-99"], "zen-99", 2],
    [["--report=page.txt"], ".html", 2],
  ])(
    "%s is refused in one line",
    (args, message, code) => {
      const { status, stderr } = run(["calibrate", ...args]);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(stderr).toContain(message);
      expect(status).toBe(code);
    },
    60_000,
  );
});
