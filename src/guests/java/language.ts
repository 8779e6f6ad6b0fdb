// Java programs: how such files are called and known.
import type { FileKind } from "../guest.ts";

export const JAVA_FILES: FileKind = {
  file: "a Java program",
  endings: [".jar", ".class", ".java"],
  binary: true,
  words: true,
  input: true,
  options: ["class-path", "main", "jdk", "quicken", "thread"],
};
