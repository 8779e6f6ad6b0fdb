// Helps V8 compile a model to the best code, whatever other models have been loaded. V8 shares type feedback among all closures
// of a function: with a second instance the code is no longer specialised, and an instance's arrays are no constants in it.
// The file of a predictor is loaded anew for every instance (load-predictor.ts), but modules that it imports are not.

let serial = 0;
let sharing = false;

/** Makes something whose parts share their code with everything else that is made so: for short replays, which end before theirs is compiled. */
export function sharingCode<T>(make: () => T): T {
  const before = sharing;
  sharing = true;
  try {
    return make();
  } finally {
    sharing = before;
  }
}

/**
 * A copy of a function, compiled anew. The function must be self-contained: it may use neither imports nor constants of its file.
 * Three instances of TAGE, one after the other: 19 → 54 M branches/s.
 */
export function afresh<F extends (...values: never[]) => unknown>(create: F): F {
  if (sharing) return create;
  return new Function(`"use strict"; // text ${++serial}\nreturn ${create};`)() as F;
}

/** Functions made from text while code is shared, by their parameters and text. */
const made = new Map<string, unknown>();

/** A function of these parameters and this text, compiled anew as well. It too must use nothing from around itself. */
export function afreshFromText<F>(parameters: readonly string[], text: string): F {
  const compile = () => new Function(...parameters, `"use strict"; // text ${++serial}\n${text}`) as F;
  if (!sharing) return compile();
  const key = JSON.stringify([parameters, text]);
  const known = (made.get(key) as F | undefined) ?? compile();
  made.set(key, known);
  return known;
}

/**
 * An Int32Array of these values that never moves. V8 keeps typed arrays of up to 64 bytes in its heap, unless they have an
 * explicit buffer, and may move them: then code must load their address and length at every use, which are otherwise
 * constants in the code. ITTAGE: 27 → 37 M branches/s; TAGE: 38 → 54.
 */
export function fixedArray(values: readonly number[]): Int32Array {
  const array = new Int32Array(new ArrayBuffer(4 * values.length));
  array.set(values);
  return array;
}
