// Typed arrays that grow: columns with a row for each block, branch or site.

/** An array with room for `length` elements: the same one, or a copy at least twice as long. */
export function grown<T extends Uint8Array | Uint16Array | Int32Array | Float64Array>(array: T, length: number): T {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(length, 2 * array.length));
  larger.set(array);
  return larger;
}

/**
 * Columns of zeros, in one piece of memory: of each that is large the C library clears the first 132 KB, which costs page faults
 * (20 µs each on a virtual machine) for rows that are never used.
 */
export function zeroColumns<Name extends string>(names: readonly Name[], rows: number): Record<Name, Int32Array> {
  const memory = new ArrayBuffer(4 * names.length * rows);
  return Object.fromEntries(names.map((name, i) => [name, new Int32Array(memory, 4 * i * rows, rows)])) as Record<Name, Int32Array>;
}

/** Makes room for this many rows in all columns of a table; returns whether columns were replaced by longer ones. */
export function reserve<Name extends string>(table: Partial<Record<Name, Int32Array>>, rows: number): boolean {
  let replaced = false;
  const names = Object.keys(table) as Name[];
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    const column = table[name];
    if (column === undefined || rows <= column.length) continue;
    table[name] = grown(column, rows);
    replaced = true;
  }
  return replaced;
}
