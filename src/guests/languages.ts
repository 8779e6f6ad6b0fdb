// Every guest language. A guest is dozens of files, so it is loaded when there is a program for it to run.
import { FORTH_FILES } from "./forth/language.ts";
import type { Language } from "./guest.ts";
import { JAVA_FILES } from "./java/language.ts";
import { OCAML_FILES } from "./ocaml/language.ts";
import { OPCODES_FILES } from "./opcodes/language.ts";
import { REGISTER_FILES } from "./register/language.ts";
import { TAPE_FILES } from "./tapes/language.ts";
import { WASM_FILES } from "./wasm/language.ts";

export const FORTH: Language = { ...FORTH_FILES, load: async () => (await import("./forth/guest.ts")).forth };
export const OPCODES: Language = { ...OPCODES_FILES, load: async () => (await import("./opcodes/guest.ts")).opcodes };
export const REGISTER: Language = { ...REGISTER_FILES, load: async () => (await import("./register/guest.ts")).register };
export const OCAML: Language = { ...OCAML_FILES, load: async () => (await import("./ocaml/guest.ts")).ocaml };
export const WASM: Language = { ...WASM_FILES, load: async () => (await import("./wasm/guest.ts")).wasm };
export const JAVA: Language = { ...JAVA_FILES, load: async () => (await import("./java/guest.ts")).java };
const TAPES: Language = { ...TAPE_FILES, load: async () => (await import("./tapes/guest.ts")).tapes };

/** Loops of virtual instructions that users write on the command line. */
export const WORDS: Language = {
  file: "a loop of virtual instructions",
  endings: [],
  ownOpcodes: true,
  sized: true,
  load: async () => (await import("./words/guest.ts")).words,
};

/** Languages of files, which are recognised by the ending of a file's name. */
export const LANGUAGES: readonly Language[] = [FORTH, OPCODES, REGISTER, OCAML, WASM, JAVA, TAPES];
