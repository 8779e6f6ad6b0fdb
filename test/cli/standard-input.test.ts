// An input called "-" is standard input, under that name in rows, notes and messages.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bplab, temporaryFolder } from "../support.js";

const LOG = "address,opcode\n0,add\n1,load\n0,add\n1,load\n";
const BRANCHES = "pc,target,kind,taken,gap\n0x1000,0x2000,conditional,1,2\n0x2000,0x1000,conditional,1,2\n";
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** Values of two columns in each row, each pair once. */
function namesIn(csv: string, columns: readonly string[]): string[] {
  const [header, ...rows] = csv
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  return [...new Set(rows.map((row) => columns.map((name) => row[header.indexOf(name)]).join(" ")))];
}

describe("standard input as an input", () => {
  it.each([
    ["a program", LOG, ["--technique=switch"]],
    ["a recording", BRANCHES, []],
  ])("is called - in the rows of %s", (_, input, options) => {
    const { code, stdout, stderr } = bplab(["simulate", "-", ...options, "--format=csv"], { input });
    expect([code, stderr]).toEqual([0, ""]);
    expect(namesIn(stdout, ["program", "program_sha256"])).toEqual([`- ${sha256(input)}`]);
  });

  it("reaches user's code in workers and convert", () => {
    const folder = temporaryFolder();
    const predictor = join(folder, "mine.ts");
    const [create] = ["() => ({ predict: () => 0, train() {} })"];
    writeFileSync(
      predictor,
      `import { CONDITIONAL, definePredictor } from "bplab";\nexport default definePredictor({ title: "None", source: "own", covers: CONDITIONAL, parameters: {}, storageBits: () => 0, create: ${create} });\n`,
    );
    const simulated = bplab(["simulate", "-", `--predictor=${predictor}`, "--format=csv"], { input: BRANCHES });
    expect([simulated.code, namesIn(simulated.stdout, ["program"])]).toEqual([0, ["-"]]);
    const output = join(folder, "out.csv");
    expect(bplab(["convert", "-", output], { input: BRANCHES }).stderr).not.toContain("stdin");
    expect(readFileSync(output, "utf8")).toContain("0x1000,0x2000,conditional,1,2");
  });

  it.each([
    ["what is no input", ["simulate", "-"], "hello, you there\n", /^-: expected a program id or a file: /],
    ["a damaged recording", ["simulate", "-"], `${BRANCHES}0x10,x,jump,1,1\n`, /^-: [^\n]*x/],
    ["a program that fails", ["simulate", "-", "--as=fs", "--technique=switch"], ": f 1 0 / ;\nf\n", /^-:2: /],
    ["a program that fails on the terminal", ["run", "--as=fs", "-"], ": f 1 0 / ;\nf\n", /^-:2: /],
  ])("is called - in messages about %s", (_, args, input, message) => {
    const { stderr } = bplab(args, { input });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/-stdin|inputs\//);
  });

  it("is no input of a sweep, which reads inputs again", () => {
    const study = join(temporaryFolder(), "study.yaml");
    writeFileSync(study, 'inputs: ["-"]\npredictors: [btb]\ntechniques: [switch]\n');
    const { code, stderr } = bplab(["sweep", study, "--out", join(temporaryFolder(), "out")], { input: LOG });
    expect(code).toBe(2);
    expect(stderr).toMatch(/expected a program or a file that can be read again, got standard input \(-\)/);
  });
});
