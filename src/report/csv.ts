// Rows as CSV: for papers, spreadsheets, data frames. An unknown value is an empty field.
import Papa from "papaparse";
import type { Cell, Column } from "../results/columns.ts";

export function toCsv<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const head = columns.map(([name]) => name);
  return csvLines([head, ...rows.map((row) => columns.map(([, value]) => value(row)))]);
}

/** Lines of cells as CSV; a file may be written in several calls. */
export const csvLines = (lines: readonly (readonly Cell[])[]): string => `${Papa.unparse([...lines], { newline: "\n" })}\n`;
