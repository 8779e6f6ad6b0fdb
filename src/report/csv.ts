// Rows as CSV: for papers, spreadsheets, data frames. An unknown value is an empty field.
import Papa from "papaparse";
import type { Column } from "./columns.ts";

export function toCsv<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const fields = columns.map(([name]) => name);
  const data = rows.map((row) => columns.map(([, value]) => value(row)));
  return `${Papa.unparse({ fields, data }, { newline: "\n" })}\n`;
}
