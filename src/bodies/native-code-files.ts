// The files in native-code/, and users' files of the same form: comment lines that name the source, a header, rows with
// measurements of compiled interpreters.

import Papa from "papaparse";
import { readdirSync, readFileSync } from "#platform/fs";
import { ownFolder } from "#platform/own-files";
import { UsageError } from "../errors.ts";

const FOLDER = ownFolder("native-code");

/** The path of one of the lab's own files. */
export function nativeCodePath(file: string): string {
  return `${FOLDER}${file}`;
}

/** The names of the lab's own files, sorted. */
export function nativeCodeFiles(): string[] {
  return readdirSync(FOLDER).sort();
}

export interface TableRow {
  /** Its line in the file, counted from 1. */
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface DataTable {
  /** The comment lines above the header, without #. */
  readonly comments: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

/**
 * Parses a file. Lines that begin with # are comments only above the header: `#` is a Forth word.
 * @param path how messages name the file
 * @throws UsageError when columns are missing, or a row is longer or shorter than the header
 */
export function parseTable(text: string, path: string, required: readonly string[]): DataTable {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  let at = 0;
  while (at < lines.length && (lines[at].startsWith("#") || lines[at].trim() === "")) at++;
  const cellsOf = (line: number): string[] => {
    // one line at a time, so that messages can name the line: names contain no line breaks
    const { data, errors } = Papa.parse<string[]>(lines[line], { delimiter: "," });
    if (errors.length > 0)
      throw new UsageError(`${path}:${line + 1}: expected values separated by commas, got ${lines[line].slice(0, 80)}`);
    return data[0].map((cell) => cell.trim());
  };
  if (at === lines.length)
    throw new UsageError(`${path}: expected a header with the columns ${required.join(", ")}, found no line of data`);
  const columns = cellsOf(at);
  for (const column of required) {
    if (!columns.includes(column)) throw new UsageError(`${path}:${at + 1}: expected a column ${column}, got ${columns.join(", ")}`);
  }
  const rows: TableRow[] = [];
  for (let line = at + 1; line < lines.length; line++) {
    if (lines[line].trim() === "") continue;
    const cells = cellsOf(line);
    if (cells.length !== columns.length) {
      throw new UsageError(`${path}:${line + 1}: expected ${columns.length} values, as in the header, got ${cells.length}`);
    }
    rows.push({ line: line + 1, cells: Object.fromEntries(columns.map((column, i) => [column, cells[i]])) });
  }
  const comments = lines.slice(0, at).map((line) => line.replace(/^#\s?/, ""));
  return { comments, columns, rows };
}

/** Reads one of the lab's own files. */
export function readOwnTable(file: string, required: readonly string[]): DataTable {
  return parseTable(readFileSync(nativeCodePath(file), "utf8"), `native-code/${file}`, required);
}
