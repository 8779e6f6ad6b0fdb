// The lab's programs in other languages, on which some claims are measured as well. They decide no verdict: some need a compiler or a
// virtual machine that is not installed everywhere.
import { NAMED_PROGRAMS, type NamedLanguage, type NamedPrograms } from "../guests/named-programs.ts";

/** Languages by the name that columns begin with, and as sentences name them. */
export const OTHER_LANGUAGES = { ocaml: "OCaml", wasm: "Wasm", java: "Java" } as const satisfies Readonly<Record<NamedLanguage, string>>;

export type OtherLanguage = keyof typeof OTHER_LANGUAGES;

export const otherLanguages = Object.keys(OTHER_LANGUAGES) as readonly OtherLanguage[];

/** The ids of a language's programs. */
export const otherPrograms = (language: OtherLanguage): readonly string[] => NAMED_PROGRAMS[language].ids();

/** What a language's programs need that is missing here, in a sentence; undefined if they run. */
export function missingFor(language: OtherLanguage): string | undefined {
  const { needs, runs }: NamedPrograms = NAMED_PROGRAMS[language];
  return needs === undefined || runs() ? undefined : `${OTHER_LANGUAGES[language]} ${needs}`;
}
