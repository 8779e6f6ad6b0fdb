// bplab compilers as users run it, on the gcc that is installed.
// @module-tag slow
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

const BIN = new URL("../../dist/src/bin.js", import.meta.url).pathname;

describe("bplab compilers", () => {
  it("has a row for every example and form, and says that gcc -O0 makes calls of tail calls", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, "compilers", "--cc=gcc", "--format=json"], { encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const rows: { source: string; options: string; change: string; indirect_jumps: number }[] = JSON.parse(stdout);
    const row = rows.find(({ source, options }) => source === "tail-calls" && options === "-O0");
    expect(row?.change).toContain("calls instead of jumps");
    expect(rows.find(({ source }) => source === "lab, switch")?.indirect_jumps).toBe(1);
    expect(rows.find(({ source }) => source === "lab, tail-call-threading")?.change).toBe("");
  }, 300_000);
});
