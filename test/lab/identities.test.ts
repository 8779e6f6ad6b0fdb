// Identities that hold for every trace with unbounded tables, on the lab's programs and on random ones.
import fc from "fast-check";
import { describe, it } from "vitest";
import { findProgram, programIds } from "../../dist/src/index.js";
import type { VirtualRun } from "../../dist/src/trace/run.js";
import { blockProgram, blockRun } from "../support.js";
import { checkIdentities } from "./check-identities.js";

describe("identities of unbounded predictors", () => {
  it.each(programIds())("hold on %s", { tags: "slow" }, async (id) => {
    const program = await findProgram(id);
    const start = (): VirtualRun => program.start("test", 1e7);
    await checkIdentities(start(), start());
  });

  it("hold on random programs", { tags: "slow" }, async () => {
    const names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const block = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 5 });
    const program = fc
      .array(block, { minLength: 1, maxLength: 6 })
      .chain((blocks) => fc.tuple(fc.constant(blocks), fc.array(fc.nat(blocks.length - 1), { minLength: 1, maxLength: 80 })));
    await fc.assert(
      fc.asyncProperty(program, async ([blocks, ids]) => {
        await checkIdentities(blockRun(blockProgram(blocks), ids), blockRun(blockProgram(blocks), ids));
      }),
      { seed: 20261120, numRuns: 40 },
    );
  });
});
