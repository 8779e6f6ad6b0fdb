// Charts: the specification says what the rows say, and it draws.
import { describe, expect, it } from "vitest";
import { simulate } from "../dist/src/index.js";
import { mispredictionRate } from "../dist/src/report/charts/misprediction-rate.js";
import { renderSvg } from "../dist/src/report/render.js";
import { bplab, temporaryFolder } from "./support.js";

describe("the chart of misprediction rates", () => {
  it("has one value for each program, technique and predictor, and draws every technique", async () => {
    const { rows } = await simulate({ inputs: ["sieve", "queens"], predictor: "btb,gshare" });
    const spec = mispredictionRate(rows);
    // gshare predicts no indirect branches, so only subroutine threading's returns give it a value
    const values = (spec as { data: { values: { predictor: string; rate: number }[] } }).data.values;
    expect(values.filter(({ predictor }) => predictor === "btb")).toHaveLength(2 * new Set(rows.map(({ technique }) => technique)).size);
    for (const { rate } of values) expect(rate).toBeLessThanOrEqual(100);
    const svg = await renderSvg(spec);
    // whole names, however long
    const long = await simulate({ inputs: ["sieve"], technique: "static-superinstructions:superinstructions=20:longest=8:parse=optimal" });
    expect(await renderSvg(mispredictionRate(long.rows))).toContain(
      "static-superinstructions:superinstructions=20:longest=8:parse=optimal",
    );
    for (const technique of ["switch", "direct-threading", "call-threading"]) expect(svg).toContain(technique);
  });

  it("is an error when the specification is wrong, not a half-empty picture", async () => {
    const { rows } = await simulate({ inputs: ["sieve"], technique: "switch" });
    const spec = mispredictionRate(rows) as unknown as { layer: { encoding: Record<string, unknown> }[] };
    spec.layer[0].encoding.nonsense = { field: "rate" };
    await expect(renderSvg(spec as never)).rejects.toThrow(/chart:/);
  });

  it("is written by simulate --chart, to .svg or .json only", () => {
    const cwd = temporaryFolder();
    expect(bplab(["simulate", "sieve", "--chart=a.svg"], { cwd }).code).toBe(0);
    expect(bplab(["simulate", "sieve", "--chart=a.json"], { cwd }).code).toBe(0);
    const empty = bplab(["simulate", "sieve", "--technique=switch", "--predictor=gshare", "--chart=b.svg"], { cwd });
    expect([empty.code, empty.stderr]).toEqual([2, "there is nothing to draw: no predictor covers the dispatch branches\n"]);
    const { code, stderr } = bplab(["simulate", "sieve", "--chart=a.png"], { cwd });
    expect([code, stderr]).toEqual([2, "--chart must be a file that ends in .svg or .json, got a.png\n"]);
  });
});
