// Plain tables and paragraphs of text, and formats of numbers.
import Table, { type TableConstructorOptions } from "cli-table3";
import type { Machine } from "../../front-end/machines/machine.ts";
import type { Row } from "../../results/rows.ts";
import type { DocumentPart } from "./sheet.ts";

const plain: TableConstructorOptions = {
  style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 2 },
  chars: {
    top: "",
    "top-mid": "",
    "top-left": "",
    "top-right": "",
    bottom: "",
    "bottom-mid": "",
    "bottom-left": "",
    "bottom-right": "",
    left: "",
    "left-mid": "",
    mid: "",
    "mid-mid": "",
    right: "",
    "right-mid": "",
    middle: "",
  },
};

export const dash = "–";
export const fixed = (value: number | null, digits: number, unit = ""): string =>
  value === null ? dash : `${value.toFixed(digits)}${unit}`;
const trimmed = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");

/** A table of text with the first `left` columns left-aligned, the others right-aligned. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[], left: number): string {
  const table = new Table({ ...plain, head: [...head], colAligns: head.map((_, i) => (i < left ? "left" : "right")) });
  for (const row of rows) table.push([...row]);
  return trimmed(table.toString());
}

const WIDTH = 120;

/** A paragraph, broken at blanks. @param indent blanks before every line except the first, which the caller indents */
export function wrapped(text: string, indent = 0): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= WIDTH - indent) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join(`\n${" ".repeat(indent)}`);
}

/** Tables and paragraphs in a terminal. */
export const toTerminalText = (parts: readonly DocumentPart[]): string =>
  `${parts
    .map((part) => {
      if (typeof part === "string") return wrapped(part);
      const table = textTable(part.head, part.rows, part.left);
      return part.title === undefined ? table : `${wrapped(part.title)}\n\n${table}`;
    })
    .join("\n\n")}\n`;

/** The title of a front end with the models that completed it; for a machine also its approximations. */
export function frontEndTitle(predictor: string, [{ frontEnd }]: readonly Row[], machines: readonly Machine[]): string {
  const machine = machines.find(({ id }) => id === predictor);
  if (machine === undefined) return frontEnd === predictor ? `Predictor ${predictor}` : `Predictor ${predictor} (front end: ${frontEnd})`;
  const { title, year, parts } = machine;
  const stands = Object.entries(parts).flatMap(([name, { approximation }]) =>
    approximation === undefined ? [] : `${name}: ${approximation}`,
  );
  const said = stands.length === 0 ? "" : ` Approximated: ${stands.join("; ")}.`;
  return `Machine ${predictor}: ${title}${year === undefined ? "" : `, ${year}`} (front end: ${frontEnd}).${said}`;
}

/** The kinds that a front end does not model, as a paragraph below its table. */
export function unmodelled(rows: readonly Row[]): string[] {
  const missing = [...new Set(rows.flatMap(({ notModelled }) => notModelled))];
  return missing.length > 0 ? [`Not modelled by this front end, and not counted as mispredicted: ${missing.join(", ")} branches.`] : [];
}
