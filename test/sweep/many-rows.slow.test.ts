// A hundred thousand rows are merged and drawn in less than 500 MB.
// @module-tag slow
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { simulate } from "../../dist/src/index.js";
import { rowColumns } from "../../dist/src/results/columns.js";
import { itemsIn, sha256Of, writeManifest } from "../../dist/src/sweep/folder/folder.js";
import { type Item, itemKey } from "../../dist/src/sweep/folder/item.js";
import { writeResult } from "../../dist/src/sweep/folder/result-files.js";
import { BIN, PEAK_KILOBYTES, temporaryFolder } from "../support.js";

const folder = temporaryFolder();
const sweep = join(folder, "many.sweep");
const PROGRAMS = 20;
const TECHNIQUES = ["switch", ...Array.from({ length: 9 }, (_, i) => `static-replication:replicas=${100 * i + 50}`)];
const SETS = Array.from({ length: 10 }, (_, i) => 2 ** (i + 4));
const WAYS = [1, 2, 4, 8, 16];

/** A command in a process that says how much memory it took at most. */
function megabytesOf(...args: readonly string[]): number {
  const peak = `process.on('exit', () => process.stderr.write('peak ' + ${PEAK_KILOBYTES}))`;
  // what it needs, not what V8 leaves uncollected where there is plenty
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--max-old-space-size=380", `--import=data:text/javascript,${encodeURIComponent(peak)}`, BIN, ...args],
    {
      cwd: folder,
      encoding: "utf8",
      timeout: 120_000,
    },
  );
  expect([status, stderr]).toEqual([0, expect.stringMatching(/^peak \d+$/)]);
  return Number(stderr.slice("peak ".length)) / 1024;
}

describe("a sweep of a hundred thousand rows", () => {
  beforeAll(async () => {
    const { rows } = await simulate({ inputs: ["A B A GOTO"], predictor: "btb:sets=16:ways=1", technique: "switch" });
    const [{ charges, costs }] = rows;
    if (charges === undefined) throw new Error("switch has charges where a BTB predicts it");
    const columns = rowColumns.map(([name]) => name);
    const at = (name: string): number => columns.indexOf(name);
    const sample = rows.map((row) => rowColumns.map(([, value]) => value(row)));
    mkdirSync(sweep);
    const lines: string[] = [];
    for (let program = 0; program < PROGRAMS; program++) {
      for (const [t, technique] of TECHNIQUES.entries()) {
        for (const ways of WAYS) {
          const predictors = SETS.flatMap((sets) => [`btb:sets=${sets}:ways=${ways}`, `btb:sets=${sets}:ways=${ways}:tagBits=16`]);
          const request = {
            code: "",
            input: `program-${program}`,
            inputSha256: "0",
            technique,
            machines: [],
            predictors,
            options: {},
            files: {},
          };
          const item: Item = { ...request, key: itemKey(request), weight: 1 };
          const made = predictors.flatMap((predictor, i) =>
            sample.map((row) => {
              const cells = [...row];
              cells[at("program")] = item.input;
              cells[at("technique")] = technique;
              cells[at("predictor")] = predictor;
              cells[at("front_end")] = `${predictor}+return-stack+gshare`;
              cells[at("storage_bits")] = Number(row[at("storage_bits")]) + 60 * ways * SETS[i >> 1] - 8 * (i & 1);
              cells[at("virtual_instructions")] = 1_000_000 + program;
              cells[at("mispredictions")] = Math.round(900_000 / (1 + t) / (1 + (i >> 1)) / ways) + program;
              cells[at("mispredictions_per_branch")] = 1 / (1 + t + i + ways + program);
              return cells;
            }),
          );
          const estimates = [{ charges: { ...charges, instructionsPerCycle: 1e6 * (1 + t) }, costs }];
          writeResult(sweep, item, { columns, rows: made, estimates, estimateOf: made.map(() => 0) });
          lines.push(`${JSON.stringify(item)}\n`);
        }
      }
    }
    const items = lines.join("");
    writeFileSync(itemsIn(sweep), items);
    const identity = {
      study: "many",
      studySha256: "0".repeat(16),
      studyFile: "study.yaml",
      base: folder,
      folder: sweep,
      bplab: "0.1.0+test",
    };
    writeManifest(sweep, { ...identity, itemsSha256: sha256Of(items) });
  }, 600_000);

  it("is merged and drawn, as CSV and as Parquet, in less than 500 MB each", () => {
    const peaks = {
      csv: megabytesOf("sweep", "merge", sweep, "--output=rows.csv"),
      parquet: megabytesOf("sweep", "merge", sweep, "--format=parquet", "--output=rows.parquet"),
      page: megabytesOf("report", "rows.csv", "--output=page.html"),
      pareto: megabytesOf("report", "rows.parquet", "--chart=pareto", "--output=pareto.svg"),
    };
    expect(readFileSync(join(folder, "rows.csv"), "utf8").trimEnd().split("\n")).toHaveLength(100_001);
    for (const [what, megabytes] of Object.entries(peaks)) expect(megabytes, `${what}: ${JSON.stringify(peaks)}`).toBeLessThan(500);
    for (const file of ["page.html", "pareto.svg"]) expect(statSync(join(folder, file)).size).toBeGreaterThan(5000);
  }, 240_000);
});
