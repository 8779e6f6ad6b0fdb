// Mispredictions over time: what an interval counts is what a run of just that long counts more than a shorter one.
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { simulate } from "../../dist/src/index.js";

const request = { inputs: ["queens"], technique: "switch,tail-call-no-elimination,unrolled-switch", predictor: "btb,tage-lite" };

describe("intervals", () => {
  it("add up to the whole run, class by class", async () => {
    const { rows, intervals } = await simulate({ ...request, interval: 10_000 });
    for (const row of rows) {
      const parts = intervals.filter((part) => (["technique", "predictor", "kind"] as const).every((key) => part[key] === row[key]));
      expect(parts.length).toBeGreaterThan(15);
      for (const what of ["virtualInstructions", "nativeInstructions", "branches", "mispredictions"] as const) {
        expect(parts.reduce((sum, part) => sum + (part[what] ?? Number.NaN), 0)).toBe(row[what]);
      }
      let start = 0;
      for (const part of parts) {
        expect(part.start).toBe(start);
        start += part.virtualInstructions ?? Number.NaN;
        // to the end of a block; the last one ends with the run
        if (part !== parts[parts.length - 1]) expect(part.virtualInstructions).toBeGreaterThanOrEqual(10_000);
        expect(part.virtualInstructions).toBeLessThan(10_100);
      }
    }
  });

  it("change no count", async () => {
    const [plain, cut] = [await simulate(request), await simulate({ ...request, interval: 777 })];
    expect(cut.rows.map((row) => ({ ...row, settings: plain.rows[0].settings }))).toEqual(plain.rows);
    expect(plain.intervals).toEqual([]);
  });

  it("begin behind the warm-up", async () => {
    const { rows, intervals } = await simulate({ ...request, technique: "switch", predictor: "btb", warmup: 50_000, interval: 1e9 });
    expect(intervals.map(({ kind, start, branches, mispredictions }) => ({ kind, start, branches, mispredictions }))).toEqual(
      rows.map(({ kind, branches, mispredictions }) => ({ kind, start: 0, branches, mispredictions })),
    );
  });

  it("are at most ten thousand, and at least one instruction long", { tags: "slow" }, async () => {
    await expect(simulate({ ...request, interval: 1 })).rejects.toThrow(/more than 10000: choose longer ones/);
    await expect(simulate({ ...request, interval: 0 })).rejects.toThrow(/interval must be a number of instructions above 0, got 0/);
  });
});

describe("intervals of a recording", () => {
  const inputs = [fileURLToPath(new URL("../data/truth/call-gcc-fib.sbbt.gz", import.meta.url))];

  it("are of native instructions, to the next branch, and add up", async () => {
    const { rows, intervals } = await simulate({ inputs, interval: 500_000, warmup: 100_000 });
    for (const row of rows) {
      const parts = intervals.filter(({ kind }) => kind === row.kind);
      expect(parts.length).toBeGreaterThan(2);
      expect(parts.reduce((sum, { branches }) => sum + branches, 0)).toBe(row.branches);
      expect(parts.reduce((sum, { mispredictions }) => sum + (mispredictions ?? Number.NaN), 0)).toBe(row.mispredictions);
      let start = 0;
      for (const part of parts) {
        expect(part).toMatchObject({ start, virtualInstructions: undefined });
        start += part.nativeInstructions;
        if (part !== parts[parts.length - 1]) expect(part.nativeInstructions).toBeGreaterThanOrEqual(500_000);
        expect(part.nativeInstructions).toBeLessThan(504_096);
      }
      expect(start).toBe(row.nativeInstructions);
    }
  });
});
