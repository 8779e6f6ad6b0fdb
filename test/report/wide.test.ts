// Results with a column for each predictor, and what all programs come to.
import { describe, expect, it } from "vitest";
import { type WideRow, wideColumns, wideTable } from "../../dist/src/report/tables/wide.js";
import { run } from "./samples.js";

const records = [
  ...run({ rate: 90, program: "lz" }),
  ...run({ rate: 50, program: "queens", virtual_instructions: 3000, branches: 3000 }),
  ...run({ rate: 9, program: "lz", predictor: "ittage" }),
  ...run({ rate: 5, program: "queens", predictor: "ittage", virtual_instructions: 3000, branches: 3000 }),
];
const shown = (column: string) => wideTable(records, column).rows.map(({ program, values }: WideRow) => [program, ...values]);

describe("a wide table", () => {
  it("has a line for each program and technique, then the rate of the sums and the mean of the rates", () => {
    expect(shown("mispredictions_per_branch")).toEqual([
      ["lz", null, null],
      ["queens", null, null],
      ["(rate of the sums)", (900 + 500) / 4000, (90 + 50) / 4000],
      ["(mean of the rates)", Number(((0.9 + 500 / 3000) / 2).toPrecision(9)), Number(((0.09 + 50 / 3000) / 2).toPrecision(9))],
    ]);
  });

  it("adds up counts", () => {
    expect(shown("mispredictions")).toEqual([
      ["lz", 900, 90],
      ["queens", 500, 50],
      ["(sum)", 1400, 140],
      ["(mean)", 700, 70],
    ]);
  });

  it("leaves a field empty where a predictor has no row, and says no sum then", () => {
    const table = wideTable(records.slice(0, 15), "mispredictions");
    expect(table.predictors).toEqual(["btb", "ittage"]);
    expect(table.rows.map(({ values }) => values)).toEqual([
      [900, 90],
      [500, null],
      [1400, null],
      [700, null],
    ]);
    expect(wideColumns(table).map(([name]) => name)).toEqual(["program", "technique", "btb", "ittage"]);
  });

  it("knows its columns", () => {
    expect(() => wideTable(records, "mispredicted")).toThrow(/unknown column of --wide: mispredicted; did you mean mispredictions/);
  });
});
