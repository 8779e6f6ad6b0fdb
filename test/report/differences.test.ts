// bplab diff: what changed between two results, and what can not be compared.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ResultRecord } from "../../dist/src/report/result-records.js";
import { differencesOf } from "../../dist/src/report/tables/differences.js";
import { bplab, temporaryFolder } from "../support.js";
import { csvOf, run, SAMPLES } from "./samples.js";

const rows = (...runs: readonly ResultRecord[][]) => ({ of: "rows", records: runs.flat() }) as const;
const names = ["a.csv", "b.csv"] as const;

describe("two results", () => {
  it("that are the same have no differences", () => {
    const table = rows(run({ rate: 50 }), run({ rate: 5, predictor: "ittage" }));
    expect(differencesOf(table, table, names)).toMatchObject({ list: [], common: 10, onlyBefore: [], onlyAfter: [] });
  });

  it("differ by value, by row and by column", () => {
    const before = rows(run({ rate: 50 }), run({ rate: 5, predictor: "ittage" }));
    const after = rows(run({ rate: 51, training: "" }), run({ rate: 96, technique: "call-threading", training: "" }));
    const { list, common, onlyAfter } = differencesOf(before, after, names);
    expect(common).toBe(5);
    expect(onlyAfter).toEqual(["training"]);
    expect(list.filter(({ column }) => column === "mispredictions").map(({ row, before: was, after: is }) => [row[3], was, is])).toEqual([
      ["dispatch", 500, 510],
      ["indirect", 500, 510],
      ["conditional", 50, 51],
      ["all", 550, 561],
    ]);
    expect(list.filter(({ column }) => column === "row").map(({ row, after: is }) => `${row[1]} ${row[2]} ${row[3]} ${is}`)).toEqual(
      ["switch ittage", "call-threading btb"].flatMap((run, i) =>
        ["dispatch", "indirect", "conditional", "return", "all"].map((kind) => `${run} ${kind} ${["missing", "there"][i]}`),
      ),
    );
  });

  it("are told apart by their settings where nothing else does", () => {
    const both = rows(run({ rate: 50 }), run({ rate: 50, penalty_cycles: 20 }));
    expect(differencesOf(both, both, names)).toMatchObject({ list: [], common: 10 });
    const twice = rows(run({ rate: 50 }), run({ rate: 50 }));
    expect(() => differencesOf(twice, twice, names)).toThrow(/a\.csv: two rows are of program lz/);
  });

  it("of different kinds are not compared", () => {
    expect(() => differencesOf(SAMPLES["btb-size"], SAMPLES["by-site"], names)).toThrow("a.csv holds rows, b.csv holds sites");
  });
});

describe("bplab diff", () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "a.csv"), csvOf(rows(run({ rate: 50 }))));
  writeFileSync(join(cwd, "b.csv"), csvOf(rows(run({ rate: 60 }))));

  it("shows what changed, and ends with 1 under --strict", () => {
    const { code, stdout, stderr } = bplab(["diff", "a.csv", "b.csv", "--strict"], { cwd });
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toMatch(
      /^a\.csv → b\.csv\n\nprogram +kind +column +before +after +change\nlz +dispatch +mispredictions +500 +600 +\+20 %\n/,
    );
    expect(stdout).toContain("5 rows in both, 9 differences.");
    expect(bplab(["diff", "a.csv", "a.csv", "--strict"], { cwd })).toMatchObject({ code: 0, stdout: "5 rows in both, 0 differences.\n" });
  });

  it("says in one line what is wrong", () => {
    expect(bplab(["diff", "a.csv", "none.csv"], { cwd })).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^no such file: none\.csv\n$/),
    });
  });
});
