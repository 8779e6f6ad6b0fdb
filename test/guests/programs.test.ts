// The lab's programs: each prints what it must print, at both sizes, within the number of virtual instructions promised.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findProgram, programIds } from "../../dist/src/index.js";
import { bplab } from "../support.js";

async function instructions(id: string, size: "test" | "full"): Promise<number> {
  // a run compares its output with the program's .out file and throws if it differs
  const run = (await findProgram(id)).start(size, 60_000_000);
  let sum = 0;
  run.run((ids, count) => {
    for (let i = 0; i < count; i++) sum += run.program.blockLength(ids[i]);
  });
  return sum;
}

it("there are at least sixteen", () => {
  expect(programIds().length).toBeGreaterThanOrEqual(16);
});

describe.each(programIds())("%s", (id) => {
  it("prints what it must at size test, in under 300 thousand virtual instructions", async () => {
    const count = await instructions(id, "test");
    expect(count).toBeGreaterThan(50_000);
    expect(count).toBeLessThan(300_000);
    expect(bplab(["run", id]).stdout).toBe(readFileSync(new URL(`../../traces/${id}.test.out`, import.meta.url), "utf8"));
  });

  it("prints what it must at size full, in 5 to 50 million virtual instructions", { tags: "slow" }, async () => {
    const count = await instructions(id, "full");
    expect(count).toBeGreaterThan(5_000_000);
    expect(count).toBeLessThan(50_000_000);
  });
});
