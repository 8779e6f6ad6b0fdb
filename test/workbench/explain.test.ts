// The worked examples of the literature, through the whole pipeline. Misses per loop iteration in the steady state.
import { describe, expect, it } from "vitest";
import { explain } from "../../dist/src/workbench/explain.js";

const COLUMNS = [
  ["switch", "btb:unbounded"],
  ["switch", "btb-2bit:unbounded"],
  ["direct-threading", "btb:unbounded"],
  ["direct-threading", "btb-2bit:unbounded"],
  ["switch", "two-level:targets=1:unbounded"],
  ["direct-threading", "two-level:targets=1:unbounded"],
  ["switch", "two-level:targets=2:unbounded"],
  ["direct-threading", "two-level:targets=2:unbounded"],
  ["switch", "two-level:targets=4:unbounded"],
] as const;

// Ertl and Gregg's examples (PLDI 2003), Zaleski's (dissertation, chapter 3); computed with a reference model
const EXAMPLES: readonly (readonly [loop: string, misses: readonly number[]])[] = [
  ["A B A GOTO", [4, 2, 2, 1, 2, 2, 0, 0, 0]],
  ["A1 B A2 GOTO", [4, 4, 0, 0, 0, 0, 0, 0, 0]],
  ["A B A B A GOTO", [6, 3, 2, 1, 2, 2, 2, 2, 0]],
  ["A1 B A2 B A1 GOTO", [6, 5, 4, 2, 4, 4, 0, 0, 0]],
  ["A BA GOTO", [3, 3, 0, 0, 0, 0, 0, 0, 0]],
  ["iload iload iconst iadd iadd istore goto", [5, 6, 4, 2, 4, 4, 0, 0, 0]],
  ["a b c d e f", [6, 6, 0, 0, 0, 0, 0, 0, 0]],
  ["x x x x x x goto", [2, 1, 2, 1, 2, 2, 2, 2, 2]],
];

describe("explain", () => {
  for (const [loop, misses] of EXAMPLES) {
    it.each(COLUMNS.map((column, i) => [...column, misses[i]] as const))(
      `${loop}: %s with %s misses %i an iteration`,
      async (technique, predictor, expected) => {
        const result = await explain(loop, technique, predictor);
        expect(result.dispatchesPerIteration).toBe(loop.split(" ").length);
        expect(result.missesPerIteration).toBe(expected);
      },
    );
  }

  it("token and tail-call threading miss what direct threading misses", async () => {
    for (const [loop] of EXAMPLES) {
      const expected = (await explain(loop, "direct-threading", "btb:unbounded")).missesPerIteration;
      for (const technique of ["token-threading", "tail-call-threading"]) {
        expect((await explain(loop, technique, "btb:unbounded")).missesPerIteration).toBe(expected);
      }
    }
  });

  it("shows what the predictor says of every site before and after: in a BTB the last target of each", async () => {
    const { sites, dispatches } = await explain("A B A GOTO", "direct-threading", "btb:unbounded");
    expect(sites.map(({ owner }) => owner)).toEqual(["entry", "A", "B", "GOTO"]);
    const last: (string | null)[] = [null, null, null, null];
    for (const { site, siteAddress, target, before, after } of dispatches) {
      expect(before).toEqual(last);
      last[sites.findIndex(({ owner, address }) => owner === site && address === siteAddress)] = target;
      expect(after).toEqual(last);
    }
  });

  it("says with a history what the site's answer is in this situation", async () => {
    const { dispatches } = await explain("A B A GOTO", "switch", "two-level:targets=2:unbounded");
    // behind A B comes A, behind B A comes GOTO, behind A GOTO comes A, behind GOTO A comes B
    expect(dispatches.slice(-4).map(({ target, after }) => [target, after[0]])).toEqual([
      ["B", "A"],
      ["A", "GOTO"],
      ["GOTO", "A"],
      ["A", "B"],
    ]);
  });

  it("shows the dispatch of the first instruction, and every one until the pattern has been seen once", async () => {
    const { dispatches, steadyFrom, period } = await explain("A B A GOTO", "direct-threading", "btb:unbounded");
    expect(dispatches[0]).toMatchObject({ iteration: 1, site: "entry", predicted: null, target: "A", hit: false });
    expect(dispatches).toHaveLength(1 + 4 * (steadyFrom + period - 1));
    expect(dispatches.slice(-4).map(({ site, predicted, target, hit }) => [site, predicted, target, hit])).toEqual([
      ["A", "GOTO", "B", false],
      ["B", "A", "A", true],
      ["A", "B", "GOTO", false],
      ["GOTO", "A", "A", true],
    ]);
  });

  it("refuses an empty loop and several techniques", async () => {
    await expect(explain(" ", "switch", "btb")).rejects.toThrow(/expected a loop of virtual instructions/);
    await expect(explain("A B", "switch,token-threading", "btb")).rejects.toThrow(/one technique/);
  });
});
