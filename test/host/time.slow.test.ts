// bplab time as users run it: natively, checked against the guest, with an estimate beside.
// @module-tag slow
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const BIN = new URL("../../dist/src/bin.js", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "bplab-test-"));
const run = (...args: string[]) => spawnSync(process.execPath, [BIN, "time", ...args], { cwd: folder, encoding: "utf8" });

describe("bplab time", () => {
  it("times forms in C and generated code, in every alignment, and writes rows and a page", () => {
    const { status, stdout, stderr } = run(
      ...["fibonacci", "--size=test", "--runs=3", "--technique=switch,direct-threading", "--align=1,64", "--machine=zen-4"],
      ...["--format=csv", "--report=time.html"],
    );
    expect(stderr).not.toContain("not timed");
    expect(status).toBe(0);
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(5);
    expect(lines.slice(1).map((line) => line.split(",")[5])).toEqual(["1", "1", "64", "64"]);
    expect(readFileSync(join(folder, "time.html"), "utf8")).toContain('id="diagonal"');
    const generated = run("fibonacci", "--size=test", "--runs=1", "--technique=dynamic-replication", "--format=csv");
    expect(generated.stdout.trim().split("\n")).toHaveLength(2);
    expect(generated.stderr).toContain("no cycles are estimated");
  }, 300_000);

  it("trains static selections with the other programs, as simulate does", () => {
    const { stdout } = run(
      "fibonacci",
      "--size=test",
      "--runs=1",
      "--machine=zen-4",
      "--technique=direct-threading,static-both",
      "--format=json",
    );
    const [direct, chosen] = JSON.parse(stdout) as { modelled_native_instructions: number }[];
    expect(chosen.modelled_native_instructions).toBeLessThan(direct.modelled_native_instructions);
  }, 600_000);

  it.each([
    [["--cc=no-such-compiler", "fibonacci"], "no-such-compiler", 2],
    [["--cflags=-no-such-flag", "fibonacci", "--technique=switch"], "unrecognized command-line option", 1],
    [["--align=12", "fibonacci"], "powers of two", 2],
    [["--machine=zen-4,zen-3", "fibonacci"], "one machine", 2],
    [["--technique=no-such", "fibonacci"], "no-such", 2],
    [["no-such-program"], "no-such-program", 2],
  ])(
    "%s is refused in one line",
    (args, message, code) => {
      const { status, stderr } = run("--size=test", ...args);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(stderr).toContain(message);
      expect(status).toBe(code);
    },
    60_000,
  );
});
