// WebAssembly modules: how such files are called and known.
import type { FileKind } from "../guest.ts";

export const WASM_FILES: FileKind = {
  file: "a WebAssembly module",
  endings: [".wasm", ".wat"],
  binary: true,
  words: true,
  input: true,
  options: ["form", "dir", "invoke"],
};
