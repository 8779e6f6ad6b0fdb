// Published figures are tied to rows that claims really ask for, and compared by ratios that can be checked by hand.
import { describe, expect, it } from "vitest";
import { readTechniques } from "../../dist/src/dispatch/techniques.js";
import { figureColumns, figuresParts } from "../../dist/src/report/tables/figures.js";
import { findClaims } from "../../dist/src/reproduce/claims.js";
import { comparedFigures, ratioTo } from "../../dist/src/reproduce/figures/figures.js";
import { PUBLISHED_FIGURES } from "../../dist/src/reproduce/figures/published.js";
import type { Outcome } from "../../dist/src/reproduce/reproduce.js";
import { select } from "../../dist/src/reproduce/selection.js";
import { simulate } from "../../dist/src/simulate/simulate.js";

const claims = new Map((await findClaims([])).map((claim) => [claim.id, claim]));

describe("published figures", () => {
  it.each(PUBLISHED_FIGURES)(
    "$what: rows of the claim that it names, a source, and a reason",
    async ({ ours, low, high, source, reason }) => {
      const claim = claims.get(ours.claim) ?? expect.fail(`no ${ours.claim}`);
      const named = ours.experiment;
      const experiment =
        (typeof named === "string" ? claim.experiments[named] : claim.on?.[named.on]?.experiment) ??
        expect.fail(`${ours.claim} has no such`);
      const techniques = (await readTechniques(experiment.technique)).map(({ name }) => name);
      const frontEnds = [experiment.predictor, experiment.machine].flatMap((list) => list?.split(",") ?? []);
      for (const { technique, predictor } of [ours, { ...ours, ...ours.against }]) {
        expect(techniques).toContain(technique);
        expect(frontEnds).toContain(predictor);
      }
      expect(low).toBeLessThanOrEqual(high);
      for (const text of [source, reason]) expect(text.trim()).not.toBe("");
    },
  );

  it("are compared with the nearer end of a range, and agree inside of it", () => {
    const band = { low: 50, high: 63 };
    expect([25, 50, 60, 63, 126].map((value) => ratioTo(value, band))).toEqual([0.5, 1, 1, 1, 2]);
    expect(ratioTo(1.5, { low: 0, high: 0.5 })).toBe(3);
  });

  it("are computed from rows, and only those that rows were made for", async () => {
    // by hand, in a thousand iterations: switch misses every dispatch, direct threading two of four and, once each, what it meets first
    const { rows } = await simulate({ inputs: ["A B A GOTO"], technique: "switch,direct-threading", predictor: "btb" });
    const claim = claims.get("C39") ?? expect.fail("no C39");
    const outcome: Outcome = {
      claim,
      finding: { verdict: "reproduced", measured: "" },
      rows,
      shown: rows,
      experiments: { all: select(rows) },
      on: {},
    };
    const figures = comparedFigures([outcome]);
    expect(figures.map(({ ours, value, ratio }) => [ours.technique, Math.round(value), Number(ratio.toFixed(2))])).toEqual([
      ["switch", 100, 1.02],
      ["direct-threading", 50, 1],
    ]);
    const [head, note, ...notes] = figuresParts(figures);
    expect(head).toMatchObject({ rows: [expect.arrayContaining(["81 to 98 %"]), expect.arrayContaining(["50 to 63 %"])] });
    expect(note).toContain("over the nearer end of a range");
    expect(notes).toEqual([expect.stringMatching(/^1, 2: M\. A\. Ertl .*\(read in a secondary source\)\. Ours: /)]);
    expect(Object.fromEntries(figureColumns.map(([name, of]) => [name, of(figures[0])]))).toMatchObject({
      published_low: 81,
      confidence: "secondary",
      evidence: "simulation",
      claim: "C39",
    });
  });
});
