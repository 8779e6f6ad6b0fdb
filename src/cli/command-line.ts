// What was typed, as it can be typed again.
import { shellWords } from "../sweep/shell-words.ts";

/** A command line of the lab. */
export const commandLine = (words: readonly string[]): string => shellWords(["bplab", ...words]);

/** The command that runs now. */
export const thisCommand = (): string => commandLine(process.argv.slice(2));
