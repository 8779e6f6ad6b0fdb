// Sweeps as users run them: rows, what survives, what is refused.
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { simulate } from "../../dist/src/index.js";
import { rowColumns } from "../../dist/src/results/columns.js";
import { BIN, bplab, temporaryFolder } from "../support.js";

const STUDY = `# every kind of entry
inputs:
  - queens
  - {input: "*.fs", sizes: test}
sizes: [test]
techniques:
  - direct-threading
  - switch
  - static-replication: {replicas: [50, 400]}
predictors:
  - ittage
  - btb: {sets: 64..256, ways: [1, 4]}
    gshare: {}
machines: [haswell]
penalties: [10, 20]
seeds: [0, 3]
exclude:
  - {technique: switch, "predictor:sets": 64}
  - {technique: direct-threading, predictor: "btb:*", penalty_cycles: 20}
options: {warmup: 100, icache: "bytes=8192", train: [lz]}
`;

const PROGRAM = ": fib dup 2 < if drop 1 else dup 1- recurse swap 2 - recurse + then ;\n12 fib .\n";

/** A folder with a study and a program of its own. */
function studyFolder(study = STUDY, name = "study"): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, `${name}.yaml`), study);
  writeFileSync(join(folder, "fib.fs"), PROGRAM);
  return folder;
}

function sweep(cwd: string, ...args: string[]) {
  const outcome = bplab(["sweep", ...args], { cwd });
  expect(outcome.stderr).not.toMatch(/ at .*\.js:\d+/);
  return outcome;
}

function merged(cwd: string, ...args: string[]): string {
  const { code, stdout, stderr } = sweep(cwd, "merge", "study.sweep", ...args);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return stdout;
}

const results = (folder: string): string[] => {
  const place = join(folder, "study.sweep", "results");
  return existsSync(place) ? readdirSync(place).filter((name) => !name.startsWith(".")) : [];
};

type Cells = Record<string, string>;
const records = (csv: string): Cells[] => Papa.parse<Cells>(csv.trim(), { header: true }).data;

describe("a sweep over machines whose rows are not to be believed", () => {
  it("says so after the work, in its status, and beside the merged table", () => {
    const folder = studyFolder("inputs: [fib.fs]\ntechniques: [direct-threading]\nmachines: [zen-2, haswell]\n");
    const { code, stderr } = sweep(folder, "study.yaml", "--jobs=1");
    expect([code, stderr.trim().split("\n").length]).toEqual([0, 1]);
    expect(stderr).toMatch(/^zen-2 is unfit for programs: /);
    expect(sweep(folder, "status", "study.sweep").stdout).toContain(stderr.trim());
    const table = sweep(folder, "merge", "study.sweep");
    expect(table.stderr).toBe(stderr);
    expect(records(table.stdout).map(({ predictor }) => predictor)).toContain("zen-2");
  });
});

describe("rows of a sweep", () => {
  const folder = studyFolder();

  it("are those of simulate for the same points, in the order of the study, followed by the study", {
    tags: "slow",
    timeout: 120_000,
  }, async () => {
    const { code, stderr } = sweep(folder, "study.yaml");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const expected: string[][] = [];
    const here = process.cwd();
    process.chdir(folder);
    try {
      for (const layoutSeed of [0, 3]) {
        const { rows } = await simulate({
          inputs: ["queens", "fib.fs"],
          technique: "direct-threading,switch,static-replication:replicas=50,static-replication",
          predictor: "ittage,btb:sets=64..256:ways=1+gshare,btb:sets=64..256+gshare",
          machine: "haswell",
          penalty: [10, 20],
          layoutSeed,
          warmup: 100,
          icache: "bytes=8192",
          train: ["lz"],
        });
        const wanted = rows.filter(({ technique, predictor, cost }) => {
          if (technique === "switch" && predictor.startsWith("btb:sets=64")) return false;
          return !(technique === "direct-threading" && predictor.startsWith("btb") && cost.penaltyCycles === 20);
        });
        expected.push(...wanted.map((row) => rowColumns.map(([, value]) => String(value(row) ?? ""))));
      }
    } finally {
      process.chdir(here);
    }
    const [head, ...rows] = Papa.parse<string[]>(merged(folder).trim()).data;
    expect(head).toEqual([...rowColumns.map(([name]) => name), "study", "study_sha256", "bplab_version"]);
    const own = rows.map((row) => row.slice(0, -3));
    expect([...own].sort()).toEqual([...expected].sort());
    expect(new Set(rows.map((row) => row.slice(-3).join(" "))).size).toBe(1);
    expect(rows[0].slice(-3)).toEqual(["study", expect.stringMatching(/^[0-9a-f]{16}$/), expect.stringMatching(/^0\.1\.0\+[0-9a-f]{12}$/)]);
    // 2 inputs × 2 seeds × (4 techniques × 8 front ends × 2 penalties − 2 × 2 − 6), each in five kinds
    expect(rows.length).toBe(2 * 2 * (4 * 8 * 2 - 2 * 2 - 6) * 5);
    const order = (row: string[]): number[] => [
      ["queens", "fib.fs"].indexOf(row[head.indexOf("program")]),
      Number(row[head.indexOf("layout_seed")]),
      ["direct-threading", "switch", "static-replication:replicas=50", "static-replication"].indexOf(row[head.indexOf("technique")]),
      ["haswell", "ittage", "btb:sets=64:ways=1+gshare", "btb:sets=64+gshare"].indexOf(row[head.indexOf("predictor")]) >>> 0,
      Number(row[head.indexOf("penalty_cycles")]),
    ];
    const keys = rows.map((row) =>
      order(row)
        .map((number) => String(number).padStart(12, "0"))
        .join(),
    );
    const known = keys.filter((key) => !key.includes("4294967295"));
    expect(known).toEqual([...known].sort());
  });

  it("are the same in Parquet, with the study in the file's metadata", { tags: "slow" }, async () => {
    expect(merged(folder, "--format=parquet", "-o", "rows.parquet")).toBe("");
    const { buffer, byteOffset, byteLength } = readFileSync(join(folder, "rows.parquet"));
    const file = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
    const csv = records(merged(folder));
    const found = await parquetReadObjects({ file });
    const text = (cell: unknown): string => (cell === null || cell === undefined ? "" : cell === Infinity ? "unbounded" : String(cell));
    expect(found.map((row) => Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, text(cell)])))).toEqual(csv);
    const metadata = Object.fromEntries(parquetMetadata(file).key_value_metadata?.map(({ key, value }) => [key, value]) ?? []);
    expect(metadata).toMatchObject({ study: "study", study_sha256: csv[0].study_sha256, bplab_version: csv[0].bplab_version });
  });

  it("are read by bplab report and bplab diff", { tags: "slow" }, () => {
    expect(merged(folder, "-o", "rows.csv")).toBe("");
    expect(bplab(["diff", "rows.csv", "rows.csv"], { cwd: folder }).code).toBe(0);
    expect(bplab(["report", "rows.csv", "--chart=misprediction-rate", "--output=rate.vl.json"], { cwd: folder })).toMatchObject({
      code: 0,
      stderr: "",
    });
  });

  it("are kept where the study changed and still has them", { tags: "slow" }, () => {
    const copy = temporaryFolder();
    cpSync(folder, copy, { recursive: true });
    const before = new Map(results(copy).map((name) => [name, readFileSync(join(copy, "study.sweep/results", name), "utf8")]));
    writeFileSync(join(copy, "study.yaml"), STUDY.replace("seeds: [0, 3]", "seeds: [3, 4]"));
    const { code, stdout } = sweep(copy, "study.yaml");
    expect(code).toBe(0);
    for (const [name, text] of before) expect(readFileSync(join(copy, "study.sweep/results", name), "utf8")).toBe(text);
    const half = before.size / 2;
    expect(stdout).toContain(`${before.size} items: ${before.size} done`);
    expect(results(copy).length).toBe(before.size + half);
    expect(sweep(copy, "status", "study.sweep").stdout).toContain(`${half} results of no item of this study: left alone`);
    expect(new Set(records(merged(copy)).map(({ layout_seed }) => layout_seed))).toEqual(new Set(["3", "4"]));
  });

  it("are done again where a result file is torn, edited, empty or another item's", { tags: "slow" }, () => {
    const copy = temporaryFolder();
    cpSync(folder, copy, { recursive: true });
    const whole = merged(copy);
    const [torn, edited, empty, other, strange] = results(copy).map((name) => join(copy, "study.sweep/results", name));
    writeFileSync(torn, readFileSync(torn).subarray(0, -40));
    writeFileSync(edited, readFileSync(edited, "utf8").replace('"count":', '"count": '));
    writeFileSync(empty, "");
    cpSync(strange, other);
    appendFileSync(strange, "more\n");
    writeFileSync(join(copy, "study.sweep/results", "notes.txt"), "mine");
    expect(sweep(copy, "status", "study.sweep").stdout).toContain("5 to do (5 damaged results among them)");
    const refused = sweep(copy, "merge", "study.sweep", "-o", "out.csv");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^.*5 of \d+ items have no result \(5 to do, 0 failed\): bplab sweep resume .*--partial\n$/);
    expect(existsSync(join(copy, "out.csv"))).toBe(false);
    const partial = sweep(copy, "merge", "study.sweep", "--partial");
    expect(partial.code).toBe(0);
    expect(partial.stderr).toContain("5 to do");
    expect(partial.stdout.split("\n").length).toBeLessThan(whole.split("\n").length);
    expect(sweep(copy, "resume", "study.sweep").code).toBe(0);
    expect(merged(copy)).toBe(whole);
  });
});

/** Small items, many of them. */
const MANY = `inputs: [queens, unpredictable, regex, "A B A C GOTO"]
techniques: [switch, direct-threading, call-threading]
predictors: [btb, two-level, "btb:sets=64"]
seeds: 0..4
`;

/** A seeded generator of numbers below a limit: 32-bit xorshift. */
function createRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

const later = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("a sweep that is killed", () => {
  it("twenty times with kill -9 and resumed gives the same bytes as one that was not", { tags: "slow", timeout: 300_000 }, async () => {
    const undisturbed = studyFolder(MANY);
    expect(sweep(undisturbed, "study.yaml", "--jobs=1").code).toBe(0);
    const folder = studyFolder(MANY);
    const random = createRandom(20261121);
    let inTheMidst = 0;
    for (let kill = 0; kill < 20; kill++) {
      const begun = results(folder).length;
      const args = existsSync(join(folder, "study.sweep/sweep.json")) ? ["resume", "study.sweep"] : ["study.yaml"];
      const child = spawn(process.execPath, [BIN, "sweep", ...args], { cwd: folder, stdio: "ignore" });
      const ended = new Promise((resolve) => child.once("exit", resolve));
      let alive = true;
      void ended.then(() => {
        alive = false;
      });
      // some while it plans, most after a few results, at whatever it does then
      const wanted = kill < 2 ? -1 : begun + random(4);
      while (alive && results(folder).length <= wanted) await later(2);
      await later(kill < 2 ? 150 + random(200) : random(25));
      child.kill("SIGKILL");
      await ended;
      const count = results(folder).length;
      if (count > 0 && count < 60) inTheMidst++;
    }
    expect(inTheMidst).toBeGreaterThan(5);
    expect(sweep(folder, "resume", "study.sweep").stdout).toContain("60 items: 60 done, 0 to do, 0 failed");
    expect(merged(folder)).toBe(merged(undisturbed));
    expect(results(folder)).toEqual(results(undisturbed));
    // nothing is left of what was half written
    for (const place of ["", "results"])
      expect(readdirSync(join(folder, "study.sweep", place)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("by a full disk says so in one line, and goes on when there is room", { tags: "slow" }, () => {
    const folder = studyFolder("inputs: [queens]\ntechniques: [switch]\npredictors: [{btb: {sets: 1..16384, ways: [1, 4]}}]\n");
    const limited = `ulimit -f 4; exec "$0" "$1" sweep study.yaml`;
    const { status, stderr } = spawnSync("bash", ["-c", limited, process.execPath, BIN], { cwd: folder, encoding: "utf8" });
    expect(stderr).toMatch(/^cannot write .*study\.sweep.*: EFBIG.*what is done stays: mend that .*, and sweep again\n$/);
    expect(status).toBe(2);
    expect(sweep(folder, "study.yaml").stdout).toContain("0 to do, 0 failed");
    expect(records(merged(folder)).length).toBe(30 * 5);
  });
});
