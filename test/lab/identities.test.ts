// Identities that hold for every trace with unbounded tables: the strongest tests of the whole pipeline there are.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findProgram, programIds } from "../../dist/src/index.js";
import type { Counts } from "../../dist/src/replay/statistics.js";
import type { VirtualRun } from "../../dist/src/trace/run.js";
import { blockProgram, blockRun, countAll, execute } from "../support.js";

const TECHNIQUES = "switch,call-threading,token-threading,direct-threading,tail-call-threading,subroutine-threading";
const PREDICTORS = "btb:unbounded,btb-2bit:unbounded,two-level:targets=1:unbounded,two-level:targets=2:unbounded,two-level:unbounded";

/** Asserts every identity on two equal runs: one is replayed, one is looked at. */
async function checkIdentities(replayed: VirtualRun, looked: VirtualRun): Promise<void> {
  const all = await countAll(replayed, TECHNIQUES, PREDICTORS);
  const counts = (technique: string, predictor: string): Counts => {
    const found = all.get(`${technique} ${predictor}`);
    if (found === undefined) throw new Error(`not measured: ${technique} ${predictor}`);
    return found;
  };
  const misses = (technique: string, predictor: string): number | undefined => counts(technique, predictor).byKind.dispatch.mispredictions;

  const { opcodes } = execute(looked);
  const changes = opcodes.filter((opcode, i) => i > 0 && opcode !== opcodes[i - 1]).length;
  expect(counts("switch", "btb:unbounded").virtualInstructions).toBe(opcodes.length);
  // one dispatch per virtual instruction, the first included, none after the last
  for (const technique of ["switch", "call-threading", "token-threading", "direct-threading", "tail-call-threading"]) {
    expect(counts(technique, "btb:unbounded").byKind.dispatch.branches).toBe(opcodes.length);
  }
  expect(misses("switch", "btb:unbounded")).toBe(1 + changes);
  expect(misses("switch", "two-level:targets=1:unbounded")).toBe(misses("direct-threading", "btb:unbounded"));
  for (const n of [1, 2, 4]) {
    // four targets are the default, which names leave out
    const predictor = n === 4 ? "two-level:unbounded" : `two-level:targets=${n}:unbounded`;
    expect(misses("switch", predictor)).toBe(misses("direct-threading", predictor));
  }
  for (const predictor of PREDICTORS.split(",")) {
    expect(misses("call-threading", predictor)).toBe(misses("switch", predictor));
    expect(misses("token-threading", predictor)).toBe(misses("direct-threading", predictor));
    expect(misses("tail-call-threading", predictor)).toBe(misses("direct-threading", predictor));
  }
  // subroutine threading with a return stack: every return is right, what is missed are jumps after virtual transfers
  const subroutine = counts("subroutine-threading", "btb:unbounded");
  expect(subroutine.byKind.return.mispredictions).toBe(0);
  expect(subroutine.byKind.return.branches).toBeGreaterThanOrEqual(opcodes.length - 1);
}

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
