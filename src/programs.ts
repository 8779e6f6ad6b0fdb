// The programs that come with the lab, by file name, and the files that users bring; which guest runs them. Those that have to be
// compiled first are asked for by name: what runs where nothing is named needs nothing installed.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "./errors.ts";
import { forth } from "./guests/forth/guest.ts";
import { digestSource, type Guest, type Surroundings } from "./guests/guest.ts";
import { ocaml } from "./guests/ocaml/guest.ts";
import { opcodes } from "./guests/opcodes/guest.ts";
import { register } from "./guests/register/guest.ts";
import { words } from "./guests/words/guest.ts";
import { compileOcaml, ocamlProgramIds, ocamlSource } from "./ocaml-programs.ts";
import { unknown } from "./parameters.ts";
import type { VirtualRun } from "./trace/run.ts";

/** Every guest language; names of files say which one a program is written in. */
const GUESTS: readonly Guest[] = [forth, opcodes, register, ocaml];

const FOLDER = fileURLToPath(new URL("../../traces/", import.meta.url));

/** How much work a program does: `test` under 300 thousand virtual instructions, `full` 5 to 50 million. */
export const SIZES = ["test", "full"] as const;
export type Size = (typeof SIZES)[number];

export interface Program {
  /** The id of one of ours; the path of a user's. */
  readonly id: string;
  readonly path: string;
  readonly guest: Guest;
  /** The first 16 hexadecimal digits of the source's SHA-256. */
  readonly sha256: string;
  /** All of them; undefined where there is no file. */
  readonly fileSha256: string | undefined;
  /** The output that it must have printed when it is done, if known. */
  expected(size: Size): string | undefined;
  /** What it is told on its command line where the user says nothing: the size, if it is one of ours that asks there. */
  words(size: Size): readonly string[];
  /**
   * A fresh run on a fresh guest.
   * @param surroundings gets told what the run depends on besides the source
   */
  start(size: Size, maxInstructions: number, surroundings?: Surroundings): VirtualRun;
}

/** How a program is started, from its tape perhaps. */
export type Starter = (program: Program, size: Size, maxInstructions: number) => VirtualRun;

export const startOnGuest: Starter = (program, size, maxInstructions) => program.start(size, maxInstructions);

const guestOf = (file: string): Guest | undefined => GUESTS.find(({ endings }) => endings.includes(extname(file).toLowerCase()));

/** File names of the lab's own programs by id. */
function ours(): Map<string, string> {
  const files = readdirSync(FOLDER).filter((file) => GUESTS.some(({ endings }) => endings[0] === extname(file)));
  return new Map(files.map((file) => [file.slice(0, -extname(file).length), file] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The ids of the programs that come with the lab and run by themselves, sorted: what runs where nothing is named. */
export function programIds(): string[] {
  return [...ours().keys()];
}

/** The ids of the lab's programs that a guest runs. */
export function programIdsOf(guest: Guest): string[] {
  const run = [...ours()].flatMap(([id, file]) => (guestOf(file) === guest ? id : []));
  return guest === ocaml ? [...run, ...ocamlProgramIds()] : run;
}

/** Where the source of one of the lab's programs stands, from the folder of all of them. */
export function programSource(id: string): string {
  return ours().get(id) ?? ocamlSource(id).slice(FOLDER.length);
}

/** What a program of ours is for: the first line of its source, between the comment signs and behind its name. */
export function programPurpose(id: string): string {
  const [line] = readFileSync(`${FOLDER}${programSource(id)}`, "utf8").split("\n");
  return line.replace(/^\W*[\w-]+:\s*/, "").replace(/\s*\*\)$/, "");
}

/** Words with blanks between them, unless it looks like a path. */
const isLoop = (input: string): boolean =>
  /\S\s+\S/.test(input) && !/[/\\]/.test(input) && guestOf(input.trim()) === undefined && !existsSync(input);

/** A loop written as words, "A B A GOTO". */
function loopOf(text: string): Program {
  const id = text.trim().replace(/\s+/g, " ");
  return {
    id,
    path: id,
    guest: words,
    sha256: createHash("sha256").update(id).digest("hex").slice(0, 16),
    fileSha256: undefined,
    expected: () => undefined,
    words: () => [],
    start: (size, maxInstructions) => words.start(id, { full: size === "full", maxInstructions }),
  };
}

/**
 * Finds a program by id or path, or makes one of a loop of words.
 * @param alsoKnown further kinds of files that a message about an unknown one lists
 * @throws UsageError for an unknown id, or a file that cannot be read
 */
export function findProgram(input: string, alsoKnown: readonly string[] = []): Program {
  if (isLoop(input)) return loopOf(input);
  const known = ours();
  const compiled = ocamlProgramIds();
  const own = known.has(input) || compiled.includes(input);
  if (!own && /^(ocaml\/)?[^/\\.]*$/.test(input) && !existsSync(input)) throw unknown("program", input, [...known.keys(), ...compiled]);
  const path = !own ? input : compiled.includes(input) ? compileOcaml(input) : `${FOLDER}${known.get(input)}`;
  const guest = guestOf(path);
  if (guest === undefined) {
    const kinds = GUESTS.map(({ file, endings }) => `${file} (${endings.join(", ")})`);
    throw new UsageError(`${input}: expected a program id or a file: ${[...kinds, ...alsoKnown].join(", ")}`);
  }
  const fileSha256 = digestSource(path, guest);
  const expected = (size: Size): string | undefined => (own ? readFileSync(`${FOLDER}${input}.${size}.out`, "utf8") : undefined);
  const words = (size: Size): readonly string[] => (own && guest === ocaml ? [size] : []);
  return {
    id: input,
    path,
    guest,
    sha256: fileSha256.slice(0, 16),
    fileSha256,
    expected,
    words,
    start: (size, maxInstructions, surroundings) =>
      guest.start(path, { full: size === "full", words: words(size), maxInstructions, expected: expected(size), surroundings }),
  };
}
