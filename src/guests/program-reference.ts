// Names a program together with its options and words in one text: FILE, options of its language, and after -- its words.
//
//   lua.wasm --dir=scripts -- scripts/sort.lua 300        fib.wasm --invoke=fib -- 30        wc.byte --stdin=text.txt
//
// The whole text is the program's id: results of one file with other words are another program's.
import { UsageError } from "../errors.ts";
import type { FileKind } from "./guest.ts";

export interface ProgramReference {
  readonly file: string;
  /** Values by name of an option, in the order in which they were given. */
  readonly options: Readonly<Record<string, readonly string[]>>;
  /** Words of its command line; undefined if none are given. */
  readonly words: readonly string[] | undefined;
}

/** Splits a text into words, with a shell's rules for blanks and quotes. */
function split(text: string): string[] {
  const parts = text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return parts.map((part) => part.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single));
}

/** Reads such a text; undefined if it names only a file. */
export function readReference(text: string): ProgramReference | undefined {
  if (!/\s--(\s|\w|$)/.test(text)) return undefined;
  const [file, ...rest] = split(text);
  const end = rest.indexOf("--");
  const options: Record<string, string[]> = {};
  for (const part of end < 0 ? rest : rest.slice(0, end)) {
    const [, name, value] = /^--([\w-]+)=(.*)$/s.exec(part) ?? [];
    if (name === undefined) throw new UsageError(`${file}: expected --OPTION=VALUE, or -- and the program's words, got ${part}`);
    options[name] ??= [];
    options[name].push(value);
  }
  return { file, options, words: end < 0 ? undefined : rest.slice(end + 1) };
}

/** The option that names a file for standard input: that of every language whose programs read it. */
export const STDIN = "stdin";

/** The option that says what kind of file it is, by the ending of such files' names, whatever its own name is. */
export const AS = "as";

const quoted = (word: string): string => (/^[^\s"']+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`);

/** Adds options and words to a program's reference. @throws UsageError for words given twice */
export function extendReference(text: string, { options, words }: Omit<ProgramReference, "file">): string {
  const before = readReference(text) ?? { file: text, options: {}, words: undefined };
  if (before.words !== undefined && words !== undefined) throw new UsageError(`${text}: words are given twice, in its name and after --`);
  const all = Object.entries({ ...before.options, ...options });
  const flags = all.flatMap(([name, values]) => values.map((value) => quoted(`--${name}=${value}`)));
  const last = before.words ?? words;
  const parts = [quoted(before.file), ...flags, ...(last === undefined ? [] : ["--", ...last.map(quoted)])];
  return parts.length === 1 ? text : parts.join(" ");
}

/** Files that such a text names: the program's, and its standard input's. */
export function filesNamed(text: string): string[] {
  const reference = readReference(text);
  return reference === undefined ? [text] : [reference.file, ...(reference.options[STDIN] ?? [])];
}

/** @throws UsageError if programs of a kind take no words, or not these options */
export function checkReference(reference: Omit<ProgramReference, "file">, file: string, kind: FileKind): void {
  const known = [...(kind.input === true ? [STDIN] : []), ...(kind.options ?? [])];
  const unknown = Object.keys(reference.options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const has = known.length === 0 ? "no options of its own" : known.map((name) => `--${name}`).join(", ");
    throw new UsageError(`${file}: ${kind.file} has no option --${unknown} (it has ${has})`);
  }
  if (reference.words !== undefined && kind.words !== true) throw new UsageError(`${file}: ${kind.file} reads no words after --`);
}
