// Files that Gforth finds in its own folder and that programs include without bringing them along. What is part of
// Gforth's image, or of this system, needs no text; a file of the same name beside the program comes first.

const image = [
  "assert.fs",
  "blocks.fs",
  "compat/assert.fs",
  "compat/control.fs",
  "compat/defer.fs",
  "compat/exception.fs",
  "compat/execute-parsing.fs",
  "compat/loops.fs",
  "compat/required.fs",
  "compat/strcomp.fs",
  "compat/struct.fs",
  "compat/vocabulary.fs",
  "debugs.fs",
  "ekey.fs",
  "environ.fs",
  "errors.fs",
  "extend.fs",
  "glocals.fs",
  "hash.fs",
  "look.fs",
  "quotes.fs",
  "search.fs",
  "source.fs",
  "struct.fs",
  "struct0x.fs",
  "stuff.fs",
  "table.fs",
  "vt100.fs",
  "wordinfo.fs",
];

/** The text of each file, by the name that programs give. */
export const library: ReadonlyMap<string, string> = new Map([
  ...image.map((name): [string, string] => [name, ""]),
  // pseudo-random numbers: rnd ( -- u ), random ( n -- 0…n-1 ), and their state
  ["random.fs", "variable seed : rnd ( -- u ) seed @ 1664525 * 1013904223 + dup seed ! ; : random ( n -- m ) rnd um* nip ;"],
]);
