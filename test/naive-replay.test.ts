// The lowering, the replay loop and the counting from block frequencies against the plainest program that does the same:
// walk the executed instructions one by one, take each one's branches off the layout, keep a map per model.
import { describe, expect, it } from "vitest";
import { CONDITIONAL, INDIRECT, RETURN } from "../dist/src/branch.js";
import { type NativeCode, NEXT, type Site } from "../dist/src/dispatch/native-code.js";
import { findProgram, readTechniques, techniqueIds } from "../dist/src/index.js";
import type { VirtualProgram } from "../dist/src/trace/virtual.js";
import { countAll, recordBlocks } from "./support.js";

interface Naive {
  branches: number;
  dispatches: number;
  nativeInstructions: number;
  indirectMisses: number;
  returnMisses: number;
}

function walk(program: VirtualProgram, code: NativeCode, ids: readonly number[]): Naive {
  const sum: Naive = { branches: 0, dispatches: 0, nativeInstructions: 0, indirectMisses: 0, returnMisses: 0 };
  const lastTarget = new Map<number, number>();
  const returnStack: number[] = [];
  const execute = (site: Site, next: number, transferred: boolean): void => {
    const taken = site.when === "always" || (site.when === "taken" && transferred) || (site.when === "fall-through" && !transferred);
    if (!taken && site.kind !== CONDITIONAL) return;
    const target = taken ? (site.target === NEXT ? next : site.target) : site.after;
    sum.branches++;
    if (site.dispatch) sum.dispatches++;
    if (site.kind & INDIRECT) {
      if (lastTarget.get(site.address) !== target) sum.indirectMisses++;
      lastTarget.set(site.address, target);
    }
    if (site.kind === RETURN && returnStack.pop() !== target) sum.returnMisses++;
    if (site.kind & (8 | 16)) returnStack.push(site.after);
  };
  execute(code.entry, code.at(program.blockStart(ids[0])).entry, true);
  ids.forEach((id, i) => {
    const start = program.blockStart(id);
    const length = program.blockLength(id);
    for (let address = start; address < start + length; address++) {
      const instruction = code.at(address);
      sum.nativeInstructions += instruction.nativeInstructions;
      const last = address === start + length - 1;
      if (last && i === ids.length - 1) break;
      const following = last ? program.blockStart(ids[i + 1]) : address + 1;
      const transferred = following !== address + 1;
      const next = code.at(following).entry;
      for (const site of instruction.sites) execute(site, next, transferred);
      const stuck = transferred && program.flowAt(address) === "next" && !instruction.sites.some(({ target }) => target === NEXT);
      if (stuck) execute(code.entry, next, true);
    }
  });
  return sum;
}

describe("the pipeline counts what a naive walk counts", () => {
  // queens and compiler throw; word-count and parser-generator run words while they load
  it.each(["queens", "compiler", "word-count", "parser-generator", "regex"])("on %s, with every technique", async (id) => {
    const run = findProgram(id).start("test", 1e7);
    const ids = recordBlocks(run);
    const all = await countAll(findProgram(id).start("test", 1e7), techniqueIds().join(","), "btb:unbounded");
    for (const technique of await readTechniques(techniqueIds().join(","))) {
      const naive = walk(run.program, technique.layout(run.program), ids);
      const counts = all.get(`${technique.name} btb:unbounded`);
      expect({
        branches: counts?.byKind.all.branches,
        dispatches: counts?.byKind.dispatch.branches,
        nativeInstructions: counts?.nativeInstructions,
        indirectMisses: counts?.byKind.indirect.mispredictions,
        returnMisses: counts?.byKind.return.mispredictions,
      }).toEqual(naive);
    }
  });

  it("and per-site counts add up to the totals", async () => {
    const all = await countAll(findProgram("queens").start("test", 1e7), techniqueIds().join(","), "btb,two-level");
    for (const counts of all.values()) {
      const dispatches = counts.sites.filter(({ site }) => site.dispatch);
      expect(dispatches.reduce((sum, { branches }) => sum + branches, 0)).toBe(counts.byKind.dispatch.branches);
      expect(dispatches.reduce((sum, { mispredictions }) => sum + mispredictions, 0)).toBe(counts.byKind.dispatch.mispredictions);
      for (const { branches, mispredictions } of counts.sites) expect(mispredictions).toBeLessThanOrEqual(branches);
    }
  });
});

describe("warm-up", () => {
  it("leaves out what ran before, but what the predictor learned stays", async () => {
    const start = () => findProgram("queens").start("test", 1e7);
    const cold = (await countAll(start(), "direct-threading", "btb:unbounded")).get("direct-threading btb:unbounded");
    const warm = (await countAll(start(), "direct-threading", "btb:unbounded", 100_000)).get("direct-threading btb:unbounded");
    expect((cold?.virtualInstructions ?? 0) - (warm?.virtualInstructions ?? 0)).toBeGreaterThanOrEqual(100_000);
    expect((cold?.virtualInstructions ?? 0) - (warm?.virtualInstructions ?? 0)).toBeLessThan(100_100);
    // the dispatch of the first counted instruction belongs to the warm-up, and none follows the last
    expect(warm?.byKind.dispatch.branches).toBe((warm?.virtualInstructions ?? 0) - 1);
    expect(warm?.byKind.dispatch.mispredictions).toBeLessThan(cold?.byKind.dispatch.mispredictions ?? 0);
  });

  it("longer than the run is an error that says how long the run was", async () => {
    await expect(countAll(findProgram("sieve").start("test", 1e7), "switch", "btb", 1e9)).rejects.toThrow(
      /warm-up of 1000000000 .* \(\d+\)/,
    );
  });
});
