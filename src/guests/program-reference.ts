// How users name a program together with what it is given, in one text: FILE, options of its language, and after -- its words.
//
//   lua.wasm --dir=scripts -- scripts/sort.lua 300        fib.wasm --invoke=fib -- 30
//
// The whole text is the program's id: results of one file with other words are another program's.
import { UsageError } from "../errors.ts";
import type { FileKind } from "./guest.ts";

export interface ProgramReference {
  readonly file: string;
  /** Values by name of an option, in the order in which they were given. */
  readonly options: Readonly<Record<string, readonly string[]>>;
  /** Words of its command line; undefined where nothing is said of them. */
  readonly words: readonly string[] | undefined;
}

/** Words as a shell reads them, as far as blanks and quotes go. */
function split(text: string): string[] {
  const parts = text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return parts.map((part) => part.replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single));
}

/** Reads such a text; undefined where it names a file alone. */
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

/** @throws UsageError where programs of a kind take no words, or not these options */
export function checkReference(reference: Omit<ProgramReference, "file">, file: string, kind: FileKind): void {
  const known = kind.options ?? [];
  const unknown = Object.keys(reference.options).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const has = known.length === 0 ? "no options of its own" : known.map((name) => `--${name}`).join(", ");
    throw new UsageError(`${file}: ${kind.file} has no option --${unknown} (it has ${has})`);
  }
  if (reference.words !== undefined && kind.words !== true) throw new UsageError(`${file}: ${kind.file} reads no words after --`);
}
