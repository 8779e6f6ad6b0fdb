// Columns: typed arrays with a row for each block, branch or site. They grow as more of these appear.

export type Column = Int32Array | Uint8Array | Float64Array;

/** The column itself if it has so many rows; else a copy that has them, and at least twice as many as before. */
export function grown<C extends Column>(column: C, rows: number): C {
  if (rows <= column.length) return column;
  const Longer = column.constructor as new (length: number) => C;
  const longer = new Longer(Math.max(rows, 2 * column.length));
  longer.set(column);
  return longer;
}

/** Makes room for so many rows in all columns of a table; says whether longer columns took the places of the old ones. */
export function reserve<Name extends string>(table: Partial<Record<Name, Int32Array>>, rows: number): boolean {
  let replaced = false;
  for (const name of Object.keys(table) as Name[]) {
    const column = table[name];
    if (column === undefined || rows <= column.length) continue;
    table[name] = grown(column, rows);
    replaced = true;
  }
  return replaced;
}
