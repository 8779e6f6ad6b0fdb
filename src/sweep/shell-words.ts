// Words of a command line as a POSIX shell reads them.

const plain = /^[\w@%+=:,./-]+$/;

/** What a POSIX shell takes apart into these words. */
export const shellWords = (words: readonly string[]): string =>
  words.map((word) => (plain.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
