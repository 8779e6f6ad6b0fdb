// Puts an instance of a model back to how it was made, for the next short replay: the code that V8 has made for it stays.

/**
 * The renewal of a new instance that changes nothing but these arrays, none of which it ever replaces.
 * @returns puts back what they hold now
 */
export function renewalOf(...arrays: readonly (Int32Array | Int8Array | Uint8Array)[]): () => void {
  const copies = arrays.map((array) => array.slice());
  return () => {
    for (const [i, array] of arrays.entries()) array.set(copies[i]);
  };
}

/** Several renewals as one. */
export const renewals =
  (...parts: readonly (() => void)[]): (() => void) =>
  () => {
    for (const renew of parts) renew();
  };
