// What sweeps refuse: one line each, with the place in the study where it stands.
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UsageError } from "../../dist/src/index.js";
import { openSession } from "../../dist/src/jobs/session.js";
import { readPlan } from "../../dist/src/sweep/plan.js";
import { readStudy } from "../../dist/src/sweep/study/study.js";
import { bplab, temporaryFolder } from "../support.js";

const BAD: readonly (readonly [what: string, study: string, message: string | RegExp])[] = [
  ["an unknown key", "inptus: [queens]", /^bad\.yaml:1:1: inptus: unknown key: inptus; did you mean inputs\? \(known: .*\)$/],
  [
    "an unknown key of an input",
    "inputs:\n  - inputt: queens",
    /^bad\.yaml:2:5: inputs\.0\.inputt: unknown key: inputt; did you mean input\? \(known: .*\)$/,
  ],
  [
    "an unknown option",
    "inputs: [queens]\noptions: {warmpu: 1}",
    /^bad\.yaml:2:11: options\.warmpu: unknown key: warmpu; did you mean warmup\? \(known: .*\)$/,
  ],
  [
    "an option of a wrong type",
    "inputs: [queens]\noptions: {ipc: fast}",
    "bad.yaml:2:16: options.ipc: expected a number above 0, at most 100",
  ],
  [
    "an option out of range",
    "inputs: [queens]\noptions: {warmup: -1}",
    "bad.yaml:2:19: options.warmup: expected a whole number of instructions, 0 or more",
  ],
  [
    "a cache that cannot be",
    "inputs: [queens]\noptions: {icache: bytes=3}",
    /^bad\.yaml:2:19: options\.icache: icache: bytes must be a power of two/,
  ],
  ["bodies of nobody", "inputs: [queens]\noptions: {bodies: lua}", /^bad\.yaml:2:19: options\.bodies: unknown bodies: lua/],
  [
    "training for techniques without",
    "inputs: [queens]\noptions: {train: [lz]}",
    /^bad\.yaml:2:18: options\.train: none of the techniques/,
  ],
  [
    "training by an unknown program",
    "inputs: [queens]\ntechniques: [static-both]\noptions: {train: [lx]}",
    /^bad\.yaml:3:19: options\.train\.0: unknown program: lx; did you mean lz\? \(known: .*\)$/,
  ],
  [
    "dispatches of programs",
    "inputs: [queens]\noptions: {dispatch: busiest}",
    /^bad\.yaml:2:21: options\.dispatch: it names branches of recordings/,
  ],
  ["no inputs", "predictors: [btb]", "bad.yaml:1:1: inputs: expected a list of programs and files"],
  ["an empty list of inputs", "inputs: []", "bad.yaml:1:9: inputs: expected programs and files, got an empty list"],
  ["an empty list of front ends", "inputs: [queens]\npredictors: []", "bad.yaml:2:13: predictors: expected front ends, got an empty list"],
  [
    "an empty list of values",
    "inputs: [queens]\npredictors:\n  - btb: {sets: []}",
    /^bad\.yaml:3:17: predictors\.0\.btb\.sets: expected a number.*got an empty list$/,
  ],
  [
    "a front end without any model",
    "inputs: [queens]\npredictors: [{}]",
    "bad.yaml:2:14: predictors.0: expected the id of a predictor, got nothing",
  ],
  [
    "an unknown predictor",
    "inputs: [queens]\npredictors: [ittaeg]",
    /^bad\.yaml:2:14: predictors\.0: unknown predictor: ittaeg; did you mean ittage\? \(known: .*\)$/,
  ],
  ["an unknown predictor with parameters", "inputs: [queens]\npredictors: [{btbb: {sets: 2}}]", /^bad\.yaml:2:.*unknown predictor: btbb/],
  [
    "an unknown parameter",
    "inputs: [queens]\npredictors:\n  - btb: {setz: 64}",
    /^bad\.yaml:3:11: predictors\.0\.btb\.setz: unknown parameter of predictor btb: setz; did you mean sets\? \(known: .*\)$/,
  ],
  [
    "a value that a parameter cannot have",
    "inputs: [queens]\npredictors:\n  - btb: {sets: [64, 65]}",
    /^bad\.yaml:3:22: predictors\.0\.btb\.sets\.1: predictor btb: sets must be a power of two/,
  ],
  [
    "a range that goes down",
    "inputs: [queens]\npredictors:\n  - btb: {sets: 128..64}",
    /^bad\.yaml:3:17: predictors\.0\.btb\.sets: predictor btb: sets: a range goes up/,
  ],
  [
    "a combination that a predictor refuses",
    "inputs: [queens]\npredictors:\n  - btb: {}\n    ittage: {}",
    /^bad\.yaml:3:5: predictors\.0: ittage in "btb\+ittage" has nothing to predict/,
  ],
  [
    "an unknown technique",
    "inputs: [queens]\ntechniques: [swich]",
    /^bad\.yaml:2:14: techniques\.0: unknown technique: swich; did you mean switch\? \(known: .*\)$/,
  ],
  [
    "two techniques in one",
    "inputs: [queens]\ntechniques:\n  - switch: {}\n    static-both: {}",
    "bad.yaml:3:5: techniques.0: expected one technique, got switch and static-both",
  ],
  [
    "an unknown machine",
    "inputs: [queens]\nmachines: [hasswell]",
    /^bad\.yaml:2:12: machines\.0: unknown machine: hasswell; did you mean haswell\? \(known: .*\)$/,
  ],
  ["an unknown program", "inputs: [queen]", /^bad\.yaml:1:10: inputs\.0: unknown program: queen; did you mean queens\? \(known: .*\)$/],
  ["a file that is not there", "inputs: [queens, nope.fs]", "bad.yaml:1:18: inputs.1: no such file: nope.fs"],
  ["a file that is a folder", "inputs: [folder.fs]", /^bad\.yaml:1:10: inputs\.0: .*folder\.fs/],
  ["a pattern without files", 'inputs: ["*.zip"]', "bad.yaml:1:10: inputs.0: no file is called like *.zip"],
  ["an unknown size", "inputs: [queens]\nsizes: [test, ful]", "bad.yaml:2:15: sizes.1: expected test or full"],
  [
    "a penalty that is none",
    "inputs: [queens]\npenalties: [10, -1]",
    "bad.yaml:2:17: penalties.1: expected a number of cycles from 0 to 1000000",
  ],
  [
    "a seed that is none",
    "inputs: [queens]\nseeds: [1.5]",
    "bad.yaml:2:9: seeds.0: expected a seed from 0 to 4294967295, or a range (0..9)",
  ],
  ["a range of seeds that goes down", "inputs: [queens]\nseeds: 3..1", "bad.yaml:2:8: seeds: a range goes up, got 3..1"],
  [
    "rules for an unknown column",
    "inputs: [queens]\nexclude: [{predictr: btb}]",
    /^bad\.yaml:2:12: exclude\.0\.predictr: no point of the study has this column.*did you mean predictor\?$/,
  ],
  [
    "rules for what nothing is called",
    "inputs: [queens]\nexclude: [{predictor: [btb, ittage]}]",
    /^bad\.yaml:2:29: exclude\.0\.predictor\.1: no point of the study has "ittage" there$/,
  ],
  [
    "rules that leave nothing",
    "inputs: [queens]\nexclude: [{program: queens}]",
    "bad.yaml:2:1: exclude: its rules leave no point of the study",
  ],
  [
    "a rule without columns",
    "inputs: [queens]\nexclude: [{}]",
    "bad.yaml:2:11: exclude.0: expected a column of rows with its values, got nothing",
  ],
  [
    "twelve million points",
    "inputs: [queens]\nseeds: 0..11\npredictors: [{btb: {sets: 1..512, ways: 1..50, tagBits: [4, 8]}}]\npenalties: 0..999",
    /^bad\.yaml: the grid has [\d,]+ points before exclusions; .*with --yes$/,
  ],
  ["YAML that is none", "inputs: [queens\npredictors: 3", /^bad\.yaml:2:1: /],
  ["a key that is there twice", "inputs: [queens]\ninputs: [lz]", /^bad\.yaml:2:1: Map keys must be unique$/],
  ["an alias to nowhere", "inputs: [*x]", /^bad\.yaml:1:10: Unresolved alias/],
  ["a list", "- inputs", /^bad\.yaml:1:1: expected a study/],
  ["nothing", "", /^bad\.yaml:1:1: expected a study/],
  [
    "aliases that multiply",
    `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefgh"
      .split("")
      .map((key, i) => `${key}: &${key} [${Array(9).fill(`*${"abcdefg"[i]}`)}]`)
      .join("\n")}`,
    /^bad\.yaml:.*alias/i,
  ],
  ["brackets without end", "[".repeat(100_000), /^bad\.yaml/],
  ["a prototype", "inputs: [queens]\n__proto__: {polluted: 1}", /^bad\.yaml:2:1: __proto__: unknown key/],
];

const folder = temporaryFolder();
const here = process.cwd();

describe("a study is refused in one line", () => {
  beforeAll(() => {
    process.chdir(folder);
    mkdirSync("folder.fs");
  });
  afterAll(() => process.chdir(here));

  it.each(BAD)("for %s", async (_, text, message) => {
    writeFileSync("bad.yaml", `${text}\n`);
    const session = openSession({ jobs: 1 });
    const refused = (async () => readPlan(readStudy("bad.yaml"), session, false))();
    const error: unknown = await refused.then(
      () => undefined,
      (thrown) => thrown,
    );
    await session.close();
    expect(error).toBeInstanceOf(UsageError);
    const said = (error as UsageError).message;
    expect(said).not.toContain("\n");
    if (typeof message === "string") expect(said).toBe(message);
    else expect(said).toMatch(message);
  });

  it("in JSON as in YAML, with exit code 2 and without a folder", () => {
    writeFileSync("bad.json", '{\n  "inputs": ["queens"],\n  "predictors": [{"btb": {"wayz": 2}}]\n}\n');
    const { code, stdout, stderr } = bplab(["sweep", "bad.json"], { cwd: folder });
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^bad\.json:3:27: predictors\.0\.btb\.wayz: unknown parameter .*; did you mean ways\? \(known: .*\)\n$/);
    expect(bplab(["sweep", "status", "bad.sweep"], { cwd: folder })).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("bplab sweep", () => {
  const good = temporaryFolder();
  writeFileSync(join(good, "one.yaml"), "inputs: [unpredictable]\ntechniques: [switch]\n");
  writeFileSync(join(good, "two.yaml"), "inputs: [queens]\n");
  const sweep = (...args: string[]) => bplab(["sweep", ...args], { cwd: good });

  it("says what a sweep takes without beginning it", () => {
    const { code, stdout, stderr } = sweep("two.yaml", "--dry-run");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^7 points in 7 items\ntime: about \d.* of one core, .*\ndisk: about [\d.]+ MB\nEstimated from \d+ replays of queens \(test\)/,
    );
    expect(sweep("status", "two.sweep").code).toBe(2);
  });

  it("refuses a folder of another study, of something else, and what is no folder of a sweep", () => {
    expect(sweep("one.yaml").code).toBe(0);
    expect(sweep("two.yaml", "--out=one.sweep")).toEqual({
      code: 2,
      stdout: "",
      stderr: `one.sweep holds the sweep of another study, ${join(good, "one.yaml")}: choose another folder for two.yaml with --out=DIR\n`,
    });
    // the same name elsewhere
    mkdirSync(join(good, "elsewhere"));
    copyFileSync(join(good, "one.yaml"), join(good, "elsewhere", "one.yaml"));
    expect(sweep("elsewhere/one.yaml")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^one\.sweep holds .* for elsewhere\/one\.yaml/),
    });
    // the same study, moved
    renameSync(join(good, "one.yaml"), join(good, "away.yaml"));
    expect(sweep("elsewhere/one.yaml")).toMatchObject({ code: 0, stdout: expect.stringContaining("1 done") });
    rmSync(join(good, "elsewhere"), { recursive: true });
    renameSync(join(good, "away.yaml"), join(good, "one.yaml"));
    mkdirSync(join(good, "mine"));
    writeFileSync(join(good, "mine", "notes.txt"), "mine");
    expect(sweep("one.yaml", "--out=mine").stderr).toBe(`mine is there and is no folder of a sweep: choose another with --out=DIR\n`);
    for (const args of [
      ["resume", "mine"],
      ["status", "nowhere"],
      ["merge", "mine"],
      ["run-item", "mine/notes.txt", "0"],
    ])
      expect(sweep(...args)).toMatchObject({
        code: 2,
        stdout: "",
        stderr: expect.stringMatching(/^.*expected the folder of a sweep, got one without sweep\.json\n$/),
      });
  });

  it("says of files that are not what it wrote what to do about them", () => {
    expect(sweep("one.yaml", "--out=broken").code).toBe(0);
    const write = (name: string, text: string): void => writeFileSync(join(good, "broken", name), text);
    const items = readFileSync(join(good, "broken/items.jsonl"), "utf8");
    write("items.jsonl", items.replace('"penalties"', '"penalty"').replace('"seed":0', '"seed":1'));
    expect(sweep("status", "broken")).toEqual({
      code: 1,
      stdout: "",
      stderr: "broken: its items are not those of its study, planning was interrupted: bplab sweep resume broken\n",
    });
    expect(sweep("run-item", "broken/items.jsonl", "0")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/items\.jsonl:1: not an item/),
    });
    expect(sweep("resume", "broken").code).toBe(0);
    expect(readFileSync(join(good, "broken/items.jsonl"), "utf8")).toBe(items);
    const manifest = readFileSync(join(good, "broken/sweep.json"), "utf8");
    write("sweep.json", manifest.replace("+", "-"));
    expect(sweep("resume", "broken")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^broken was planned by bplab .*--out=broken\n$/),
    });
    write("sweep.json", manifest.slice(0, 20));
    expect(sweep("status", "broken")).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^broken\/sweep\.json: not what a sweep says of itself.*; delete it and sweep again: results stay\n$/),
    });
    rmSync(join(good, "broken/sweep.json"));
    expect(sweep("one.yaml", "--out=broken").code).toBe(0);
    expect(readFileSync(join(good, "broken/sweep.json"), "utf8")).toBe(manifest);
    for (const own of ["items.jsonl", "sweep.json", "study.yaml"])
      expect(sweep("merge", "broken", `--output=broken/${own}`)).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/it is an input\n$/),
      });
  });

  it("refuses unknown engines, formats and indices", () => {
    expect(sweep("one.yaml", "--engine=slrm").stderr).toMatch(/^unknown engine: slrm; did you mean slurm\? \(known: local/);
    expect(sweep("merge", "one.sweep", "--format=parquet").stderr).toBe("--format=parquet needs a file: --output=rows.parquet\n");
    expect(sweep("run-item", "one.sweep/items.jsonl", "7").stderr).toMatch(
      /^.*items\.jsonl: expected the index of an item, 0 to 0, got 7\n$/,
    );
  });
});
