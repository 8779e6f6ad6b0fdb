// Plain tables and paragraphs of text, for pipes and for terminals.
import { styleText } from "node:util";
import Table, { type TableConstructorOptions } from "cli-table3";
import { fitted, GAP } from "./fit-width.ts";
import type { DocumentPart, Mark, Sheet } from "./sheet.ts";

/** What is known of the terminal that text is written for. */
export interface Terminal {
  /** Its width in characters. */
  readonly columns: number;
  readonly colours: boolean;
  /** What shows columns that do not fit, for the note below the table. */
  readonly elsewhere: string;
}

const plain: TableConstructorOptions = {
  style: { border: [], compact: true, "padding-left": 0, "padding-right": GAP },
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

const trimmed = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");

/**
 * Rows that are laid out at a time, in larger tables twice, first to know their widths: the library's time grows with the square of the
 * rows (20,000 of two columns: 7.4 s of CPU time at once, 3.3 in pieces), and with about 125,000 it fails.
 */
const PIECE = 1000;

/** A table of text with the first `left` columns left-aligned, the others right-aligned. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[], left: number): string {
  const colAligns = head.map((_, i) => (i < left ? "left" : "right"));
  const lines = [head, ...rows];
  const pieces: (readonly string[])[][] = [];
  for (let from = 0; from < lines.length; from += PIECE) pieces.push(lines.slice(from, from + PIECE));
  const layOut = (
    piece: readonly (readonly string[])[],
    colWidths: number[] = [],
  ): { text: string; widths: readonly (number | null)[] } => {
    const table = new Table({ ...plain, colAligns, colWidths });
    for (const line of piece) table.push([...line]);
    const text = table.toString(); // fills in widths that are not given
    return { text, widths: table.options.colWidths };
  };
  const own = pieces.map((piece) => layOut(piece));
  if (own.length === 1) return trimmed(own[0].text);
  const widest = head.map((_, i) => own.reduce((most, { widths }) => Math.max(most, widths[i] ?? 0), 0));
  return trimmed(pieces.map((piece) => layOut(piece, [...widest]).text).join("\n"));
}

/** The width of paragraphs, at most. */
const WIDTH = 120;

/**
 * A paragraph, broken at blanks.
 * @param indent  blanks before every line except the first, which the caller indents
 * @param columns of the terminal, if there is one
 */
export function wrapped(text: string, indent = 0, columns = WIDTH): string {
  const width = Math.min(WIDTH, columns);
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width - indent) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.join(`\n${" ".repeat(indent)}`);
}

/** Signs of the best and the worst row, and their colours. */
const MARKS = { best: { sign: "★", colour: "green" }, worst: { sign: "▽", colour: "red" } } as const satisfies Record<Mark, object>;

/** Each line on its own: a style that runs over lines would colour what is beside them. */
const styled = (style: Parameters<typeof styleText>[0], text: string): string =>
  text
    .split("\n")
    .map((line) => (line === "" ? line : styleText(style, line, { validateStream: false })))
    .join("\n");

/** The sheet with signs at marked rows. */
function withSigns(sheet: Sheet): Sheet {
  const { marks = [], rows, left } = sheet;
  if (marks.every((mark) => mark === undefined)) return sheet;
  return {
    ...sheet,
    rows: rows.map((row, i) => {
      const mark = marks[i];
      return mark === undefined ? row : row.map((cell, place) => (place === left - 1 ? `${cell} ${MARKS[mark].sign}` : cell));
    }),
  };
}

function coloured(sheet: Sheet): Sheet {
  const { head, rows, left, marks = [] } = sheet;
  return {
    ...sheet,
    head: head.map((name) => styled("bold", name)),
    rows: rows.map((row, i) => {
      const mark = marks[i];
      return mark === undefined ? row : row.map((cell, place) => (place === left - 1 ? styled(MARKS[mark].colour, cell) : cell));
    }),
  };
}

function terminalTable(sheet: Sheet, { columns, colours, elsewhere }: Terminal): string {
  const { sheets, dropped } = fitted(withSigns(sheet), columns);
  const tables = sheets.map((one) => {
    const { head, rows, left } = colours ? coloured(one) : one;
    return textTable(head, rows, left);
  });
  if (dropped.length > 0) tables.push(wrapped(`No room for ${dropped.join(", ")}: ${elsewhere}.`, 0, columns));
  return tables.join("\n\n");
}

/** Tables and paragraphs as text. @param terminal left out for a pipe or a file: no colours, all columns */
export function toText(parts: readonly DocumentPart[], terminal?: Terminal): string {
  const paragraph = (text: string): string =>
    text
      .split("\n")
      .map((line) => wrapped(line, 0, terminal?.columns))
      .join("\n");
  const shown = parts.map((part) => {
    if (typeof part === "string") return paragraph(part);
    const table = terminal === undefined ? textTable(part.head, part.rows, part.left) : terminalTable(part, terminal);
    if (part.title === undefined) return table;
    const title = paragraph(part.title);
    return `${terminal?.colours ? styled("bold", title) : title}\n\n${table}`;
  });
  return `${shown.join("\n\n")}\n`;
}
