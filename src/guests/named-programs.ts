// The lab's programs that run only when they are named, because some need a compiler or a virtual machine: by language, each in its
// folder of traces/. They get the size as their argument.
import type { Language } from "./guest.ts";
import { jdkVersion, NEEDS_JDK } from "./java/jdk.ts";
import { javaJar, javaProgramIds, javaSource } from "./java/lab-programs.ts";
import { JAVA, OCAML, WASM } from "./languages.ts";
import { compileOcaml, NEEDS_OCAMLC, ocamlcVersion, ocamlProgramIds, ocamlSource } from "./ocaml/lab-programs.ts";
import { wasmModule, wasmProgramIds, wasmSource } from "./wasm/lab-programs.ts";

export interface NamedPrograms {
  readonly language: Language;
  /** Ids, sorted. */
  readonly ids: () => readonly string[];
  /** Path of what runs. @throws UsageError or RunError when it cannot be made */
  readonly path: (id: string) => string;
  /** Path of the source. */
  readonly source: (id: string) => string;
  /** What running them needs, in words; undefined: nothing. */
  readonly needs?: string;
  /** Whether that is here. */
  readonly runs: () => boolean;
}

/** By the start of their ids. */
export const NAMED_PROGRAMS = {
  ocaml: {
    language: OCAML,
    ids: ocamlProgramIds,
    path: compileOcaml,
    source: ocamlSource,
    needs: NEEDS_OCAMLC,
    runs: () => ocamlcVersion() !== undefined,
  },
  wasm: { language: WASM, ids: wasmProgramIds, path: wasmModule, source: wasmSource, needs: undefined, runs: () => true },
  java: {
    language: JAVA,
    ids: javaProgramIds,
    path: javaJar,
    source: javaSource,
    needs: NEEDS_JDK,
    runs: () => jdkVersion() !== undefined,
  },
} as const satisfies Readonly<Record<string, NamedPrograms>>;

export type NamedLanguage = keyof typeof NAMED_PROGRAMS;

const all: readonly NamedPrograms[] = Object.values(NAMED_PROGRAMS);

/** The ids of all of them. */
export const namedProgramIds = (): string[] => all.flatMap(({ ids }) => ids());

/** Those that an id belongs to; undefined if it is none of them. */
export const namedProgramsOf = (id: string): NamedPrograms | undefined => all.find(({ ids }) => ids().includes(id));

/** Those in a language; undefined if there are none. */
export const namedProgramsIn = (language: Language): NamedPrograms | undefined => all.find((named) => named.language === language);

/** Whether a name looks like one of theirs. */
export const looksNamed = (name: string): boolean =>
  Object.keys(NAMED_PROGRAMS).includes(name.split("/")[0]) && /^\w+\/[^/\\.]*$/.test(name);
