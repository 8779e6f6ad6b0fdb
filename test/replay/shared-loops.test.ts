// Replays of short runs share loops and the code of their models: their counts are those of replays with a loop of their own.
import { expect, test } from "vitest";
import { readTechniques } from "../../dist/src/dispatch/techniques.js";
import { readFrontEnds } from "../../dist/src/front-end/front-end.js";
import { predictorIds } from "../../dist/src/front-end/load-predictor.js";
import { findProgram } from "../../dist/src/guests/programs.js";
import { measure } from "../../dist/src/lab/lab.js";

async function counted(program: string, techniques: string, predictors: string, brief: boolean, flushEvery?: number): Promise<unknown> {
  const measurements = await measure((await findProgram(program)).start("test", 1e9), {
    techniques: await readTechniques(techniques),
    frontEnds: await readFrontEnds(predictors),
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
