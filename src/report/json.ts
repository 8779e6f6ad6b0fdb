// Rows as JSON: an array of objects with the names of the CSV's columns; an unknown value is null.
import type { Column } from "../results/columns.ts";

export function toJson<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const objects = rows.map((row) => Object.fromEntries(columns.map(([name, value]) => [name, value(row)])));
  return `[\n${objects.map((object) => `  ${JSON.stringify(object)}`).join(",\n")}\n]\n`;
}
