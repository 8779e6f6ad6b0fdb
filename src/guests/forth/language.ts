// Forth sources: how such files are called and known.
import type { FileKind } from "../guest.ts";

export const FORTH_FILES: FileKind = {
  file: "a Forth source",
  endings: [".fs", ".fth", ".4th", ".frt", ".fr", ".f"],
  input: true,
  options: ["memory", "cell"],
  sized: true,
};
