// Tables as LaTeX, for papers: a float each, with caption and label, the rules of booktabs, and numbers aligned at their points by
// siunitx; paragraphs become comments.
import { dash } from "./cells.ts";
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

/** A number as tables show it: with commas, and perhaps a percent sign. */
const NUMBER = /^(-?)([\d,]+)(?:\.(\d+))?( %)?$/;

/** A right-aligned column of numbers, aligned at their points by siunitx. */
interface NumberColumn {
  /** Digits before and after the point, at most. */
  readonly before: number;
  readonly after: number;
  readonly negative: boolean;
  /** Whether all are percentages: then the head says so, and not every cell. */
  readonly percent: boolean;
}

/** Undefined for a column in which something else than numbers, dashes and blanks is. */
function numbersIn(cells: readonly string[]): NumberColumn | undefined {
  const known = cells.filter((cell) => cell !== "" && cell !== dash);
  const parts = known.map((cell) => NUMBER.exec(cell));
  if (parts.length === 0 || parts.some((part) => part === null)) return undefined;
  const percents = parts.filter((part) => part?.[4] !== undefined).length;
  if (percents > 0 && percents < parts.length) return undefined;
  const longest = (place: number): number => Math.max(...parts.map((part) => part?.[place]?.replaceAll(",", "").length ?? 0));
  const negative = parts.some((part) => part?.[1] === "-");
  return { before: longest(2), after: longest(3), negative, percent: percents > 0 };
}

/** A name for \ref, from the title's first words. */
const labelOf = (title: string): string =>
  `tab:${title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 40)}`;

function table({ title, head, rows, left }: Sheet): string {
  const numbers = head.map((_, i) => (i < left ? undefined : numbersIn(rows.map((row) => row[i]))));
  const cellOf = (cell: string, i: number): string => {
    if (numbers[i] === undefined) return escaped(cell);
    return cell === dash ? "{--}" : cell.replaceAll(",", "").replace(" %", "");
  };
  const headOf = (name: string, i: number): string => {
    const of = numbers[i];
    return of === undefined ? escaped(name) : `{${escaped(name)}${of.percent ? ` (\\%)` : ""}}`;
  };
  // a line that begins with a bracket would be taken for an option of the line before
  const line = (cells: readonly string[]): string => `${cells.map((cell) => cell.replace(/^\[/, "{[}")).join(" & ")} \\\\`;
  const columns = numbers.map((of, i) =>
    of === undefined ? (i < left ? "l" : "r") : `S[table-format=${of.negative ? "-" : ""}${of.before}.${of.after}]`,
  );
  const tabular = [
    `\\begin{tabular}{${columns.join("")}}`,
    "\\toprule",
    line(head.map(headOf)),
    "\\midrule",
    ...rows.map((row) => line(row.map(cellOf))),
    "\\bottomrule",
    "\\end{tabular}",
  ];
  if (title === undefined) return tabular.join("\n");
  return ["\\begin{table}", "\\centering", `\\caption{${escaped(title)}}`, `\\label{${labelOf(title)}}`, ...tabular, "\\end{table}"].join(
    "\n",
  );
}

/** Needs \usepackage{booktabs}, \usepackage{siunitx} and \usepackage[T1]{fontenc}. */
export const toLatex = (parts: readonly DocumentPart[]): string =>
  `${parts.map((part) => (typeof part === "string" ? comment(part) : table(part))).join("\n\n")}\n`;
