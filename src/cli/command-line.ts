// What was typed, as it can be typed again.

const plain = /^[\w@%+=:,./-]+$/;

/** What a POSIX shell takes apart into these words. */
export const shellWords = (words: readonly string[]): string =>
  words.map((word) => (plain.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");

/** A command line of the lab. */
export const commandLine = (words: readonly string[]): string => shellWords(["bplab", ...words]);

/** The command that runs now. */
export const thisCommand = (): string => commandLine(process.argv.slice(2));
