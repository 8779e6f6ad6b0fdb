// Word sets that a Forth gets when a program uses one of their words. The instruction set of every other program stays as small as
// it was: what a technique lays out for it, the size of its tables included, does not depend on words that it never names.
import type { Dictionary } from "./dictionary.ts";
import { FORTH_WORDLIST } from "./dictionary.ts";
import type { InstructionOptions } from "./machine/instructions.ts";
import type { Machine } from "./machine/machine.ts";

/** A word that the host executes: its name, the cells that it takes and leaves, what it does. */
export type OptionalWord<System> = readonly [
  name: string,
  effect: string,
  run: (machine: Machine, forth: System) => void,
  options?: InstructionOptions,
];

export interface WordSet<System> {
  readonly words: readonly OptionalWord<System>[];
  /** Words that are Forth: they leave the trace of colon definitions. Each definition begins its line. */
  readonly prelude: string;
  /** Texts that are no words but need the set: literals. */
  readonly literals?: RegExp;
  /** Gives a Forth what else belongs to the words, before the prelude; and the names of words that it defines. */
  readonly complete?: (forth: System) => void;
  readonly completes?: readonly string[];
}

const DEFINITIONS = /^(?::|(?:\S+ )?(?:synonym|variable|create|defer|f?constant|value)) +(\S+)/gim;

/** The names of all words of a set, in small letters. */
function namesOf<System>({ words, prelude, completes = [] }: WordSet<System>): ReadonlySet<string> {
  const defined = [...prelude.matchAll(DEFINITIONS)].map(([, name]) => name);
  return new Set([...words.map(([name]) => name), ...completes, ...defined].map((name) => name.toLowerCase()));
}

/** Names and literals in a text, comments left out. */
function* namesIn(text: string): Generator<string> {
  const pattern = /\S+/g;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [name] = match;
    if (name !== "\\" && name !== "(" && name !== "\\G") {
      yield name;
      continue;
    }
    const end = text.indexOf(name === "(" ? ")" : "\n", pattern.lastIndex);
    if (end < 0) return;
    pattern.lastIndex = end + 1;
  }
}

export class OptionalWords<System> {
  readonly #sets: readonly { readonly set: WordSet<System>; readonly names: ReadonlySet<string> }[];
  /** Sets that are being defined: their preludes name their own words. */
  readonly #underway = new Set<WordSet<System>>();
  readonly #dictionary: Dictionary;
  readonly #define: (set: WordSet<System>) => void;

  /** @param define gives the Forth a set's words */
  constructor(sets: readonly WordSet<System>[], dictionary: Dictionary, define: (set: WordSet<System>) => void) {
    this.#sets = sets.map((set) => ({ set, names: namesOf(set) }));
    this.#dictionary = dictionary;
    this.#define = define;
  }

  /** Defines the sets that a name or literal belongs to; false if there are none that are not defined. */
  provide(name: string): boolean {
    const small = name.toLowerCase();
    let provided = false;
    for (const { set, names } of this.#sets) {
      if (!(names.has(small) || set.literals?.test(name)) || this.#underway.has(set) || this.#defined(names)) continue;
      this.#underway.add(set);
      this.#define(set);
      this.#underway.delete(set);
      provided = true;
    }
    return provided;
  }
  /** Defines the sets that a text uses. */
  provideFor(text: string): void {
    for (const name of namesIn(text)) this.provide(name);
  }
  /** Whether a set's first word is there. */
  #defined([first]: Iterable<string>): boolean {
    return this.#dictionary.findIn(FORTH_WORDLIST, first) !== undefined;
  }
}
