// Tables for pages and papers: what is special in Markdown and LaTeX comes out as text; and rates over several programs.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { toDocument } from "../../dist/src/report/tables/document.js";
import { suiteRate } from "../../dist/src/report/tables/suite.js";
import { temporaryFolder } from "../support.js";

const parts = [
  {
    title: "A_B",
    head: ["program", "rate"],
    rows: [
      ["a|b*<script>", "1.5 %"],
      ["[x]\\y", "–"],
    ],
    left: 1,
  },
  "50 % of 3 & more",
];

describe("a table", () => {
  it("in Markdown shows its signs and no HTML", () => {
    expect(toDocument(parts, "md")).toBe(
      "**A\\_B**\n\n| program | rate |\n| --- | --: |\n| a\\|b\\*&lt;script&gt; | 1.5 % |\n| \\[x\\]\\\\y | – |\n\n50 % of 3 &amp; more\n",
    );
  });

  it("in LaTeX is a float with its signs as text and its numbers aligned, and paragraphs are comments", () => {
    expect(toDocument(parts, "latex").split("\n")).toEqual([
      "\\begin{table}",
      "\\centering",
      "\\caption{A\\_B}",
      "\\label{tab:a-b}",
      "\\begin{tabular}{lS[table-format=1.1]}",
      "\\toprule",
      "program & {rate (\\%)} \\\\",
      "\\midrule",
      "a\\textbar{}b*\\textless{}script\\textgreater{} & 1.5 \\\\",
      "{[}x]\\textbackslash{}y & {--} \\\\",
      "\\bottomrule",
      "\\end{tabular}",
      "\\end{table}",
      "",
      "% 50 % of 3 & more",
      "",
    ]);
  });

  it("in LaTeX aligns only columns of numbers, without commas, and needs a title to be a float", () => {
    const sheet = {
      head: ["p", "count", "speedup"],
      rows: [
        ["x", "1,234,567", "1.43 (1.41–1.68)"],
        ["y", "-12.25", ""],
      ],
      left: 1,
    };
    expect(toDocument([sheet], "latex").split("\n")).toEqual([
      "\\begin{tabular}{lS[table-format=-7.2]r}",
      "\\toprule",
      "p & {count} & speedup \\\\",
      "\\midrule",
      "x & 1234567 & 1.43 (1.41--1.68) \\\\",
      "y & -12.25 &  \\\\",
      "\\bottomrule",
      "\\end{tabular}",
      "",
    ]);
  });

  it.skipIf(spawnSync("pdflatex", ["--version"]).status !== 0)("in LaTeX compiles (where pdflatex, booktabs and siunitx are)", () => {
    const cwd = temporaryFolder();
    const preamble = "\\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage{booktabs}\\usepackage{siunitx}";
    writeFileSync(join(cwd, "a.tex"), `${preamble}\n\\begin{document}\n${toDocument(parts, "latex")}\\end{document}\n`);
    const { status, stdout } = spawnSync("pdflatex", ["-interaction=nonstopmode", "-halt-on-error", "a.tex"], { cwd, encoding: "utf8" });
    // siunitx may be missing where LaTeX is there
    if (!stdout.includes("File `siunitx.sty' not found")) expect([status, stdout]).toEqual([0, expect.stringContaining("Output written")]);
  });

  it("in a terminal is aligned, paragraphs broken at blanks", () => {
    const lines = toDocument(parts, "table").split("\n");
    expect(lines).toEqual(["A_B", "", "program        rate", "a|b*<script>  1.5 %", "[x]\\y             –", "", "50 % of 3 & more", ""]);
    expect(toDocument([`${"word ".repeat(40)}end`], "table").split("\n")[0].length).toBeLessThanOrEqual(120);
  });

  it("in LaTeX lets nobody out of a comment", () => {
    expect(toDocument(["one\r\\input{x}\u2028two\nthree"], "latex")).toBe("% one\n% \\input{x}\n% two\n% three\n");
  });
});

describe("the rate of several programs", () => {
  it("is that of the sums, and the mean of theirs", () => {
    expect(
      suiteRate([
        [1, 10],
        [90, 100],
      ]),
    ).toEqual({ ofSums: Number((91 / 110).toPrecision(9)), mean: 0.5 });
  });

  it("is not known where one count is not", () => {
    expect(
      suiteRate([
        [undefined, 10],
        [90, 100],
      ]),
    ).toEqual({ ofSums: null, mean: null });
    // a program without branches of the class has no rate, and takes nothing from the sums
    expect(
      suiteRate([
        [0, 0],
        [90, 100],
      ]),
    ).toEqual({ ofSums: 0.9, mean: null });
  });
});
