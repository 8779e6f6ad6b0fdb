// What lets V8 make the best code of a model, whatever other models have been loaded. V8 shares what it learns about a function among
// all closures made from it: a second instance is then no longer told from the first, and its arrays are no constants of its
// code. The file of a predictor is loaded anew for every instance (load-predictor.ts), what it imports is not.

let serial = 0;

/**
 * A copy of a function, compiled anew. It must use nothing from around itself: neither imports nor constants of its file.
 * Three instances of TAGE, one after the other: 19 → 54 M branches/s.
 */
export function afresh<F extends (...values: never[]) => unknown>(create: F): F {
  return new Function(`"use strict"; // text ${++serial}\nreturn ${create};`)() as F;
}

/**
 * An Int32Array of these values that stays where it is. V8 keeps those of up to 64 bytes in its heap, unless they come with a
 * buffer, and there they move about: code must load their address and length at every use, which are constants of it
 * otherwise. ITTAGE: 27 → 37 M branches/s; TAGE: 38 → 54.
 */
export function fixedArray(values: readonly number[]): Int32Array {
  const array = new Int32Array(new ArrayBuffer(4 * values.length));
  array.set(values);
  return array;
}
