// The lowering, the replay loop and the counting from block frequencies against the plainest program that does the same:
// walk the executed instructions one by one, take each one's branches off the layout, keep a map per model.
// @module-tag slow
import { describe, expect, it } from "vitest";
import { findProgram, readTechniques, techniqueIds } from "../../dist/src/index.js";
import { walkNative } from "../dispatch/native-walk.js";
import { seenBy } from "../dispatch/views.js";
import { countAll, execute, loopProfile } from "../support.js";

describe("the pipeline counts what a naive walk counts", () => {
  // queens and compiler throw; word-count and parser-generator run words while they load; quickening rewrites itself
  it.each(["queens", "compiler", "word-count", "parser-generator", "unpredictable"])("on %s, with every technique", async (id) => {
    const run = (await findProgram(id)).start("test", 1e7);
    const { addresses } = execute(run);
    const context = { layoutSeed: 3, profile: loopProfile(run.program, addresses) };
    const all = await countAll(
      (await findProgram(id)).start("test", 1e7),
      techniqueIds().join(","),
      "btb:unbounded+return-stack:depth=1024",
      {
        context,
      },
    );
    for (const technique of await readTechniques(techniqueIds().join(","))) {
      const seen = seenBy(technique, run.program, addresses);
      const naive = walkNative(seen.program, technique.layout(seen.program, context), seen.addresses, seen.epilogue);
      const counts = all.get(`${technique.name} btb:unbounded+return-stack:depth=1024`);
      expect({
        technique: technique.name,
        branches: counts?.byKind.all.branches,
        dispatches: counts?.byKind.dispatch.branches,
        calls: counts?.calls,
        nativeInstructions: counts?.nativeInstructions,
        indirectMisses: counts?.byKind.indirect.mispredictions,
      }).toEqual({
        technique: technique.name,
        branches: naive.branches,
        dispatches: naive.dispatches,
        calls: naive.calls,
        nativeInstructions: naive.nativeInstructions,
        indirectMisses: naive.indirectMisses,
      });
      // a return stack holds 1024 entries, the naive one any number
      if (naive.calls === 0 || naive.deepest < 1024) expect(counts?.byKind.return.mispredictions).toBe(naive.returnMisses);
    }
  });

  it("and per-site counts add up to the totals", async () => {
    const all = await countAll((await findProgram("queens")).start("test", 1e7), techniqueIds().join(","), "btb,two-level");
    for (const counts of all.values()) {
      const dispatches = counts.siteCounts().filter(({ site }) => site.dispatch);
      expect(dispatches.reduce((sum, { branches }) => sum + branches, 0)).toBe(counts.byKind.dispatch.branches);
      expect(dispatches.reduce((sum, { mispredictions }) => sum + mispredictions, 0)).toBe(counts.byKind.dispatch.mispredictions);
      for (const { branches, mispredictions } of counts.siteCounts()) expect(mispredictions).toBeLessThanOrEqual(branches);
    }
  });
});

describe("warm-up", () => {
  it("leaves out what ran before, but what the predictor learned stays", async () => {
    const program = await findProgram("queens");
    const start = () => program.start("test", 1e7);
    const cold = (await countAll(start(), "direct-threading", "btb:unbounded")).get("direct-threading btb:unbounded");
    const warm = (await countAll(start(), "direct-threading", "btb:unbounded", { warmup: 100_000 })).get("direct-threading btb:unbounded");
    expect((cold?.virtualInstructions ?? 0) - (warm?.virtualInstructions ?? 0)).toBeGreaterThanOrEqual(100_000);
    expect((cold?.virtualInstructions ?? 0) - (warm?.virtualInstructions ?? 0)).toBeLessThan(100_100);
    // the dispatch of the first counted instruction belongs to the warm-up, and none follows the last
    expect(warm?.byKind.dispatch.branches).toBe((warm?.virtualInstructions ?? 0) - 1);
    expect(warm?.byKind.dispatch.mispredictions).toBeLessThan(cold?.byKind.dispatch.mispredictions ?? 0);
  });

  it("longer than the run is an error that says how long the run was", async () => {
    await expect(countAll((await findProgram("sieve")).start("test", 1e7), "switch", "btb", { warmup: 1e9 })).rejects.toThrow(
      /warm-up of 1000000000 .* \(\d+\)/,
    );
  });
});
