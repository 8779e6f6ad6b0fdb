// The table that comes first on every page: its numbers, its marks, and that it sorts.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { simulate } from "../../dist/src/index.js";
import { fittingCharts, labelled } from "../../dist/src/report/drawing/find-charts.js";
import { resultsPage } from "../../dist/src/report/pages/results-page.js";
import { resultsSections } from "../../dist/src/report/pages/results-table.js";
import { recordsOf } from "../../dist/src/report/result-records.js";
import { resultsSheets } from "../../dist/src/report/tables/results-sheet.js";
import { rowColumns } from "../../dist/src/results/columns.js";
import { bplab, temporaryFolder } from "../support.js";
import { csvOf, run, SAMPLES } from "./samples.js";

describe("the table of results", () => {
  it("has the numbers of the rows, and marks the best technique of each program and front end by its speedup", async () => {
    const { rows } = await simulate({ inputs: ["A B A GOTO"], technique: "switch,direct-threading", predictor: "btb,ittage" });
    const [{ lines, head, names }] = resultsSheets(recordsOf(rowColumns, rows));
    const dispatches = rows.filter(({ kind }) => kind === "dispatch");
    expect(lines.map((line) => line.names)).toEqual(dispatches.map((row) => [row.program, row.technique, row.predictor]));
    const place = (name: string): number => head.indexOf(name) - names;
    lines.forEach((line, i) => {
      expect(line.cells[place("mispredicted")].value).toBe(dispatches[i].mispredictions);
      expect(line.cells[place("speedup")].value).toBeCloseTo(dispatches[i].estimatedSpeedupOverSwitch ?? Number.NaN, 6);
    });
    for (const predictor of ["btb", "ittage"]) {
      const own = lines.filter((line) => line.names[2] === predictor);
      const speedups = own.map(({ cells }) => cells[place("speedup")].value ?? 0);
      expect(own.map(({ best }) => best)).toEqual(speedups.map((speedup) => speedup === Math.max(...speedups)));
    }
  });

  it("makes one line of several layout seeds: the mean ± half the range", () => {
    const records = [1, 2, 3].flatMap((layout_seed) => run({ rate: layout_seed * 10, layout_seed }));
    const [{ lines, said }] = resultsSheets(records);
    expect(lines).toHaveLength(1);
    expect(lines[0].cells.map(({ text }) => text)).toContain("200 ± 100");
    expect(said).toContain("Several layout seeds");
  });

  it("marks what is assumed of a front end, and says it", async () => {
    const [{ lines }] = resultsSheets(
      await labelled({ records: [...run({ rate: 1, predictor: "zen-1" }), ...run({ rate: 1 })], costs: [], note: undefined }),
    );
    expect(lines.map(({ names }) => names[2])).toEqual(["zen-1 ?", "btb"]);
    expect(lines[0].assumed).toContain("untagged target cache");
  });

  it("shows recordings, which have no dispatches, by class of branches", () => {
    const [{ lines, title }] = resultsSheets(SAMPLES.recordings.records);
    expect(title).toBe("Results of recordings");
    expect(lines.map(({ names, best }) => [...names.slice(1), best])).toContainEqual(["indirect", "haswell", true]);
  });

  it("has programs and recordings where a file has both, though recordings have neither size nor bodies", async () => {
    const recorded = { technique: "recorded", size: null, bodies: null, icache: null, virtual_instructions: null };
    const records = [
      ...[1, 2].flatMap((seed) => run({ rate: 7, icache: "bytes=8192", layout_seed: seed })),
      ...run({ rate: 3, program: "a.bpt", ...recorded }),
    ];
    const table = { of: "rows", records } as const;
    const charts = await fittingCharts(table);
    expect(charts.map(({ chart }) => chart.id)).toEqual(expect.arrayContaining(["misprediction-rate", "recordings"]));
    const text = await resultsPage({ from: "a.csv", charts, table, command: "bplab" });
    expect(text).toContain('<h2 id="results-of-recordings">');
    expect(text).not.toContain("are left out");
    const flushed = [...records, ...run({ rate: 9, program: "b.bpt", ...recorded, flush_branches: 1000 }).slice(0, 4)];
    const [section] = await resultsSections({ of: "rows", records: flushed });
    expect(JSON.stringify(section.content)).toContain("flush_branches=none; 4 of 9 rows of recordings, with other settings, are left out");
  });

  it("comes first on a page, and a page without charts carries no libraries for them", async () => {
    const table = { of: "rows", records: run({ rate: 5 }) } as const;
    const text = await resultsPage({ from: "a.csv", charts: [], table, command: "bplab" });
    expect(text.length).toBeLessThan(30_000);
    expect(text).toContain('<h2 id="results">');
  });

  it("is on the page of recorded branches", () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, "a.csv"), csvOf(SAMPLES.recordings));
    expect(bplab(["report", "a.csv", "--output=a.html"], { cwd })).toMatchObject({ code: 0, stderr: "" });
  });
});
