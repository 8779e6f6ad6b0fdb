// Tables made to fit a terminal: less important columns are left out, wide ones are shown in several tables, long heads and texts are broken.
import type { Sheet } from "./sheet.ts";

/** Blanks between columns. */
export const GAP = 2;

/** No column of text becomes narrower than this. */
const LEAST_TEXT = 10;

const longest = (text: string): number => Math.max(...text.split("\n").map((line) => line.length));

/** The longest line of a column's cells, of which there may be more than a call takes arguments. */
const longestIn = (rows: Sheet["rows"], column: number): number => rows.reduce((most, row) => Math.max(most, longest(row[column])), 0);

const widthsOf = ({ head, rows }: Sheet): number[] => head.map((name, i) => Math.max(longest(name), longestIn(rows, i)));

const totalOf = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width + GAP, -GAP);

/** The sheet with some of its columns, by their places. */
function withColumns(sheet: Sheet, places: readonly number[]): Sheet {
  return {
    ...sheet,
    head: places.map((place) => sheet.head[place]),
    rows: sheet.rows.map((row) => places.map((place) => row[place])),
    left: places.filter((place) => place < sheet.left).length,
  };
}

/** Breaks a text at blanks, and after the punctuation of specifications where a word is too long for a line. */
function broken(text: string, width: number): string {
  const lines = [""];
  for (const word of text.split(/(?<= )/)) {
    const pieces = word.trimEnd().length > width ? word.split(/(?<=[:,;=+/])/) : [word];
    for (const piece of pieces) {
      if (lines[lines.length - 1].length + piece.trimEnd().length <= width) lines[lines.length - 1] += piece;
      else lines.push(piece);
    }
  }
  return lines.map((line) => line.trimEnd()).join("\n");
}

/** Breaks the widest heads of numbers until the table fits, if it can: each is as wide as its numbers and its longest word at least. */
function withBrokenHeads(sheet: Sheet, columns: number): Sheet {
  const widths = widthsOf(sheet);
  const least = widths.map((width, i) =>
    i < sheet.left ? width : Math.max(...sheet.head[i].split(/\s/).map((word) => word.length), longestIn(sheet.rows, i)),
  );
  for (let over = totalOf(widths) - columns; over > 0; over = totalOf(widths) - columns) {
    const breakable = widths.map((width, i) => (width > least[i] ? width : 0));
    const widest = breakable.indexOf(Math.max(...breakable));
    if (breakable[widest] === 0) break;
    widths[widest]--;
  }
  return { ...sheet, head: sheet.head.map((name, i) => (i < sheet.left ? name : broken(name, widths[i]))) };
}

/** Breaks the widest columns of text until the table fits, if it can. */
function withBrokenTexts(sheet: Sheet, columns: number): Sheet {
  const widths = widthsOf(sheet);
  const limits = [...widths];
  for (let over = totalOf(limits) - columns; over > 0; over = totalOf(limits) - columns) {
    const texts = limits.slice(0, sheet.left);
    const widest = texts.indexOf(Math.max(...texts));
    if (widest < 0 || limits[widest] <= LEAST_TEXT) break;
    const next = Math.max(LEAST_TEXT, ...texts.filter((width) => width < limits[widest]));
    limits[widest] = Math.max(limits[widest] - over, Math.min(next, limits[widest] - 1));
  }
  const fit = (cell: string, i: number): string => (limits[i] < widths[i] ? broken(cell, limits[i]) : cell);
  return { ...sheet, head: sheet.head.map(fit), rows: sheet.rows.map((row) => row.map(fit)) };
}

interface Fitted {
  /** Several for a table that was folded. */
  readonly sheets: readonly Sheet[];
  /** Heads of the columns that were left out. */
  readonly dropped: readonly string[];
}

/** @param columns the terminal's width in characters */
export function fitted(sheet: Sheet, columns: number): Fitted {
  const dropped: string[] = [];
  let fit = sheet;
  for (const name of sheet.drops ?? []) {
    if (totalOf(widthsOf(fit)) <= columns) break;
    const places = [...fit.head.keys()].filter((place) => fit.head[place] !== name);
    if (places.length === fit.head.length) continue;
    fit = withColumns(fit, places);
    dropped.push(name);
  }
  const sheets = fit.folds ? folded(fit, columns) : [fit];
  return {
    sheets: sheets.map((one) => withBrokenTexts(withBrokenHeads(one, columns), columns)),
    dropped: sheet.head.filter((name) => dropped.includes(name)),
  };
}

/** The sheet in as many as it takes, each with the left-aligned columns. */
function folded(sheet: Sheet, columns: number): Sheet[] {
  const widths = widthsOf(sheet);
  const names = [...widths.keys()].slice(0, sheet.left);
  const taken = totalOf(names.map((place) => widths[place]));
  const groups: number[][] = [];
  let room = 0;
  for (let place = sheet.left; place < widths.length; place++) {
    const needed = widths[place] + GAP;
    if (groups.length === 0 || needed > room) {
      groups.push([]);
      room = columns - taken;
    }
    groups[groups.length - 1].push(place);
    room -= needed;
  }
  if (groups.length < 2) return [sheet];
  return groups.map((group, i) => {
    const { title, ...part } = withColumns(sheet, [...names, ...group]);
    return i === 0 && title !== undefined ? { title, ...part } : part;
  });
}
