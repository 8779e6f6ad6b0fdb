// The caches and the cost model as users ask for them on the command line.
import { describe, expect, it } from "vitest";
import { simulate, UsageError } from "../../dist/src/index.js";
import { bplab, temporaryFolder } from "../support.js";

const folder = temporaryFolder();
const run = (...args: string[]) => bplab(["simulate", "sieve", ...args], { cwd: folder });
const rows = (...args: string[]): Record<string, string | number | null>[] => {
  const { stdout, stderr } = run("--format=json", ...args);
  expect(stderr).toBe("");
  return JSON.parse(stdout).filter((row: { kind: string }) => row.kind === "all");
};

describe("bplab simulate with caches", () => {
  it("leaves them out unless asked for", () => {
    const [row] = rows("--technique=switch");
    expect(row).toMatchObject({ icache: "", dcache: "", icache_misses: null, dcache_misses: null, indirect_stall_cycles: null });
    expect(run("--technique=switch").stdout).not.toContain("cache");
  });

  it("models them with defaults, or as they are written, and says what it took", () => {
    const [plain] = rows("--technique=token-threading", "--icache", "--dcache");
    expect(plain).toMatchObject({ icache: "bytes=32768:ways=8:line=64", dcache: "bytes=32768:ways=8:line=64" });
    const [small] = rows("--technique=token-threading", "--icache=ways=1:bytes=1024", "--dcache=bytes=128:ways=1");
    expect(small).toMatchObject({ icache: "bytes=1024:ways=1:line=64", dcache: "bytes=128:ways=1:line=64" });
    expect(small.icache_misses).toBeGreaterThan(Number(plain.icache_misses));
    expect(small.dcache_misses).toBeGreaterThan(Number(plain.dcache_misses));
    const rate = (Number(small.icache_misses) / Number(small.native_instructions)) * 1000;
    expect(small.icache_misses_per_1000_native_instructions).toBeCloseTo(rate, 6);
  });

  it("shows their misses in the table, and the geometry below it", () => {
    const { stdout } = run("--technique=switch", "--icache=bytes=2048", "--layout-seed=7");
    expect(stdout).toMatch(/code bytes {2}icache misses {2}cycles lost/);
    expect(stdout.replaceAll("\n", " ")).toContain("Instruction cache over native code: bytes=2048:ways=8:line=64.");
    expect(stdout.replaceAll("\n", " ")).toContain("layout seed 7");
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThan(160);
  });

  it("counts their misses in the cycles, at the price given", () => {
    const costs = ["--icache-miss=7", "--dcache-miss=3", "--taken-branch=2", "--call=4", "--return=5", "--penalty=10", "--ipc=2"];
    for (const row of rows("--icache=bytes=1024", "--dcache=bytes=512", ...costs)) {
      const n = (name: string): number => Number(row[name]);
      expect(n("cycles_lost")).toBe(n("mispredictions") * 10);
      expect(n("estimated_cycles")).toBeCloseTo(
        n("native_instructions") / 2 +
          n("cycles_lost") +
          n("icache_misses") * 7 +
          n("dcache_misses") * 3 +
          n("taken_branches") * 2 +
          n("calls") * 4 +
          n("returns") * 5,
        6,
      );
    }
  });

  it("stalls on indirect branches where none is predicted, whatever the predictor says", () => {
    const [btb] = rows("--technique=switch", "--indirect-stall=5", "--predictor=btb");
    const [none] = rows("--technique=switch", "--indirect-stall=5", "--predictor=gshare");
    expect(btb.cycles_lost).toBe(none.cycles_lost);
    expect(btb.indirect_stall_cycles).toBe(5);
    expect(btb.cycles_lost).toBe(Number(btb.virtual_instructions) * 5);
  });

  it("takes a layout seed, which moves bodies and nothing else", () => {
    const [plain] = rows("--technique=direct-threading", "--icache=bytes=1024:ways=1");
    const [moved] = rows("--technique=direct-threading", "--icache=bytes=1024:ways=1", "--layout-seed=7");
    expect(moved.layout_seed).toBe(7);
    expect(moved.icache_misses).not.toBe(plain.icache_misses);
    for (const name of ["native_instructions", "branches", "body_bytes", "dispatch_bytes", "touched_code_bytes"]) {
      expect(moved[name]).toBe(plain[name]);
    }
  });

  it.each([
    [["--icache", "queens"], /^--icache: write --icache=bytes=32768:ways=8:line=64 or some of these, got queens$/m],
    [["--dcache="], /^--dcache: write .* got nothing$/m],
    [["--icache=32768"], /^--icache: write .* got 32768$/m],
    [["--icache=byte=1024"], /unknown parameter of icache: byte; did you mean bytes\?/],
    [["--icache=bytes=0"], /icache: bytes must be a power of two from 16 to 16777216, got 0/],
    [["--dcache=ways=3"], /dcache: ways must be a power of two from 1 to 1024, got 3/],
    [["--dcache=bytes=256"], /dcache: bytes must be at least ways × line = 512, got 256/],
    [["--call=-1"], /^--call must be a number of cycles from 0 to 1000000, got -1/],
    [["--return=much"], /^--return must be a number, got much/],
    [["--taken-branch=1e9"], /^--taken-branch must be .* got 1000000000/],
    [["--icache-miss=-1"], /^--icache-miss must be /],
    [["--dcache-miss=x"], /^--dcache-miss must be a number/],
    [["--indirect-stall"], /argument missing/],
    [["--indirect-stall=-5"], /^--indirect-stall must be .* got -5/],
    [["--layout-seed=0.5"], /^--layout-seed must be a whole number from 0 to 4294967295, got 0.5/],
    [["--layout-seed=-1"], /^--layout-seed must be .* got -1/],
  ] as const)("refuses %j in one line", { tags: "slow" }, (args, message) => {
    const { code, stdout, stderr } = run(...args);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect([code, stdout]).toEqual([2, ""]);
  });
});

describe("the library", () => {
  it("takes the same caches", async () => {
    const { rows: some } = await simulate({ inputs: ["sieve"], technique: "switch", icache: "bytes=1024", dcache: true });
    expect(some[0].icacheMisses).toBeGreaterThan(0);
    expect(some[0].dcacheMisses).toBeGreaterThanOrEqual(0);
    await expect(simulate({ inputs: ["sieve"], icache: "queens" })).rejects.toThrow(UsageError);
    await expect(simulate({ inputs: ["sieve"], call: Number.NaN })).rejects.toThrow(/call must be/);
  });
});
