// Typed arrays that grow.

/** An array with room for `length` things: the same one, or one at least twice as long with the same beginning. */
export function grown<T extends Uint8Array | Uint16Array | Int32Array>(array: T, length: number): T {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(Math.max(length, 2 * array.length));
  larger.set(array);
  return larger;
}
