// Tables as LaTeX, for papers: a `tabular` between rules of the package booktabs; \input the file inside a table float.
import type { Sheet } from "./sheet.ts";

const SIGNS: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "{": "\\{",
  "}": "\\}",
  $: "\\$",
  "&": "\\&",
  "#": "\\#",
  "%": "\\%",
  _: "\\_",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "–": "--",
  "×": "$\\times$",
  "→": "$\\to$",
  "≥": "$\\ge$",
  "≤": "$\\le$",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\textquotedbl{}",
};

/** Text that LaTeX prints as it is, in the default and in T1 fonts. */
export const latexText = (text: string): string => text.replace(/[\\{}$&#%_~^–×→≥≤<>|"]/g, (sign) => SIGNS[sign]).replace(/\s*\n\s*/g, " ");

/** One table. Needs \usepackage{booktabs} and \usepackage[T1]{fontenc}. */
export function toLatex({ title, head, rows, left }: Sheet): string {
  const line = (cells: readonly string[]): string => `${cells.map(latexText).join(" & ")} \\\\`;
  return [
    ...(title === undefined ? [] : [`% ${title.replace(/\s*\n\s*/g, " ")}`]),
    `\\begin{tabular}{${head.map((_, i) => (i < left ? "l" : "r")).join("")}}`,
    "\\toprule",
    line(head),
    "\\midrule",
    ...rows.map(line),
    "\\bottomrule",
    "\\end{tabular}",
    "",
  ].join("\n");
}
