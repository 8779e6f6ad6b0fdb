// Command lines as text that can be typed again.
import { shellWords } from "../sweep/shell-words.ts";

/** A command line of bplab, quoted for a shell. */
export const commandLine = (words: readonly string[]): string => shellWords(["bplab", ...words]);

/** The command line of this process. */
export const thisCommand = (): string => commandLine(process.argv.slice(2));
