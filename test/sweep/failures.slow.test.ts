// Items that fail: named, and nobody else's business.
// @module-tag slow
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bplab, temporaryFolder } from "../support.js";

const predictor = (body: string): string => `import { definePredictor, INDIRECT, NONE } from "bplab";
export default definePredictor({
  title: "One of a user's",
  source: "made up",
  covers: INDIRECT,
  parameters: {},
  storageBits: () => 32,
  create() {
    let last = NONE;
    let asked = 0;
    return { predict: () => { asked++; ${body} return last; }, train: (_, target) => { last = target; } };
  },
});
`;

/** After the questions that are asked when a file is read. */
const LATER = "if (asked > 500)";

describe("items that fail", () => {
  const folder = temporaryFolder();
  const sweep = (...args: string[]) => bplab(["sweep", ...args], { cwd: folder });
  writeFileSync(join(folder, "throws.ts"), predictor(`${LATER} throw new Error("out of ideas");`));
  writeFileSync(join(folder, "ends.ts"), predictor(`${LATER} process.exit(3);`));
  writeFileSync(join(folder, "fails.fs"), ": step 1 0 / drop ;\n: go 100 0 do i drop loop step ;\ngo\n");
  writeFileSync(
    join(folder, "study.yaml"),
    "inputs: [unpredictable, fails.fs]\ntechniques: [switch]\npredictors: [btb, ./throws.ts, ./ends.ts]\nexclude: [{program: fails.fs, predictor: ./*}]\n",
  );

  it("are named one by one, while others are done, and stay until they are to be done again", () => {
    const { code, stdout, stderr } = sweep("study.yaml");
    expect(code).toBe(1);
    expect(stdout).toContain("4 points in 4 items: 1 done, 0 to do, 3 failed");
    const lines = stderr.trim().split("\n");
    expect(lines).toEqual([
      expect.stringMatching(/^item 1 failed: unpredictable, test, switch, \.\/throws\.ts: .*out of ideas/),
      expect.stringMatching(/^item 2 failed: unpredictable, test, switch, \.\/ends\.ts: predictor \.\/ends\.ts ended its worker/),
      expect.stringMatching(/^item 3 failed: fails\.fs, test, switch, btb: fails\.fs:3: division by zero/),
      "3 of 4 items failed: mend the causes, then bplab sweep resume --retry study.sweep",
    ]);
    expect(sweep("status", "study.sweep").stdout).toContain("item 2 failed: ");
    expect(sweep("merge", "study.sweep")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^study\.sweep: 3 of 4 items have no result \(0 to do, 3 failed\).*\n$/),
    });
    // not tried again unless asked: the file is as it was
    const failures = join(folder, "study.sweep/failures");
    const before = readdirSync(failures).map((name) => readFileSync(join(failures, name), "utf8"));
    expect(sweep("resume", "study.sweep").code).toBe(1);
    expect(readdirSync(failures).map((name) => readFileSync(join(failures, name), "utf8"))).toEqual(before);
    expect(sweep("resume", "study.sweep", "--retry").code).toBe(1);
  });

  it("are others, and new, when what they ran is mended", () => {
    for (const name of ["throws.ts", "ends.ts"]) writeFileSync(join(folder, name), predictor(""));
    writeFileSync(join(folder, "fails.fs"), ": go 100 0 do i drop loop ;\ngo\n");
    expect(sweep("run-item", "study.sweep/items.jsonl", "1")).toEqual({
      code: 2,
      stdout: "",
      stderr: "./throws.ts is not what it was when the sweep was planned: sweep again, what still holds stays\n",
    });
    const { code, stdout, stderr } = sweep("resume", "study.sweep");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("4 points in 4 items: 4 done, 0 to do, 0 failed");
    expect(sweep("merge", "study.sweep").stdout.trim().split("\n").length).toBe(1 + 4 * 5);
  });
});

describe("bplab sweep run-item", () => {
  it("does one item, once, and what all of them did merges into the same bytes as a sweep in one process", () => {
    const folder = temporaryFolder();
    const sweep = (...args: string[]) => bplab(["sweep", ...args], { cwd: folder });
    expect(bplab(["trace", "queens", "--output=queens.bpt"], { cwd: folder }).code).toBe(0);
    writeFileSync(
      join(folder, "study.yaml"),
      'inputs: [unpredictable, "*.bpt"]\ntechniques: [direct-threading]\npredictors: [btb, two-level]\nseeds: [1, 2]\n',
    );
    expect(sweep("study.yaml", "--jobs=1").code).toBe(0);
    const whole = sweep("merge", "study.sweep").stdout;
    // a recording has no seeds, and its technique is its own
    expect(whole).toContain("queens.bpt,,recorded,two-level,all,");
    const alone = bplab(["simulate", "queens.bpt", "--predictor=btb,two-level", "--format=csv"], { cwd: folder }).stdout;
    for (const line of alone.trim().split("\n")) expect(whole).toContain(`\n${line},study`.replace("\nprogram", "program"));
    const items = readFileSync(join(folder, "study.sweep/items.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    // two seeds of one program, with a switch each to compare with; one recording
    expect(items.length).toBe(5);
    expect(sweep("study.yaml", "--out=apart", "--engine=local", "--dry-run").code).toBe(0);
    const results = join(folder, "study.sweep/results");
    for (const { key } of items) writeFileSync(join(results, `${key}.json`), "");
    for (const index of [4, 0, 2, 1, 3, 3])
      expect(sweep("run-item", "study.sweep/items.jsonl", String(index))).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(sweep("merge", "study.sweep").stdout).toBe(whole);
    expect(existsSync(join(folder, "apart"))).toBe(false);
  });
});
