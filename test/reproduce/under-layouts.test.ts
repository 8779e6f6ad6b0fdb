// Claims under several layouts of the bodies.
import { describe, expect, it } from "vitest";
import { verdictText } from "../../dist/src/report/tables/verdicts.js";
import { reproduceUnderLayouts } from "../../dist/src/reproduce/under-layouts.js";

describe("claims under layout seeds", async () => {
  const [outcome] = await reproduceUnderLayouts({ claims: ["C21"], jobs: 1 }, [1, 2]);

  it("keep what was found in the layout as it is, and say what was found under each seed", () => {
    expect(outcome.finding.verdict).toBe("by construction");
    expect(outcome.rows.map(({ settings }) => settings.layoutSeed)).not.toContain(1);
    expect(outcome.layouts.map(({ layoutSeed, verdict }) => [layoutSeed, verdict])).toEqual([
      [1, "by construction"],
      [2, "by construction"],
    ]);
    expect(verdictText([outcome])).toContain("layouts   by construction under 2 of 2 layout seeds");
  });

  it("say where a verdict depends on them", () => {
    const [first, second] = outcome.layouts;
    const other = { ...outcome, layouts: [first, { ...second, verdict: "not reproduced" as const, measured: "1 of 9" }] };
    expect(verdictText([other])).toContain("by construction under 1 of 2 layout seeds; 2: not reproduced (1 of 9)");
  });
});
