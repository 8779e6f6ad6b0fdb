// Quotes words for a POSIX shell.

const plain = /^[\w@%+=:,./-]+$/;

/** A text that a POSIX shell splits into these words. */
export const shellWords = (words: readonly string[]): string =>
  words.map((word) => (plain.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
