// Files that Gforth finds in its own folder and that programs include without bringing them along. What is part of
// Gforth's image, or of this system, needs no text; a file of the same name beside the program comes first.

import { miniOof } from "./mini-oof.ts";
import { objects } from "./objects.ts";
import { strings } from "./strings.ts";

/** Pseudo-random numbers as Gforth with cells of this width has them: each is the last one times a constant, plus one. */
const random = `
variable seed
272958469 constant generator
: rnd ( -- u ) seed @ generator um* drop 1+ dup seed ! ;
: random ( n -- m ) rnd um* nip ;
`;

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
  ["mini-oof.fs", miniOof],
  ["objects.fs", objects],
  ["random.fs", random],
  ["string.fs", strings],
]);
