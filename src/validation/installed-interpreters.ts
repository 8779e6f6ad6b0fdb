// Installed interpreters whose programs a guest of ours executes, too: one entry each.
import type { Language } from "../guests/guest.ts";
import { JAVA, OCAML, WASM } from "../guests/languages.ts";
import type { InstalledInterpreter } from "./installed.ts";
import { openIwasm } from "./iwasm.ts";
import { openOcamlrun } from "./ocamlrun.ts";
import { openZero } from "./zero.ts";

export interface KnownInterpreter {
  /** Its command; what `java -zero` runs. */
  readonly name: string;
  /** What its programs are written in. */
  readonly language: Language;
  /** @throws UsageError when it is not installed, RunError when it cannot be read */
  open(): InstalledInterpreter;
}

export const KNOWN_INTERPRETERS: readonly KnownInterpreter[] = [
  { name: "ocamlrun", language: OCAML, open: openOcamlrun },
  { name: "iwasm", language: WASM, open: openIwasm },
  { name: "zero", language: JAVA, open: openZero },
];
