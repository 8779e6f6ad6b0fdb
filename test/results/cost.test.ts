// The cost model by hand: one run with round numbers, one figure at a time; where figures come from, and what they rest on.
import { describe, expect, it } from "vitest";
import { COST_NAMES } from "../../dist/src/front-end/machines/costs.js";
import { findMachine, MACHINES } from "../../dist/src/front-end/machines/machines.js";
import { type SimulateRequest, simulate } from "../../dist/src/index.js";
import type { CostParameters } from "../../dist/src/options/request.js";
import type { Counts, KindCount } from "../../dist/src/replay/statistics.js";
import { rowColumns } from "../../dist/src/results/columns.js";
import {
  ASSUMED,
  ASSUMPTIONS,
  type Charges,
  chargesOf,
  costsOn,
  cyclesLost,
  estimatedCycles,
  speedupRange,
} from "../../dist/src/results/cost.js";

const kind = (branches: number, mispredictions: number | undefined, overrides = 0, middles = 0): KindCount => ({
  branches,
  mispredictions,
  bubbles: 4,
  overrides,
  middles,
});

/** 100 indirect dispatches, 60 conditionals and 20 returns, mispredicted 50, 6 and 1 times; 40 and 3 and 2 overridden, 2 of these by a middle level. */
const counts: Counts = {
  virtualInstructions: 100,
  nativeInstructions: 1000,
  takenBranches: 150,
  calls: 20,
  returns: 20,
  byKind: {
    dispatch: kind(100, 50, 40),
    indirect: kind(100, 50, 40),
    conditional: kind(60, 6, 3, 2),
    return: kind(20, 1, 2),
    all: kind(200, 57, 45, 2),
  },
  notModelled: [],
  mispredictionsBesideIndirect: 7,
  siteCounts: () => [],
  footprint: { bytes: { body: 0, dispatch: 0, table: 0, generated: 0 }, touchedBytes: 0 },
};
const FREE = { ...(Object.fromEntries(COST_NAMES.map((name) => [name, 0])) as unknown as CostParameters), instructionsPerCycle: 1 };
const caches = { icache: { accesses: 90, misses: 9 }, dcache: { accesses: 30, misses: 3 } };

function charged(of: Counts, stalls = false): Charges {
  const charges = chargesOf(of, stalls);
  if (charges === undefined) throw new Error("no charges");
  return charges;
}

describe("estimated cycles", () => {
  it.each([
    [{}, 1000],
    [{ instructionsPerCycle: 4 }, 250],
    [{ penaltyCycles: 15 }, 1000 + 51 * 15],
    [{ conditionalPenaltyCycles: 15 }, 1000 + 6 * 15],
    [{ overrideCycles: 4 }, 1000 + 40 * 4],
    [{ middleLevelCycles: 7 }, 1000 + 2 * 7],
    [{ slowLevelCycles: 3 }, 1000 + 3 * 3],
    [{ takenBranchCycles: 2 }, 1000 + 300],
    [{ callCycles: 3 }, 1000 + 60],
    [{ returnCycles: 0.5 }, 1000 + 10],
    [{ bubbleCycles: 8 }, 1000 + 32],
    [{ icacheMissCycles: 12 }, 1000 + 108],
    [{ dcacheMissCycles: 10 }, 1000 + 30],
  ])("with %j alone are %d", (some, expected) => {
    expect(estimatedCycles(charged({ ...counts, ...caches }), { ...FREE, ...some })).toBe(expected);
  });

  it.each([
    [{ indirectStallCycles: 5 }, 1000 + 500],
    [{ indirectStallCycles: 5, penaltyCycles: 15 }, 1000 + 500 + 15],
    [{ indirectStallCycles: 5, conditionalPenaltyCycles: 15 }, 1000 + 500 + 6 * 15],
    [{ indirectStallCycles: 0, penaltyCycles: 15 }, 1000 + 15],
  ])("where indirect branches stall, with %j alone are %d: none of them is mispredicted", (some, expected) => {
    expect(estimatedCycles(charged({ ...counts, ...caches }, true), { ...FREE, ...some })).toBe(expected);
  });

  it("with all that is assumed are what each thing costs, added up", () => {
    const { penaltyCycles, overrideCycles, middleLevelCycles, slowLevelCycles, bubbleCycles } = ASSUMED;
    expect(estimatedCycles(charged({ ...counts, ...caches }), ASSUMED)).toBe(
      1000 +
        57 * penaltyCycles +
        40 * overrideCycles +
        2 * middleLevelCycles +
        3 * slowLevelCycles +
        20 +
        20 +
        4 * bubbleCycles +
        9 * 12 +
        3 * 12,
    );
  });

  it("hold no misses of a cache that is not modelled", () => {
    expect(estimatedCycles(charged(counts), { ...FREE, icacheMissCycles: 12, dcacheMissCycles: 12 })).toBe(1000);
  });

  it("are lost by mispredictions and stalls, not by overrides and bubbles", () => {
    expect(cyclesLost(charged(counts), { ...ASSUMED, penaltyCycles: 18, conditionalPenaltyCycles: 16 })).toBe(51 * 18 + 6 * 16);
    expect(cyclesLost(charged(counts, true), { ...ASSUMED, penaltyCycles: 18, conditionalPenaltyCycles: 16, indirectStallCycles: 5 })).toBe(
      500 + 18 + 6 * 16,
    );
  });
});

describe("what holds for a front end", () => {
  const [{ costs: _, ...machine }] = MACHINES;

  it("is what was said, else what is known of its machine, else what is assumed", () => {
    expect(costsOn(undefined, {}).values).toEqual(ASSUMED);
    const known = { ...machine, penaltyCycles: 20, indirectStallCycles: 7 };
    const { values, basis } = costsOn(known, { callCycles: 3 });
    expect(values).toEqual({ ...ASSUMED, penaltyCycles: 20, conditionalPenaltyCycles: 20, indirectStallCycles: 7, callCycles: 3 });
    expect(basis).toMatchObject({ penaltyCycles: "published", callCycles: "given", returnCycles: "assumed" });
    expect(costsOn({ ...machine, penaltyCycles: 20 }, { penaltyCycles: 0 }).values.penaltyCycles).toBe(0);
    expect(costsOn({ ...machine, penaltyCycles: undefined }, {}).values.penaltyCycles).toBe(ASSUMED.penaltyCycles);
  });

  it("has one penalty for all branches unless that of conditionals is known or said", () => {
    const two = findMachine("zen-4");
    expect(costsOn(two, {}).values).toMatchObject({ penaltyCycles: 18, conditionalPenaltyCycles: 16 });
    expect(costsOn(two, { penaltyCycles: 30 }).values).toMatchObject({ penaltyCycles: 30, conditionalPenaltyCycles: 30 });
    expect(costsOn(two, { conditionalPenaltyCycles: 12 }).values).toMatchObject({ penaltyCycles: 18, conditionalPenaltyCycles: 12 });
  });

  it("may be off by what is assumed of it, by the spread of its measurement, or not at all", () => {
    const { low, high } = costsOn(findMachine("zen-4"), { callCycles: 2 });
    expect([low.callCycles, high.callCycles]).toEqual([2, 2]);
    expect([low.overrideCycles, high.overrideCycles]).toEqual([3, 4]);
    expect([low.takenBranchCycles, high.takenBranchCycles]).toEqual([0, 1]);
    for (const { value, low: least, high: most } of Object.values(ASSUMPTIONS)) {
      expect(least).toBeLessThanOrEqual(value);
      expect(most).toBeGreaterThanOrEqual(value);
    }
  });

  it.each(MACHINES)("is the penalty of $id, as often as it is written down", ({ penaltyCycles, costs }) => {
    if (costs?.penaltyCycles !== undefined) expect(costs.penaltyCycles.value).toBe(penaltyCycles);
    for (const { value, low = value, high = value, source } of Object.values(costs ?? {})) {
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
      expect(source).not.toBe("");
    }
  });
});

describe("the range of a speedup", () => {
  const baseline = charged(counts);
  const fast = charged({ ...counts, nativeInstructions: 400 });
  const sure = { ...FREE, penaltyCycles: 10 };

  it("is one number where every figure is sure", () => {
    const costs = { values: sure, basis: {}, low: sure, high: sure };
    expect(speedupRange(baseline, fast, costs)).toEqual([1510 / 910, 1510 / 910]);
  });

  it("is what the extremes of one figure give, whichever way it goes", () => {
    const costs = { values: sure, basis: {}, low: { ...sure, penaltyCycles: 0 }, high: { ...sure, penaltyCycles: 20 } };
    expect(speedupRange(baseline, fast, costs)).toEqual([2020 / 1420, 1000 / 400]);
  });

  it("holds every point between the extremes of several figures", () => {
    const costs = costsOn(undefined, {});
    const [least, most] = speedupRange(baseline, fast, costs);
    for (let i = 0; i <= 10; i++) {
      const at = Object.fromEntries(
        Object.entries(ASSUMPTIONS).map(([name, { low, high }], k) => [name, low + ((high - low) * ((i * (k + 1)) % 11)) / 10]),
      );
      const cost = { ...costs.values, ...at };
      const ratio = estimatedCycles(baseline, cost) / estimatedCycles(fast, cost);
      expect(ratio).toBeGreaterThanOrEqual(least);
      expect(ratio).toBeLessThanOrEqual(most);
    }
  });
});

describe("where a front end leaves branches without prediction", () => {
  const unknown = { ...counts, byKind: { ...counts.byKind, dispatch: kind(100, undefined), indirect: kind(100, undefined) } };

  it("cycles are not known", () => {
    expect(chargesOf(unknown, false)).toBeUndefined();
  });

  it("but a stall needs no prediction", () => {
    expect(cyclesLost(charged(unknown, true), { ...ASSUMED, indirectStallCycles: 5 })).toBe(500 + 7 * 15);
  });

  it("unless dispatch returns, unpredicted", () => {
    const returns = { ...unknown, byKind: { ...unknown.byKind, return: kind(20, undefined) } };
    expect(chargesOf(returns, true)).toBeUndefined();
  });
});

describe("rows", () => {
  const run = async (request: SimulateRequest) => {
    const { rows } = await simulate({ inputs: ["fibonacci"], technique: "switch,subroutine-threading,direct-threading", ...request });
    return rows
      .filter(({ kind }) => kind === "all")
      .map((row) => Object.fromEntries(rowColumns.map(([name, value]) => [name, value(row)])));
  };

  it("say what each figure rests on, and hold the estimate in its range", async () => {
    for (const row of await run({ machine: "zen-4", call: 2 })) {
      const { estimated_speedup_over_switch: speedup, estimated_speedup_low: low, estimated_speedup_high: high, cost_basis: basis } = row;
      expect(Number(low)).toBeLessThanOrEqual(Number(speedup));
      expect(Number(high)).toBeGreaterThanOrEqual(Number(speedup));
      expect(basis).toContain("penaltyCycles=measured");
      expect(basis).toContain("callCycles=given");
      expect(basis).toContain("takenBranchCycles=assumed");
    }
  });

  it("are marked where an assumed IPC decides which technique is faster, and only there", async () => {
    const at = async (ipc: number) =>
      new Map((await run({ predictor: "ittage", ipc })).map((row) => [row.technique, Number(row.estimated_cycles)]));
    const [slow, fast] = [await at(1), await at(4)];
    const rows = await run({ predictor: "ittage" });
    for (const { technique, rank_flips: flips } of rows) {
      const expected = [...slow.keys()].some((other) => {
        const order = [slow, fast].map((cycles) => Math.sign((cycles.get(technique) ?? 0) - (cycles.get(other) ?? 0)));
        return order[0] * order[1] < 0;
      });
      expect({ technique, flips }).toEqual({ technique, flips: expected ? "yes" : "no" });
    }
    expect(rows.map(({ rank_flips: flips }) => flips)).toContain("yes");
    for (const { rank_flips: flips } of await run({ ipc: 2 })) expect(flips).toBeNull();
  });
});
