// How this bplab is called by other shells, on any machine that sees the same files.
import { fileURLToPath } from "node:url";
import { shellWords } from "./shell-words.ts";

const BIN = fileURLToPath(new URL("../bin.js", import.meta.url));

/** A command of this bplab, with all that is needed to find it. */
export const absoluteCommand = (words: readonly string[]): string => shellWords([process.execPath, BIN, ...words]);
