// Rows as JSON: an array of objects with the names of the CSV's columns; an unknown value is null. What no column can hold comes last.
import type { Cell, Column } from "../results/columns.ts";

/** Rows as objects. */
export const recordsOf = <T>(columns: readonly Column<T>[], rows: readonly T[]): Record<string, Cell>[] =>
  rows.map((row) => Object.fromEntries(columns.map(([name, value]) => [name, value(row)])));

/** @param more what only JSON can hold of a row */
export function toJson<T>(columns: readonly Column<T>[], rows: readonly T[], more: (row: T) => object = () => ({})): string {
  const objects = recordsOf(columns, rows).map((record, i) => ({ ...record, ...more(rows[i]) }));
  return `[\n${objects.map((object) => `  ${JSON.stringify(object)}`).join(",\n")}\n]\n`;
}
