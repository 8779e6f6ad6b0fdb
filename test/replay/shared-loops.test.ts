// Replays of short runs share loops, one after the other if their models can be put back to how they were made: their counts are those
// of replays with a loop of their own.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTechniques } from "../../dist/src/dispatch/techniques.js";
import { readFrontEnds, readMachines } from "../../dist/src/front-end/front-end.js";
import { predictorIds } from "../../dist/src/front-end/load-predictor.js";
import { findProgram } from "../../dist/src/guests/programs.js";
import { measure } from "../../dist/src/lab/lab.js";
import { temporaryFolder } from "../support.ts";

const folder = temporaryFolder();

async function counted(
  program: string,
  techniques: string,
  predictors: string,
  brief: boolean,
  flushEvery?: number,
  machines?: string,
): Promise<unknown> {
  const measurements = await measure((await findProgram(program)).start("test", 1e9), {
    techniques: await readTechniques(techniques),
    frontEnds: [...(await readFrontEnds(predictors)), ...(machines === undefined ? [] : await readMachines(machines))],
    warmup: 0,
    brief,
    flushEvery,
  });
  return measurements.map(({ technique, frontEnd, counts: { siteCounts, ...counts } }) => ({
    replay: `${technique.name} ${frontEnd.name}`,
    counts,
    sites: siteCounts(),
  }));
}

test("all predictors count the same in shared loops as in loops of their own", async () => {
  const techniques = "call-threading";
  const predictors = predictorIds()
    .filter((id) => id !== "return-stack")
    .join(",");
  expect(await counted("nested-loop", techniques, predictors, true)).toEqual(await counted("nested-loop", techniques, predictors, false));
});

test("a second program in the same loops counts the same, also with other parameters, bubbles, overrides and flushes", async () => {
  const predictors = "btb:sets=16:ways=1,btb:unbounded,btb:holds=taken,btb:first+ittage,oracle+return-stack:underflow=indirect";
  for (const [program, flushEvery] of [["nested-loop"], ["repetitive"], ["nested-loop", 20_000]] as const) {
    const asked = [program, "switch,subroutine-threading", predictors] as const;
    expect(await counted(...asked, true, flushEvery)).toEqual(await counted(...asked, false, flushEvery));
  }
});

/** A log of instructions that all differ in their addresses, in blocks of this length. */
function logOf(instructions: number, length: number): string {
  const path = join(folder, `${instructions}-${length}.opcodes`);
  const address = (i: number): number => i + 2 * Math.floor(i / length);
  writeFileSync(path, Array.from({ length: instructions }, (_, i) => `${address(i)},op${i % 50}\n`).join(""));
  return path;
}

test("programs one after the other count the same: one rewrites itself, one has more branches than the tables before it, one more blocks", {
  tags: "slow",
}, async () => {
  for (const program of ["quickening", logOf(40_000, 40_000), logOf(18_000, 2), "fibonacci"]) {
    const asked = [program, "direct-threading,tail-call-no-elimination", "btb:unbounded,ittage"] as const;
    const machines = "zen-4";
    expect(await counted(...asked, true, undefined, machines)).toEqual(await counted(...asked, false, undefined, machines));
  }
});
