// Java programs: how such files are called and known.
import type { FileKind } from "../guest.ts";
import { commandPath, JAVA_COMMANDS } from "./command-line.ts";

export const JAVA_FILES: FileKind = {
  file: "a Java program",
  endings: [".jar", ".class", ".java"],
  binary: true,
  words: true,
  input: true,
  commands: { names: JAVA_COMMANDS, pathOf: commandPath },
  options: ["class-path", "main", "jdk", "quicken", "thread"],
};
