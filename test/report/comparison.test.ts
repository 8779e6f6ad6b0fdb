// How many times fewer mispredictions: two results files, and front ends of one simulation.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compared, comparedFrontEnds, comparisonParts, comparisonRows } from "../../dist/src/report/tables/comparison.js";
import { toText } from "../../dist/src/report/tables/text-table.js";
import { bplab, temporaryFolder } from "../support.js";

type Fields = Readonly<Record<string, string | number | null>>;

const row = (fields: Fields): Fields => ({
  program: "queens",
  technique: "switch",
  predictor: "btb",
  kind: "dispatch",
  size: "test",
  layout_seed: 0,
  branches: 1000,
  virtual_instructions: 1000,
  mispredictions: 100,
  ...fields,
});
const text = (...of: Parameters<typeof compared>): string => toText(comparisonParts([compared(...of)])).replaceAll("\n", " ");
const NAMES = ["a", "b"] as const;

it("says one factor for one run", () => {
  expect(text([row({})], [row({ mispredictions: 40 })], NAMES)).toContain(
    "b has 2.50 times fewer mispredictions, compared with a (geometric mean of 1 run).",
  );
  expect(text([row({ mispredictions: 40 })], [row({})], NAMES)).toContain("b has 2.50 times more mispredictions, compared with a");
});

it("compares seed by seed: the mean of the ratios, not the ratio of the means, and half of their range", () => {
  const seeds = (counts: readonly number[]) => counts.map((mispredictions, i) => row({ layout_seed: i + 1, mispredictions }));
  const said = text(seeds([100, 300]), seeds([50, 100]), NAMES);
  expect(said).toContain("2.50 ± 0.50");
  expect(said).toContain("b has 2.50 times fewer mispredictions, ± 0.50 over 2 seeds, compared with a");
});

it("gives programs the same weight in all: the geometric mean, by technique and overall", () => {
  const lz = { program: "lz" };
  const comparison = compared(
    [row({}), row({ ...lz, mispredictions: 8000 })],
    [row({ mispredictions: 50 }), row({ ...lz, mispredictions: 1000 })],
    NAMES,
  );
  expect(comparisonRows([comparison]).map(({ program, ratios }) => [program, ratios[0]?.toFixed(4)])).toEqual([
    ["queens", "2.0000"],
    ["lz", "8.0000"],
    ["(geometric mean)", "4.0000"],
  ]);
});

it("matches runs by what differs within a file, whatever differs between the two", () => {
  const techniques = [row({}), row({ technique: "direct-threading", mispredictions: 60 })];
  const others = techniques.map((record) => ({ ...record, predictor: "ittage", mispredictions: Number(record.mispredictions) / 2 }));
  const { runs } = compared(techniques, others, NAMES);
  expect(runs.map(({ technique, ratios }) => [technique, ratios])).toEqual([
    ["switch", [2]],
    ["direct-threading", [2]],
  ]);
  expect(compared([row({})], [row({ technique: "direct-threading", mispredictions: 10 })], NAMES).runs[0].ratios).toEqual([10]);
});

it("counts dispatches of programs and all branches of recordings, and leaves out what only one file has", () => {
  const recorded = (fields: Fields) => row({ program: "r.bpt", technique: "recorded", kind: "all", layout_seed: null, ...fields });
  const first = [row({}), row({ kind: "all", mispredictions: 7 }), recorded({}), row({ program: "lz" })];
  const second = [row({ mispredictions: 50 }), row({ kind: "all", mispredictions: 7 }), recorded({ mispredictions: 25 })];
  const { runs, unmatched } = compared(first, second, NAMES);
  expect(runs.map(({ program, ratios }) => [program, ratios])).toEqual([
    ["queens", [2]],
    ["r.bpt", [4]],
  ]);
  expect(unmatched).toBe(1);
});

it("gives no factor where the second mispredicts nothing, and says so", () => {
  const said = text([row({}), row({ program: "lz" })], [row({ mispredictions: 0 }), row({ program: "lz", mispredictions: 50 })], NAMES);
  expect(said).toContain("b has 2.00 times fewer mispredictions, compared with a (geometric mean of 1 run).");
  expect(said).toContain("1 run in which one of both mispredicts nothing is left out.");
});

it("compares every front end of a simulation with the first, and refuses a single one", () => {
  const records = [row({}), row({ predictor: "ittage", mispredictions: 20 }), row({ predictor: "tage", mispredictions: 25 })];
  expect(comparedFrontEnds(records).map(({ first, second, runs }) => [first, second, runs[0].ratios[0]])).toEqual([
    ["btb", "ittage", 5],
    ["btb", "tage", 4],
  ]);
  expect(() => comparedFrontEnds([row({})])).toThrow("--compare needs several front ends, got btb");
});

it("refuses files without a common run, results by site, and one front end, before anything runs", () => {
  const cwd = temporaryFolder();
  const file = (name: string, content: string) => writeFileSync(join(cwd, name), content);
  file("a.csv", "program,technique,predictor,kind,virtual_instructions,branches,mispredictions\nqueens,switch,btb,dispatch,9,9,3\n");
  file("b.csv", "program,technique,predictor,kind,virtual_instructions,branches,mispredictions\nlz,switch,btb,dispatch,9,9,3\n");
  file("s.csv", "program,technique,predictor,site,kind,owner,branches,mispredictions\nqueens,switch,btb,0x1,jump,add,9,3\n");
  expect(bplab(["compare", "a.csv", "b.csv"], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^a\.csv and b\.csv have no run in common/),
  });
  expect(bplab(["compare", "a.csv", "s.csv"], { cwd }).stderr).toMatch(/^s\.csv: compare needs results of whole runs/);
  expect(bplab(["simulate", "queens", "--predictor=ittage", "--compare"], { cwd }).stderr).toBe(
    "--compare needs several front ends, got ittage: --predictor=btb,ittage\n",
  );
  expect(bplab(["compare", "a.csv", "a.csv", "--format=csv"], { cwd })).toMatchObject({
    code: 0,
    stdout:
      "first,second,program,technique,predictor,first_mispredictions,second_mispredictions,times_fewer,half_range,seeds\na.csv,a.csv,queens,,,3,3,1,0,1\n",
  });
});
