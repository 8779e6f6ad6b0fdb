// Command lines as text that can be typed again, and the version that they ran.
import { readFileSync } from "node:fs";
import { shellWords } from "../sweep/shell-words.ts";

/** A command line of bplab, quoted for a shell. */
export const commandLine = (words: readonly string[]): string => shellWords(["bplab", ...words]);

/** The command line of this process. */
export const thisCommand = (): string => commandLine(process.argv.slice(2));

/** The version of this bplab. */
export const thisVersion = (): string => JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")).version;
