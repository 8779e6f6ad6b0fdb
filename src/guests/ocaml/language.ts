// Executables of ocamlc: how such files are called and known.
import type { FileKind } from "../guest.ts";

export const OCAML_FILES: FileKind = {
  file: "an OCaml bytecode executable",
  endings: [".byte", ".bc"],
  binary: true,
  words: true,
  input: true,
};
