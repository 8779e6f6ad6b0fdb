// Typed arrays that grow: columns, with a row for each block, branch or site, as more of these appear.

/** An array with room for `length` things: the same one, or one at least twice as long with the same beginning. */
export function grown<T extends Uint8Array | Uint16Array | Int32Array | Float64Array>(array: T, length: number): T {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(length, 2 * array.length));
  larger.set(array);
  return larger;
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
