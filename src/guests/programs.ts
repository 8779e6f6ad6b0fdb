// The programs that come with the lab, by file name, and the files that users bring; which guest runs them. Some run only when they
// are named (named-programs.ts).
import { createHash } from "#platform/crypto";
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from "#platform/fs";
import { ownFolder } from "#platform/own-files";
import { extname } from "#platform/path";
import { UsageError, unreadable } from "../errors.ts";
import { COMPRESSIONS, type Compression, plainName } from "../files/decompress.ts";
import { inItsName, inputPath, STANDARD_INPUT_NAME, unpackedPath } from "../files/kept-inputs.ts";
import { unknownName } from "../parameters.ts";
import type { VirtualRun } from "../trace/run.ts";
import { guestLimit, windowOf } from "../trace/window.ts";
import { digestSource, type Guest, type Language, type Surroundings } from "./guest.ts";
import { LANGUAGES, WORDS } from "./languages.ts";
import { looksNamed, namedProgramIds, namedProgramsIn, namedProgramsOf } from "./named-programs.ts";
import { AS, checkReference, readReference, STDIN } from "./program-reference.ts";

const FOLDER = ownFolder("traces");

/** How much work a program does: `test` under 300 thousand virtual instructions, `full` 5 to 50 million. */
export const SIZES = ["test", "full"] as const;
export type Size = (typeof SIZES)[number];

export interface Program {
  /** The id of one of ours; the path of a user's. */
  readonly id: string;
  readonly path: string;
  /** The language that it is written in. */
  readonly language: Language;
  /** What runs it. */
  readonly guest: Guest;
  /** The first 16 hexadecimal digits of the SHA-256 of the source, followed by its standard input if it has one. */
  readonly sha256: string;
  /** The whole SHA-256 of the source; undefined if there is no file. */
  readonly fileSha256: string | undefined;
  /** Its expected output, if known. */
  expected(size: Size): string | undefined;
  /** Options of its language that users give, by name. */
  readonly options: Readonly<Record<string, readonly string[]>>;
  /** Options and words as text: equal texts mean equal runs. */
  readonly given: string;
  /** Whether its size may change what it does. */
  readonly sized: boolean;
  /** Words of its command line: the user's; otherwise the size, for programs of ours that read it there. */
  words(size: Size): readonly string[];
  /**
   * A fresh run on a fresh guest, of at most `maxInstructions` virtual instructions, to the end of a block.
   * @param surroundings receives what the run depends on besides the source
   */
  start(size: Size, maxInstructions: number, surroundings?: Surroundings): VirtualRun;
}

/** Starts a program: on its guest, or from a tape. */
export type Starter = (program: Program, size: Size, maxInstructions: number) => VirtualRun;

/** Whether a run is known to be short: one of our programs, at size test. */
export const isBrief = (program: Program, size: Size): boolean => size === "test" && program.expected(size) !== undefined;

export const startOnGuest: Starter = (program, size, maxInstructions) => program.start(size, maxInstructions);

/** @throws UsageError when size `full` is asked for, and there are programs but none that it changes */
export function refuseIdleSize(size: Size | undefined, programs: readonly Program[]): void {
  if (size !== "full" || programs.length === 0 || programs.some(({ sized }) => sized)) return;
  const [{ id, language }] = programs;
  throw new UsageError(`size: ${id} is ${language.file}, which does the same at both sizes: leave it out`);
}

const languageOf = (file: string): Language | undefined => LANGUAGES.find(({ endings }) => endings.includes(extname(file).toLowerCase()));

/** The language that files of an ending are written in, whatever a file's name is. @throws UsageError for an unknown or a second one */
function languageNamed(as: readonly string[]): Language {
  const endings = LANGUAGES.flatMap((language) => language.endings.map((ending) => ending.slice(1)));
  if (as.length > 1) throw new UsageError(`--${AS}: expected once, got ${as.join(" and ")}`);
  const found = LANGUAGES.find((language) => language.endings.includes(`.${as[0]}`));
  if (found === undefined) throw unknownName(`--${AS}`, as[0], endings);
  return found;
}

const START_BYTES = 4096;
const END_BYTES = 12;

/** The language of a file by its content; undefined if it is not recognised. */
function languageIn(path: string): Language | undefined {
  if (!existsSync(path) || !statSync(path).isFile()) return undefined;
  const [start, end] = [Buffer.alloc(START_BYTES), Buffer.alloc(END_BYTES)];
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const first = start.subarray(0, readSync(file, start, 0, START_BYTES, 0));
    const last = end.subarray(0, readSync(file, end, 0, END_BYTES, Math.max(0, fstatSync(file).size - END_BYTES)));
    return LANGUAGES.find(({ recognises }) => recognises?.(first, last));
  } catch (error) {
    throw unreadable(path, "a program", error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** What a file is compressed with, by its first bytes; undefined if it is not, or is none. */
function compressionOf(path: string): Compression | undefined {
  if (!existsSync(path) || !statSync(path).isFile()) return undefined;
  const start = Buffer.alloc(8);
  const file = openSync(path, "r");
  readSync(file, start);
  closeSync(file);
  return COMPRESSIONS.find(({ magic }) => start.toString("hex").startsWith(magic));
}

/** Whether an input is an installed command that the lab runs as a program, with its words. */
export const isCommand = (input: string): boolean => LANGUAGES.some(({ commands }) => commands?.names.includes(input));

/** File names of the lab's own programs by id. */
function ours(): Map<string, string> {
  const files = readdirSync(FOLDER).filter((file) => LANGUAGES.some(({ endings }) => endings[0] === extname(file)));
  return new Map(files.map((file) => [file.slice(0, -extname(file).length), file] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The ids of the default programs, sorted: those of the lab that run without a compiler. */
export function programIds(): string[] {
  return [...ours().keys()];
}

/** The ids of the lab's programs in a language. */
export function programIdsOf(language: Language): string[] {
  const run = [...ours()].flatMap(([id, file]) => (languageOf(file) === language ? id : []));
  return [...run, ...(namedProgramsIn(language)?.ids() ?? [])];
}

/** Path of the source of one of the lab's programs, relative to their folder. */
export function programSource(id: string): string {
  const source = ours().get(id) ?? namedProgramsOf(id)?.source(id).slice(FOLDER.length);
  if (source === undefined) throw new UsageError(`${id}: expected one of the lab's programs`);
  return source;
}

/** The purpose of one of our programs: the first line of its source, without comment signs and its name. */
export function programPurpose(id: string): string {
  const [line] = readFileSync(`${FOLDER}${programSource(id)}`, "utf8").split("\n");
  return line.replace(/^\W*[\w-]+:\s*/, "").replace(/\s*\*\)$/, "");
}

/** Words with blanks between them, unless it looks like a path. */
const isLoop = (input: string): boolean =>
  /\S\s+\S/.test(input) && !/[/\\]/.test(input) && languageOf(input.trim()) === undefined && !existsSync(input);

/** Whether an input that may also be a loop of words is a program: one of the lab's, a file, what looks like a path, or has options. */
export const namesProgram = (input: string): boolean =>
  readReference(input) !== undefined ||
  ours().has(input) ||
  looksNamed(input) ||
  existsSync(input) ||
  languageOf(input.trim()) !== undefined ||
  (/[/\\.]/.test(input) && !/\s/.test(input));

/** A loop written as words, "A B A GOTO". */
async function loopOf(text: string): Promise<Program> {
  const id = text.trim().replace(/\s+/g, " ");
  const guest = await WORDS.load();
  return {
    id,
    path: id,
    language: WORDS,
    guest,
    sha256: createHash("sha256").update(id).digest("hex").slice(0, 16),
    fileSha256: undefined,
    expected: () => undefined,
    options: {},
    given: "",
    sized: true,
    words: () => [],
    start: (size, maxInstructions) =>
      windowOf(guest.start(id, { full: size === "full", maxInstructions: guestLimit(maxInstructions) }), maxInstructions),
  };
}

/** A program's standard input. @throws UsageError when it cannot be read, or not several times */
function readInput(files: readonly string[]): Buffer | undefined {
  if (files.length === 0) return undefined;
  if (files.length > 1) throw new UsageError(`${STDIN}: expected once, got ${files.join(" and ")}`);
  const [file] = files;
  try {
    // every worker reads it
    if (existsSync(file) && !statSync(file).isFile() && !statSync(file).isDirectory())
      throw new UsageError(`${STDIN}: ${file} is no file that can be read more than once: write what it gives to a file`);
    return readFileSync(file);
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(file, "a file for standard input", error);
  }
}

/**
 * Finds a program by id or path, or makes one of a loop of words; loads what runs it.
 * @param alsoKnown further kinds of files that a message about an unknown one lists
 * @throws UsageError for an unknown id, or a file that cannot be read
 */
export async function findProgram(id: string, alsoKnown: readonly string[] = []): Promise<Program> {
  const reference = readReference(id);
  if (reference === undefined && isLoop(id)) return loopOf(id);
  const { file: input, options, words: givenWords } = reference ?? { file: id, options: {}, words: undefined };
  const { [AS]: as, ...given } = options;
  if (reference !== undefined && isLoop(input)) checkReference({ options: given, words: givenWords }, input, WORDS);
  const known = ours();
  const named = namedProgramsOf(input);
  const ids = [...known.keys(), ...namedProgramIds()];
  const own = ids.includes(input);
  const runner = LANGUAGES.find(({ commands }) => commands?.names.includes(input));
  if (
    !own &&
    runner === undefined &&
    input !== STANDARD_INPUT_NAME &&
    (looksNamed(input) || /^[^/\\.]*$/.test(input)) &&
    !existsSync(input)
  )
    throw unknownName("program", input, ids);
  const ownPath = (): string => named?.path(input) ?? `${FOLDER}${known.get(input)}`;
  const file = own ? ownPath() : (runner?.commands?.pathOf(input) ?? inputPath(input));
  const compression = own || languageOf(input) !== undefined ? undefined : compressionOf(file);
  const path = compression === undefined ? file : await unpackedPath(file, compression, input);
  const language =
    as === undefined ? (runner ?? languageOf(compression === undefined ? path : plainName(input)) ?? languageIn(path)) : languageNamed(as);
  if (language === undefined) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
      throw new UsageError(`${input} is a folder, expected a program id (bplab list programs) or a file`);
    const kinds = LANGUAGES.map(({ file, endings }) => `${file} (${endings.join(", ")})`);
    throw new UsageError(`${input}: expected a program id or a file: ${[...kinds, ...alsoKnown].join(", ")}`);
  }
  if (reference !== undefined) checkReference({ options: given, words: givenWords }, input, language);
  const inInputsName = <T>(action: () => T): T => (own ? action() : inItsName(path, input, action));
  const fileSha256 = inInputsName(() => digestSource(path, language));
  const standardInput = readInput(given[STDIN] ?? []);
  const digest = (...pieces: readonly Uint8Array[]): string =>
    pieces.reduce((hash, piece) => hash.update(piece), createHash("sha256")).digest("hex");
  const sha256 = standardInput === undefined ? fileSha256 : digest(readFileSync(path), standardInput);
  const expected = (size: Size): string | undefined =>
    own && reference === undefined ? readFileSync(`${FOLDER}${input}.${size}.out`, "utf8") : undefined;
  const words = (size: Size): readonly string[] => givenWords ?? (named === undefined ? [] : [size]);
  const guest = await language.load();
  return {
    id,
    path,
    language,
    guest,
    options: given,
    given: reference === undefined ? "" : JSON.stringify([options, givenWords, sha256]),
    sha256: sha256.slice(0, 16),
    fileSha256,
    expected,
    sized: language.sized === true || (named !== undefined && givenWords === undefined),
    words,
    start(size, maxInstructions, surroundings) {
      const options = {
        full: size === "full",
        words: words(size),
        input: standardInput,
        maxInstructions: guestLimit(maxInstructions),
        expected: expected(size),
        surroundings,
        given,
      };
      const { program, run } = inInputsName(() => guest.start(path, options));
      return windowOf({ program, run: (sink, rewritten) => inInputsName(() => run(sink, rewritten)) }, maxInstructions);
    },
  };
}
