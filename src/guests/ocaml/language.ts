// Executables of ocamlc: how such files are called and known.
import type { FileKind } from "../guest.ts";

export const OCAML_FILES: FileKind = {
  file: "an OCaml bytecode executable",
  endings: [".byte", ".bc"],
  // its table of sections ends with this
  recognises: (_start, end) => /^Caml1999X\d{3}$/.test(Buffer.from(end).toString("latin1")),
  binary: true,
  words: true,
  input: true,
};
