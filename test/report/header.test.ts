// Header records: the version and the command that made a file, written by --header and read again from CSV and JSON.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readResults } from "../../dist/src/index.js";
import { bplab, temporaryFolder } from "../support.js";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
const folder = temporaryFolder();
const of = (file: string) => join(folder, file);
const simulate = (...flags: readonly string[]) => bplab(["simulate", "fibonacci", "--technique=switch", ...flags], { cwd: folder });

describe("--header of other commands", () => {
  it("begins a table of budgets with the command, and is refused for charts", () => {
    simulate("--predictor=btb:sets=64..128", "--format=csv", "--output=budgets.csv");
    const budgets = ["report", "budgets.csv", "--budgets", "--format=csv"];
    const plain = bplab(budgets, { cwd: folder }).stdout;
    const { code, stdout } = bplab([...budgets, "--header"], { cwd: folder });
    expect([code, stdout]).toEqual([0, `# bplab_version: ${version}\n# command: bplab ${budgets.join(" ")} --header\n${plain}`]);
    expect(bplab(["report", "budgets.csv", "--header", "--output=page.html"], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: "--header is for tables (--budgets): a page names its command as it is\n",
    });
  });

  it.each(["validate", "compilers"])("is refused for the table of %s before anything is compiled", (command) => {
    expect(bplab([command, "--header"], { cwd: folder })).toMatchObject({
      code: 2,
      stderr: "--header is for files that are kept: --format=csv, json, md or latex\n",
    });
  });
});

const has = (program: string): boolean => spawnSync(program, ["--version"]).status === 0;

describe.skipIf(!has("gcc") || !has("qemu-x86_64"))("--header of validate and compilers (skipped without gcc and qemu-x86_64)", () => {
  it("begins CSV of validate", { tags: "slow" }, () => {
    const words = ["validate", "fibonacci", "--technique=switch", "--predictor=btb:unbounded", "--format=csv", "--header"];
    const { code, stdout } = bplab(words, { cwd: folder });
    const [head, command, columns] = stdout.split("\n");
    expect([code, head, command]).toEqual([0, `# bplab_version: ${version}`, `# command: bplab ${words.join(" ")}`]);
    expect(columns).toMatch(/^program,size,technique,/);
  });

  it("is two fields in JSON of compilers", { tags: "slow" }, () => {
    const words = ["compilers", "--cc=gcc", "--format=json", "--header"];
    const { bplab_version, command, rows } = JSON.parse(bplab(words, { cwd: folder }).stdout);
    expect([bplab_version, command]).toEqual([version, `bplab ${words.join(" ")}`]);
    expect(rows[0].compiler).toBe("gcc");
  });
});

describe("simulate --header", () => {
  it("begins CSV with the version and the command, and the rest is what it is without", async () => {
    const plain = simulate("--format=csv").stdout;
    const { code, stdout } = simulate("--format=csv", "--header");
    const command = "bplab simulate fibonacci --technique=switch --format=csv --header";
    expect([code, stdout]).toEqual([0, `# bplab_version: ${version}\n# command: ${command}\n${plain}`]);
    writeFileSync(of("plain.csv"), plain);
    writeFileSync(of("headed.csv"), stdout);
    const [without, with_] = await Promise.all([readResults(of("plain.csv")), readResults(of("headed.csv"))]);
    expect(without.madeBy).toBeUndefined();
    expect(with_).toEqual({ ...without, madeBy: { bplabVersion: version, command } });
  });

  it("puts JSON into an object, and JSON with and without is read as the CSV is", async () => {
    const header = ["--format=json", "--header", "--output=headed.json"];
    expect(simulate(...header)).toMatchObject({ code: 0, stderr: "" });
    expect(simulate("--format=json", "--output=plain.json").code).toBe(0);
    expect(simulate("--format=csv", "--output=rows.csv").code).toBe(0);
    const { rows, ...head } = JSON.parse(readFileSync(of("headed.json"), "utf8"));
    expect(rows).toEqual(JSON.parse(readFileSync(of("plain.json"), "utf8")));
    expect(head).toEqual({ bplab_version: version, command: `bplab simulate fibonacci --technique=switch ${header.join(" ")}` });
    const read = await Promise.all(["headed.json", "plain.json", "rows.csv"].map((file) => readResults(of(file))));
    expect(read[0].madeBy?.command).toBe(head.command);
    for (const { records } of read) expect(records).toEqual(read[2].records);
    expect(bplab(["diff", "headed.json", "rows.csv", "--strict"], { cwd: folder }).code).toBe(0);
  });

  it("is a comment in LaTeX and Markdown", () => {
    expect(simulate("--wide", "--format=latex", "--header").stdout).toMatch(/^% bplab_version: .*\n% command: bplab simulate .*\n\\begin/);
    expect(simulate("--wide", "--format=md", "--header").stdout).toMatch(/^<!-- bplab_version: .* -->\n<!-- command: .* -->\n\n/);
  });

  it("is refused for tables", () => {
    expect(simulate("--header")).toMatchObject({
      code: 2,
      stderr: "--header is for files that are kept: --format=csv, json, md or latex\n",
    });
  });
});

it.each([
  ["[]", "it has no rows"],
  ["[1]", "row 1 must be an object with the columns of results, got 1"],
  ['{"rows": 3}', 'expected an array of rows, or an object with "rows", got something else'],
  [
    '[{"program": "a"}]',
    "no column technique, predictor, kind, virtual_instructions, branches, mispredictions, which results have (docs/columns.md)",
  ],
  ["[", /^not JSON: /],
])("%j is refused as results", async (text, message) => {
  writeFileSync(of("bad.json"), text);
  const refused = await readResults(of("bad.json")).catch((error: Error) => error.message);
  expect(String(refused).slice(of("bad.json: ").length)).toMatch(message);
});

it("a wrong cell of JSON, and a wrong row after a header record, are refused with their place", async () => {
  const { rows } = JSON.parse(simulate("--format=json", "--header").stdout);
  writeFileSync(of("bad.json"), JSON.stringify([rows[0], { ...rows[1], branches: "many" }]));
  await expect(readResults(of("bad.json"))).rejects.toThrow('bad.json: row 2: branches must be a number, got "many"');
  writeFileSync(of("bad.csv"), `${simulate("--format=csv", "--header").stdout.split("\n").slice(0, 3).join("\n")}\n1,2\n`);
  await expect(readResults(of("bad.csv"))).rejects.toThrow(/bad\.csv: row 4 has 2 fields/);
});
