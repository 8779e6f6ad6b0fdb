// Mispredictions over time: what an interval counts is what a run of just that long counts more than a shorter one.
import { describe, expect, it } from "vitest";
import { simulate } from "../dist/src/index.js";

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
        start += part.virtualInstructions;
        // to the end of a block; the last one ends with the run
        if (part !== parts[parts.length - 1]) expect(part.virtualInstructions).toBeGreaterThanOrEqual(10_000);
        expect(part.virtualInstructions).toBeLessThan(10_100);
      }
    }
  });

  it("change no count", async () => {
    const [plain, cut] = [await simulate(request), await simulate({ ...request, interval: 777 })];
    expect(cut.rows).toEqual(plain.rows);
    expect(plain.intervals).toEqual([]);
  });

  it("begin behind the warm-up", async () => {
    const { rows, intervals } = await simulate({ ...request, technique: "switch", predictor: "btb", warmup: 50_000, interval: 1e9 });
    expect(intervals.map(({ kind, start, branches, mispredictions }) => ({ kind, start, branches, mispredictions }))).toEqual(
      rows.map(({ kind, branches, mispredictions }) => ({ kind, start: 0, branches, mispredictions })),
    );
  });

  it("are at most ten thousand, and at least one instruction long", async () => {
    await expect(simulate({ ...request, interval: 1 })).rejects.toThrow(/more than 10000: choose longer ones/);
    await expect(simulate({ ...request, interval: 0 })).rejects.toThrow(/interval must be a number of virtual instructions above 0, got 0/);
  });
});
