// Estimates beside a clock's cycles: all 12 programs under 25 forms, and how far they are off.
// @module-tag slow
import { describe, expect, it } from "vitest";
import { compareTimings, rmsFactor } from "../../dist/scripts/timings.js";

const FILE = new URL("../data/timings/zen4.csv", import.meta.url).pathname;

describe("estimated cycles of Zen 4", () => {
  it("are as near to a clock's as docs/cycles.md says", async () => {
    const timings = await compareTimings(FILE, "zen-4", "test");
    expect(timings).toHaveLength(300);
    expect(new Set(timings.map(({ form }) => form)).size).toBe(25);
    const off = (some: typeof timings): number => rmsFactor(some.map(({ real, estimated }) => estimated / real));
    expect(off(timings)).toBeLessThan(1.26);
    expect(off(timings.filter(({ form }) => form !== "switch.gcc"))).toBeLessThan(1.23);
    const clang = new Map(timings.filter(({ form }) => form === "switch.clang-19").map((timing) => [timing.program, timing]));
    const speedups = timings.flatMap(({ program, form, real, estimated }) => {
      const base = clang.get(program);
      return base === undefined || form === base.form ? [] : [base.estimated / estimated / (base.real / real)];
    });
    expect(rmsFactor(speedups)).toBeLessThan(1.31);
  }, 600_000);
});
