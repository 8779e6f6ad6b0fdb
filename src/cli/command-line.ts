// What was typed, as it can be typed again.

const plain = /^[\w@%+=:,./-]+$/;

/** A command line that a POSIX shell takes apart into the same words. */
export const commandLine = (words: readonly string[]): string =>
  ["bplab", ...words].map((word) => (plain.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");

/** The command that runs now. */
export const thisCommand = (): string => commandLine(process.argv.slice(2));
