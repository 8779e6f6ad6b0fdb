// Tables as LaTeX, for papers: a `tabular` each, with the rules of the package booktabs, to be \input into a table float;
// paragraphs become comments.
import type { DocumentPart, Sheet } from "./sheet.ts";

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
  "−": "$-$",
  "<": "\\textless{}",
  ">": "\\textgreater{}",
  "|": "\\textbar{}",
  '"': "\\textquotedbl{}",
  "“": "``",
  "”": "''",
};

/** Escapes a text for LaTeX. */
const escaped = (text: string): string => text.replace(/[\\{}$&#%_~^–×→≥≤−<>|"“”]/g, (sign) => SIGNS[sign]).replace(/\s*\n\s*/g, " ");

const comment = (text: string): string =>
  text
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((line) => `% ${line}`)
    .join("\n");

function table({ title, head, rows, left }: Sheet): string {
  // a line that begins with a bracket would be taken for an option of the line before
  const line = (cells: readonly string[]): string => `${cells.map((cell) => escaped(cell).replace(/^\[/, "{[}")).join(" & ")} \\\\`;
  return [
    ...(title === undefined ? [] : [comment(title)]),
    `\\begin{tabular}{${head.map((_, i) => (i < left ? "l" : "r")).join("")}}`,
    "\\toprule",
    line(head),
    "\\midrule",
    ...rows.map(line),
    "\\bottomrule",
    "\\end{tabular}",
  ].join("\n");
}

/** Needs \usepackage{booktabs} and \usepackage[T1]{fontenc}. */
export const toLatex = (parts: readonly DocumentPart[]): string =>
  `${parts.map((part) => (typeof part === "string" ? comment(part) : table(part))).join("\n\n")}\n`;
