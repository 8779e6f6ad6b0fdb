// What compares estimates with a clock: its arithmetic, and that every form has a technique.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compareTimings, FORMS, rmsFactor } from "../../dist/scripts/timings.js";
import { readTechniques } from "../../dist/src/index.js";
import { temporaryFolder } from "../support.js";

const folder = temporaryFolder();
function write(name: string, ...lines: string[]): string {
  const path = join(folder, name);
  writeFileSync(path, ["# a test", "program,form,virtual_instructions,cycles_per_virtual_instruction", ...lines, ""].join("\n"));
  return path;
}

describe("estimates beside timings", () => {
  it("are off by a factor, whichever way", () => {
    expect(rmsFactor([1, 1])).toBe(1);
    expect(rmsFactor([2, 0.5])).toBeCloseTo(2, 12);
    expect(rmsFactor([4, 1])).toBeCloseTo(2 ** Math.SQRT2, 12);
  });

  it("have a technique for every form", async () => {
    for (const { technique } of Object.values(FORMS)) expect(await readTechniques(technique)).toHaveLength(1);
  });

  it("hold every line of a file, and are the same again", async () => {
    const path = write("some.csv", "fibonacci,jit:dynamic,1,2", "fibonacci,switch.gcc,1,7", "fibonacci,jit:shared,1,3.5");
    const timings = await compareTimings(path, "zen-4", "test");
    expect(timings.map(({ form, real }) => [form, real]).sort()).toEqual([
      ["jit:dynamic", 2],
      ["jit:shared", 3.5],
      ["switch.gcc", 7],
    ]);
    const estimated = new Map(timings.map(({ form, estimated: cycles }) => [form, cycles]));
    expect(estimated.get("jit:dynamic")).toBeLessThan(estimated.get("jit:shared") ?? 0);
    expect(estimated.get("jit:shared")).toBeLessThan(estimated.get("switch.gcc") ?? 0);
    expect(await compareTimings(path, "zen-4", "test")).toEqual(timings);
  }, 600_000);

  it("are refused for a form that nothing stands for", async () => {
    await expect(compareTimings(write("other.csv", "fibonacci,goto.tcc,1,2"), "zen-4", "test")).rejects.toThrow(
      "no technique stands for the form goto.tcc",
    );
  });
});

describe("alignment", () => {
  it("of a switch to 16 bytes costs mispredictions where a history takes a target's bits as zen-4's is assumed to", async () => {
    const { simulate } = await import("../../dist/src/index.js");
    const bodies = new URL("../data/timings/bodies-direct-threading.gcc.csv", import.meta.url).pathname;
    const { rows } = await simulate({
      inputs: ["fibonacci"],
      technique: "switch:align=1,switch,switch:align=64",
      bodies,
      machine: "zen-4",
    });
    const missed = new Map(rows.filter(({ kind }) => kind === "dispatch").map((row) => [row.technique, row.mispredictions ?? 0]));
    expect(missed.get("switch")).toBeGreaterThan(1.2 * (missed.get("switch:align=1") ?? 0));
    expect(missed.get("switch")).toBeGreaterThan(1.2 * (missed.get("switch:align=64") ?? 0));
  });
});
