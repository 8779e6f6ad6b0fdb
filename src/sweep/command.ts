// Command lines of this bplab for other shells, on any machine with the same files.
import { fileURLToPath } from "node:url";
import { shellWords } from "./shell-words.ts";

const BIN = fileURLToPath(new URL("../bin.js", import.meta.url));

/** A command of this bplab, with absolute paths. */
export const absoluteCommand = (words: readonly string[]): string => shellWords([process.execPath, BIN, ...words]);
