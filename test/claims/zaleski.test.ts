// The claims of Zaleski's chapter: their verdicts at size test, and that each verdict can come out differently.
import { beforeAll, describe, expect, it, vi } from "vitest";
import { type Claim, VERDICTS } from "../../dist/src/claims/claim.js";
import { findClaims, type NamedClaim } from "../../dist/src/claims/claims.js";
import { type Selection, select } from "../../dist/src/claims/selection.js";
import { type Outcome, reproduce } from "../../dist/src/reproduce.js";
import type { Row } from "../../dist/src/rows.js";

type Evidence = Readonly<Record<string, Selection>>;

/** What another simulator might have said of the rows of one experiment. */
const MUTATIONS: Readonly<Record<string, (rows: readonly Row[]) => Row[]>> = {
  "nothing is mispredicted": (rows) => rows.map((row) => ({ ...row, mispredictions: 0 })),
  "everything is mispredicted": (rows) => rows.map((row) => ({ ...row, mispredictions: row.branches })),
  "a branch for every virtual instruction": (rows) => rows.map((row) => ({ ...row, branches: row.virtualInstructions })),
  "time is instructions": (rows) => rows.map((row) => ({ ...row, cyclesLost: 1, estimatedCycles: row.nativeInstructions })),
  "techniques the other way round": (rows) => renamed(rows, "technique"),
  "predictors the other way round": (rows) => renamed(rows, "predictor"),
};

/** Rows under each other's names: the first has the last one's. */
function renamed(rows: readonly Row[], key: "technique" | "predictor"): Row[] {
  const names = [...new Set(rows.map((row) => row[key]))];
  const reversed = new Map(names.map((name, i) => [name, names[names.length - 1 - i]]));
  const order = (row: Row): number => names.indexOf(row[key]);
  return rows.map((row) => ({ ...row, [key]: reversed.get(row[key]) ?? row[key] })).toSorted((a, b) => order(a) - order(b));
}

const claims: readonly NamedClaim[] = await findClaims([], "zaleski");

describe("the claims of Zaleski's chapter", () => {
  const evidence = new Map<string, Evidence>();
  let outcomes: Outcome[] = [];

  beforeAll(async () => {
    for (const { id } of claims) {
      const module: { default: Claim } = await import(`../../dist/src/claims/${id.toLowerCase()}.js`);
      const { judge } = module.default;
      vi.spyOn(module.default, "judge").mockImplementation((given) => {
        evidence.set(id, given);
        return judge(given);
      });
    }
    outcomes = await reproduce({ source: "zaleski" });
  }, 900_000);

  it("are C17 to C38", () => {
    expect(claims.map(({ id }) => id)).toEqual(Array.from({ length: 22 }, (_, i) => `C${17 + i}`));
  });

  it.each(claims)("$id says what, where and how: $title", ({ id, title, quote, place, method }) => {
    const { finding, claim, rows } = outcomes.find((outcome) => outcome.claim.id === id) ?? expect.fail(`${id} was not run`);
    for (const text of [title, quote, place, method, finding.measured]) expect(text.trim()).not.toBe("");
    expect(rows.length).toBeGreaterThan(0);
    expect(VERDICTS).toContain(finding.verdict);
    expect(finding.verdict).toBe(claim.expectedVerdict);
    expect(finding.measured).toMatch(/\d/);
    expect(finding.measured).not.toMatch(/NaN|Infinity|undefined/);
  });

  it.each(claims)("$id would be judged differently, and say other numbers, if the rows were others", ({ id, judge }) => {
    const given = evidence.get(id) ?? expect.fail(`${id} was not judged`);
    const original = judge(given);
    const others = Object.values(MUTATIONS).map((mutate) =>
      judge(Object.fromEntries(Object.entries(given).map(([name, { rows }]) => [name, select(mutate(rows))]))),
    );
    expect(others.map(({ verdict }) => verdict).filter((verdict) => verdict !== original.verdict)).not.toHaveLength(0);
    expect(others.map(({ measured }) => measured).filter((measured) => measured !== original.measured)).not.toHaveLength(0);
  });
});
