// Gforth's older names of a terminal's function keys, with their codes here: F1 to F12, alone and with shift.
import type { Forth } from "../../forth.ts";
import type { WordSet } from "../../optional-words.ts";

/** K-F1 of the prelude; the other keys have the codes after it. */
const FIRST = 0x8011;
const SHIFT = 0x10000;

const numbers = Array.from({ length: 12 }, (_, i) => i + 1);
const named = (prefix: string, mask: number): string[] =>
  numbers.map((number) => `#${mask | (FIRST + number - 1)} constant ${prefix}${number}`);

export const keys: WordSet<Forth> = { words: [], prelude: `\n${[...named("s-k", SHIFT), ...named("k", 0)].join("\n")}\n` };
