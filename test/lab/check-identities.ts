// Identities that hold for every trace with unbounded tables: the strongest tests of the whole pipeline there are.
import { expect } from "vitest";
import type { Counts } from "../../dist/src/replay/statistics.js";
import type { VirtualRun } from "../../dist/src/trace/run.js";
import { countAll, execute } from "../support.js";

const TECHNIQUES = "switch,call-threading,token-threading,direct-threading,tail-call-threading,subroutine-threading";
const PREDICTORS = "btb:unbounded,btb-2bit:unbounded,two-level:targets=1:unbounded,two-level:targets=2:unbounded,two-level:unbounded";

/** Asserts every identity on two equal runs: one is replayed, one is looked at. */
export async function checkIdentities(replayed: VirtualRun, looked: VirtualRun): Promise<void> {
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
