// Which run a tape is of: the name of its file, and what it says of itself.

import { createHash } from "#platform/crypto";
import { readdirSync, readFileSync, statSync } from "#platform/fs";
import { codeChecksum } from "#platform/own-code";
import { ownFolder } from "#platform/own-files";
import { join, resolve } from "#platform/path";
import { process } from "#platform/process";
import { endOfTape, isWhole, type Tape, type TapeEnd } from "../../trace/tape.ts";
import type { Program, Size } from "../programs.ts";

/** What a tape says of its run. */
export interface About {
  /** The name of its file. */
  readonly key: string;
  readonly program: string;
  readonly size: Size;
  /** "a Forth source" */
  readonly language: string;
  /** Virtual instructions after which the run would have ended with an error. */
  readonly limit: number;
  /** Files that the run read or looked for, with what was there. */
  readonly dependencies: readonly (readonly [path: string, found: string])[];
  /** Where the program stood, if that can matter. */
  readonly place?: string;
}

/**
 * Guests make their chunks smaller near the limit of a run, and what is known at the end of a chunk may show in a layout. A
 * run that ends this many instructions before its limit has seen nothing of it.
 */
const FAR_FROM_LIMIT = 1 << 22;

const ROOMS = ["bodies", "files", "guests", "platform", "trace"];
const BODIES = ownFolder("native-code");

let version: string | undefined;

/** A digest of all that makes tapes: guests, the bodies of their opcodes, and how tapes are written. Every build has its own. */
function guestVersion(): string {
  if (version !== undefined) return version;
  const hash = createHash("sha256");
  for (const room of ROOMS) hash.update(codeChecksum(room));
  for (const name of (readdirSync(BODIES) as string[]).sort()) {
    if (name.endsWith(".csv")) hash.update(`${name}\n`).update(readFileSync(join(BODIES, name)));
  }
  version = hash.digest("hex");
  return version;
}

/** The key of a program's run: 64 hexadecimal digits. */
export function tapeKey({ language, fileSha256, expected, given }: Program, size: Size): string {
  return createHash("sha256")
    .update(JSON.stringify([guestVersion(), language.file, fileSha256, size, expected(size), given]))
    .digest("hex");
}

/** Where a program stands, for runs that can tell. */
export const placeOf = ({ path }: Program): string => JSON.stringify([process.cwd(), resolve(path)]);

/** What stands at a path: equal texts are equal files, as far as a program can see. */
export function lookAt(path: string): string {
  try {
    const status = statSync(path);
    if (!status.isFile()) return "no file";
    return `${(status.mode & 0o777).toString(8)} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
  } catch {
    return "nothing";
  }
}

/** What the end of a tape says; undefined if it is damaged. */
export function aboutOf(tape: Tape): (Omit<TapeEnd, "about"> & { readonly about: About }) | undefined {
  const end = endOfTape(tape);
  if (end === undefined) return undefined;
  try {
    return { ...end, about: JSON.parse(end.about) };
  } catch {
    return undefined;
  }
}

/** Whether a run with another limit would have been the same one. */
const unlimited = (virtualInstructions: number, limit: number): boolean => virtualInstructions + FAR_FROM_LIMIT <= limit;

/** Whether a tape is what the program would do now: of the same run, all that it read unchanged, and undamaged. */
export function isTapeOf(tape: Tape, program: Program, size: Size, maxInstructions: number): boolean {
  const end = aboutOf(tape);
  if (end === undefined) return false;
  const { key, limit, place, dependencies } = end.about;
  return (
    key === tapeKey(program, size) &&
    (limit === maxInstructions || [limit, maxInstructions].every((most) => unlimited(end.virtualInstructions, most))) &&
    (place === undefined || place === placeOf(program)) &&
    dependencies.every(([path, found]) => lookAt(path) === found) &&
    isWhole(tape)
  );
}
