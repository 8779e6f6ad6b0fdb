// The cost model by hand: one run with round numbers, one parameter at a time.
import { describe, expect, it } from "vitest";
import { CONDITIONAL, INDIRECT_JUMP, RETURN } from "../../dist/src/branch.js";
import { MACHINES } from "../../dist/src/front-end/machines/machines.js";
import type { Counts, KindCount } from "../../dist/src/replay/statistics.js";
import { ASSUMED, type CostParameters, costOn, cyclesLost, estimatedCycles } from "../../dist/src/results/cost.js";

const kind = (branches: number, mispredictions: number | undefined): KindCount => ({ branches, mispredictions, bubbles: 4 });
const siteOf = (flag: number, branches: number, mispredictions: number) => ({
  site: {
    id: 0,
    address: flag,
    kind: flag,
    target: 0,
    after: 0,
    dispatch: flag === INDIRECT_JUMP,
    when: "always" as const,
    owner: "",
  },
  branches,
  mispredictions,
  bubbles: 0,
});

/** 100 indirect dispatches, 60 conditionals and 20 returns, mispredicted 50, 6 and 1 times. */
const counts: Counts = {
  virtualInstructions: 100,
  nativeInstructions: 1000,
  takenBranches: 150,
  calls: 20,
  returns: 20,
  byKind: { dispatch: kind(100, 50), indirect: kind(100, 50), conditional: kind(60, 6), return: kind(20, 1), all: kind(200, 57) },
  notModelled: [],
  sites: [siteOf(INDIRECT_JUMP, 100, 50), siteOf(CONDITIONAL, 60, 6), siteOf(RETURN, 20, 1)],
  footprint: { bytes: { body: 0, dispatch: 0, table: 0, generated: 0 }, touchedBytes: 0 },
};
const FREE: CostParameters = {
  penaltyCycles: 0,
  instructionsPerCycle: 1,
  takenBranchCycles: 0,
  callCycles: 0,
  returnCycles: 0,
  bubbleCycles: 0,
  icacheMissCycles: 0,
  dcacheMissCycles: 0,
};
const caches = { icache: { accesses: 90, misses: 9 }, dcache: { accesses: 30, misses: 3 } };

describe("estimated cycles", () => {
  it.each([
    [{}, 1000],
    [{ instructionsPerCycle: 4 }, 250],
    [{ penaltyCycles: 15 }, 1000 + 57 * 15],
    [{ takenBranchCycles: 2 }, 1000 + 300],
    [{ callCycles: 3 }, 1000 + 60],
    [{ returnCycles: 0.5 }, 1000 + 10],
    [{ bubbleCycles: 8 }, 1000 + 32],
    [{ icacheMissCycles: 12 }, 1000 + 108],
    [{ dcacheMissCycles: 10 }, 1000 + 30],
    [{ indirectStallCycles: 5 }, 1000 + 500],
    [{ indirectStallCycles: 5, penaltyCycles: 15 }, 1000 + 500 + 7 * 15],
    [{ indirectStallCycles: 0, penaltyCycles: 15 }, 1000 + 7 * 15],
  ])("with %j alone are %d", (some, expected) => {
    expect(estimatedCycles({ ...counts, ...caches }, { ...FREE, ...some })).toBe(expected);
  });

  it("with all that is assumed are instructions, mispredictions, calls, returns and misses", () => {
    expect(estimatedCycles({ ...counts, ...caches }, ASSUMED)).toBe(1000 + 57 * 15 + 20 + 20 + 4 * 8 + 9 * 12 + 3 * 12);
  });

  it("hold no misses of a cache that is not modelled", () => {
    expect(estimatedCycles(counts, { ...FREE, icacheMissCycles: 12, dcacheMissCycles: 12 })).toBe(1000);
  });
});

describe("what holds for a front end", () => {
  const [machine] = MACHINES;

  it("is what was said, else what is known of its machine, else what is assumed", () => {
    expect(costOn(undefined, {})).toEqual(ASSUMED);
    expect(costOn({ ...machine, penaltyCycles: 20, indirectStallCycles: 7 }, { callCycles: 3 })).toEqual({
      ...ASSUMED,
      penaltyCycles: 20,
      indirectStallCycles: 7,
      callCycles: 3,
    });
    expect(costOn({ ...machine, penaltyCycles: 20 }, { penaltyCycles: 0 }).penaltyCycles).toBe(0);
    expect(costOn({ ...machine, penaltyCycles: undefined }, {}).penaltyCycles).toBe(ASSUMED.penaltyCycles);
  });
});

describe("where a front end leaves branches without prediction", () => {
  const unknown = { ...counts, byKind: { ...counts.byKind, dispatch: kind(100, undefined), indirect: kind(100, undefined) } };

  it("cycles are not known", () => {
    expect(cyclesLost(unknown, ASSUMED)).toBeUndefined();
    expect(estimatedCycles(unknown, ASSUMED)).toBeUndefined();
  });

  it("but a stall needs no prediction", () => {
    expect(cyclesLost(unknown, { ...ASSUMED, indirectStallCycles: 5 })).toBe(500 + 7 * 15);
  });

  it("unless dispatch returns, unpredicted", () => {
    const returns = { ...unknown, byKind: { ...unknown.byKind, return: kind(20, undefined) } };
    expect(cyclesLost(returns, { ...ASSUMED, indirectStallCycles: 5 })).toBeUndefined();
  });
});
