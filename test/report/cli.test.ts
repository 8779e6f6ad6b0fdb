// `bplab report` and the options of `simulate` that draw: files that appear, and one line where they cannot.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bplab, temporaryFolder } from "../support.js";
import { csvOf, run, SAMPLES } from "./samples.js";

const folder = temporaryFolder();
writeFileSync(join(folder, "rows.csv"), csvOf(SAMPLES["misprediction-rate"]));
writeFileSync(join(folder, "sites.csv"), csvOf(SAMPLES["by-site"]));
writeFileSync(join(folder, "foreign.csv"), "name,age\nAda,36\n");
writeFileSync(join(folder, "none.csv"), csvOf({ of: "rows", records: run({ rate: 1, mispredictions: null, cycles_lost: null }) }));

const report = (...args: readonly string[]) => bplab(["report", ...args], { cwd: folder });
const bytes = (name: string): Buffer => readFileSync(join(folder, name));

describe("bplab report", () => {
  it("draws the first chart that fits, or the one that is named", () => {
    expect(report("rows.csv", "--output=a.svg")).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(bytes("a.svg").toString()).toContain("Mispredicted dispatches by technique and predictor");
    expect(report("rows.csv", "--output=b.svg", "--chart=code-size").code).toBe(0);
    expect(bytes("b.svg").toString()).toContain("Code size against mispredictions");
  });

  it("writes PNG at two pixels for one of the SVG's, and the specification as .vl.json and .json", () => {
    expect(report("rows.csv", "--output=a.png").code).toBe(0);
    const png = bytes("a.png");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    const [, width] = /width="(\d+)/.exec(bytes("a.svg").toString()) ?? [];
    expect(png.readUInt32BE(16)).toBe(2 * Number(width));
    expect(report("rows.csv", "--output=a.vl.json").code).toBe(0);
    expect(report("rows.csv", "--output=a.json").code).toBe(0);
    expect(bytes("a.json").equals(bytes("a.vl.json"))).toBe(true);
    expect(JSON.parse(bytes("a.json").toString()).$schema).toMatch(/vega-lite\/v6/);
  });

  it.each([
    [["rows.csv"], "--output says what to make: a file that ends in .html, .pdf, .svg, .png or .vl.json"],
    [["rows.csv", "--output=a.gif"], "--output must be a file that ends in .html, .pdf, .svg, .png or .vl.json, got a.gif"],
    [["missing.csv", "--output=x.svg"], /^no such file: missing\.csv\n$/],
    [["rows.csv", "--output=rows.csv"], /^--output must be a file that ends in/],
    [["foreign.csv", "--output=x.html"], /^foreign\.csv: not results of bplab: it has none of the columns program, /],
    [["none.csv", "--output=x.svg"], "none.csv: there is nothing to draw: no predictor covers the dispatch branches"],
    [["rows.csv", "--output=x.svg", "--chart=nonsense"], /^unknown chart: nonsense \(known: misprediction-rate, /],
    [
      ["rows.csv", "--output=x.svg", "--chart=path-length"],
      "rows.csv: the chart path-length needs a front end with at least two lengths of the path, such as two-level:targets=1..8 (charts that fit: misprediction-rate, code-size, cycles-lost)",
    ],
    [
      ["sites.csv", "--output=x.svg", "--chart=machines"],
      "sites.csv: the chart machines needs results of whole runs (without --per-site and --interval) (charts that fit: by-site)",
    ],
    [
      ["rows.csv", "--output=x.png", "--chart=code-size,cycles-lost"],
      "--chart: a picture holds one chart, got code-size, cycles-lost; ask for them one by one, or for a page (.html)",
    ],
    [["rows.csv", "--output=nowhere/x.svg"], "cannot write nowhere/x.svg: its folder does not exist"],
  ])("%j is refused in one line", { tags: "slow" }, (args, message) => {
    const { code, stdout, stderr } = report(...args);
    expect([code, stdout, stderr.split("\n").length]).toEqual([2, "", 2]);
    if (typeof message === "string") expect(stderr).toBe(`${message}\n`);
    else expect(stderr).toMatch(message);
    expect(existsSync(join(folder, "x.svg"))).toBe(false);
  });
});

describe("simulate draws", () => {
  const simulate = (...args: readonly string[]) => bplab(["simulate", "A B A GOTO", ...args], { cwd: folder });

  it("the headline, to .svg, .png or .json", { tags: "slow" }, () => {
    for (const name of ["c.svg", "c.png", "c.json"]) {
      expect(simulate(`--chart=${name}`).code).toBe(0);
      expect(bytes(name).length).toBeGreaterThan(1000);
    }
    const { code, stderr } = simulate("--chart=c.gif");
    expect([code, stderr]).toEqual([2, "--chart must be a file that ends in .pdf or .svg or .png or .json, got c.gif\n"]);
  });

  it("nothing where no predictor covers the dispatch branches, and says so", () => {
    const { code, stderr } = simulate("--technique=switch", "--predictor=gshare", "--chart=d.svg");
    expect([code, stderr.split("\n")[0]]).toEqual([2, expect.stringContaining("a predictor that covers the dispatch branches")]);
  });

  it("a page with the charts of runs, sites and intervals", { tags: "slow" }, () => {
    expect(simulate("--per-site", "--interval=500", "--report=e.html").code).toBe(0);
    const figures = [
      ...bytes("e.html")
        .toString()
        .matchAll(/<figure class="chart" id="figure-([\w-]+)"/g),
    ].map(([, id]) => id);
    expect(figures).toEqual(["misprediction-rate", "code-size", "cycles-lost", "by-site", "over-time"]);
  });

  it.each([
    [["--report=e.pdf"], "--report must be a file that ends in .html, got e.pdf"],
    [["--report=e.html", "--output=./e.html"], "--output and --report are one file: e.html"],
  ])("%j is refused", { tags: "slow" }, (args, message) => {
    expect(simulate(...args)).toEqual({ code: 2, stdout: "", stderr: `${message}\n` });
  });
});
