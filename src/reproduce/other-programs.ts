// The lab's programs in other languages, on which some claims are measured as well. They decide no verdict: some need a compiler or a
// virtual machine that is not installed everywhere.
import { NEEDS_OCAMLC, ocamlcVersion, ocamlProgramIds } from "../guests/ocaml/lab-programs.ts";
import { wasmProgramIds } from "../guests/wasm/lab-programs.ts";

interface OtherPrograms {
  /** The language, in sentences. */
  readonly title: string;
  readonly programs: () => readonly string[];
  /** What they need that is missing here, if anything. */
  readonly missing: () => string | undefined;
}

/** Languages by the name that columns begin with. */
export const OTHER_PROGRAMS = {
  ocaml: {
    title: "OCaml",
    programs: ocamlProgramIds,
    missing: () => (ocamlcVersion() === undefined ? `OCaml ${NEEDS_OCAMLC}` : undefined),
  },
  wasm: { title: "Wasm", programs: wasmProgramIds, missing: () => undefined },
} as const satisfies Readonly<Record<string, OtherPrograms>>;

export type OtherLanguage = keyof typeof OTHER_PROGRAMS;

export const OTHER_LANGUAGES = Object.keys(OTHER_PROGRAMS) as readonly OtherLanguage[];
