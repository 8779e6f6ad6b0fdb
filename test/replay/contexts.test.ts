// The context problem in numbers: worked out by hand for small loops, and against the plainest count for a real program.
import { describe, expect, it } from "vitest";
import { simulate } from "../../dist/src/index.js";

const contextsOf = async (inputs: readonly string[], technique: string, warmup = 0) => {
  const { rows, targets } = await simulate({ inputs, technique, predictor: "btb", contexts: true, warmup });
  return { contexts: rows[0].contexts, targets };
};

describe("contexts", () => {
  it("of A B A GOTO: a shared site leads to three bodies, and A's own to two", async () => {
    // a warm-up leaves out the dispatch of the first instruction
    const shared = await contextsOf(["A B A GOTO"], "switch", 400);
    expect(shared.contexts).toMatchObject({ sites: 1, targetsPerSite: 3, targetsPerDispatch: 3 });
    // A half of the time, B and GOTO a quarter each
    expect(shared.contexts?.entropy).toBeCloseTo(1.5, 3);
    expect(shared.contexts?.entropyGivenSite).toBeCloseTo(1.5, 3);
    expect(shared.contexts?.entropyGivenVirtualAddress).toBe(0);
    const own = await contextsOf(["A B A GOTO"], "direct-threading", 400);
    expect(own.contexts).toMatchObject({ sites: 3 });
    expect(own.contexts?.targetsPerSite).toBeCloseTo(4 / 3);
    expect(own.contexts?.targetsPerDispatch).toBeCloseTo(1.5, 3);
    // given the site, only what follows A is in doubt: half of all dispatches, between two targets
    expect(own.contexts?.entropyGivenSite).toBeCloseTo(0.5, 3);
    expect(own.contexts?.entropyGivenVirtualAddress).toBe(0);
    const copies = await contextsOf(["A B A GOTO"], "dynamic-replication", 400);
    expect(copies.contexts).toMatchObject({ sites: 4, targetsPerSite: 1, entropyGivenSite: 0 });
  });

  it("name the opcodes that dispatch and that are reached, and add up to all dispatches", async () => {
    const { targets } = await contextsOf(["A B A GOTO"], "direct-threading");
    expect(targets.map(({ owner, targetOwner, branches }) => `${owner} ${targetOwner} ${branches}`).sort()).toEqual([
      "A B 1000",
      "A GOTO 1000",
      "B A 1000",
      "GOTO A 999",
      "entry A 1",
    ]);
    const { rows, targets: all } = await simulate({ inputs: ["queens"], technique: "all", predictor: "btb,two-level", contexts: true });
    for (const { kind, technique, predictor, branches } of rows) {
      if (kind !== "dispatch" || predictor !== "btb") continue;
      const sum = all.reduce((count, row) => (row.technique === technique ? count + row.branches : count), 0);
      expect({ technique, sum }).toEqual({ technique, sum: branches });
    }
  });

  it("are less uncertain the more is known", async () => {
    const { rows } = await simulate({ inputs: ["compiler"], technique: "switch,direct-threading", predictor: "btb", contexts: true });
    const [shared, own] = ["switch", "direct-threading"].map((name) => rows.find(({ technique }) => technique === name)?.contexts);
    expect(shared?.entropyGivenSite).toBe(shared?.entropy);
    expect(own?.entropyGivenSite).toBeLessThan(own?.entropy ?? 0);
    expect(own?.entropyGivenVirtualAddress).toBeLessThan(own?.entropyGivenSite ?? 0);
    // who dispatches and what is reached does not depend on how
    expect(own?.entropy).toBeCloseTo(shared?.entropy ?? 0, 2);
    expect(own?.entropyGivenVirtualAddress).toBeCloseTo(shared?.entropyGivenVirtualAddress ?? 0, 2);
  });
});
