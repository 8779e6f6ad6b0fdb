// Every guest language. What runs a program is loaded when there is one to run: each is dozens of files.
import type { Language } from "./guest.ts";

export const FORTH: Language = {
  file: "a Forth source",
  endings: [".fs", ".fth", ".4th", ".frt", ".fr", ".f"],
  load: async () => (await import("./forth/guest.ts")).forth,
};

export const OPCODES: Language = {
  file: "a stream of opcodes",
  endings: [".opcodes", ".csv"],
  ownOpcodes: true,
  load: async () => (await import("./opcodes/guest.ts")).opcodes,
};

export const REGISTER: Language = {
  file: "a register-machine assembly source",
  endings: [".rasm"],
  load: async () => (await import("./register/guest.ts")).register,
};

export const OCAML: Language = {
  file: "an OCaml bytecode executable",
  endings: [".byte", ".bc"],
  binary: true,
  load: async () => (await import("./ocaml/guest.ts")).ocaml,
};

/** Loops on the command line. */
export const WORDS: Language = {
  file: "a loop of virtual instructions",
  endings: [],
  ownOpcodes: true,
  load: async () => (await import("./words/guest.ts")).words,
};

/** Those of files, whose names say which one a program is written in. */
export const LANGUAGES: readonly Language[] = [FORTH, OPCODES, REGISTER, OCAML];
