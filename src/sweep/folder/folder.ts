// The folder of a sweep: everything that it knows is files in here, so that any process on any machine can go on with it.
//
//   study.yaml (or .json)   the study as it was given
//   sweep.json              whose folder it is: the study, its hash, where its paths start, where it stood, the version of bplab
//   items.jsonl             one work item a line
//   results/KEY.json        what came out, one file an item
//   failures/KEY.json       what went wrong instead
//   logs/                   what engines write
import { createHash, randomBytes } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, extname, join, resolve } from "node:path";
import { messageOf, UsageError } from "../../errors.ts";
import { writeAll } from "../../files/write-all.ts";

/** What `sweep.json` says. */
export interface Manifest {
  /** The study's file name without its ending: whose folder this is. */
  readonly study: string;
  /** The first 16 hexadecimal digits of the study file's SHA-256. */
  readonly studySha256: string;
  /** The name of the copy in the folder. */
  readonly studyFile: string;
  /** The folder that paths in the study start from. */
  readonly base: string;
  /** Where it stood when it was planned. */
  readonly folder: string;
  /** "0.1.0+3f2a91c07d20": the package's version, and the digest of what of it makes rows. */
  readonly bplab: string;
  /** The SHA-256 of the items file. */
  readonly itemsSha256: string;
}

const MANIFEST = "sweep.json";
export const ITEMS = "items.jsonl";

export const resultsIn = (folder: string): string => join(folder, "results");
export const failuresIn = (folder: string): string => join(folder, "failures");
export const logsIn = (folder: string): string => join(folder, "logs");
export const itemsIn = (folder: string): string => join(folder, ITEMS);
export const manifestIn = (folder: string): string => join(folder, MANIFEST);

/** The study's name: its file's, without the ending. */
export const studyName = (file: string): string => basename(file, extname(file));

export const sha256Of = (bytes: string | Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Where a file is written first: the name says who does, so that others know what was left behind. */
const partOf = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${hostname()}.${process.pid}.${randomBytes(4).toString("hex")}.part`);

/** What a writer of a file does with it, piece by piece. */
export type Fill = (write: (text: string) => void) => void;

/**
 * Writes a file of a sweep: beside its place, and renamed, so that it is there whole or not at all.
 * @throws UsageError when the system refuses, as it does on a full disk: what stands there stays
 */
export function putFile(path: string, content: string | Fill): void {
  const part = partOf(path);
  const tried = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw new UsageError(
        `cannot write ${path}: ${messageOf(error)}; what is done stays: mend that (make room, choose another folder), and sweep again`,
      );
    }
  };
  const file = tried(() => {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(part, "wx");
  });
  let open = true;
  const write = (text: string): void => tried(() => writeAll(file, Buffer.from(text)));
  try {
    if (typeof content === "string") write(content);
    else content(write);
    open = false;
    tried(() => closeSync(file));
    tried(() => renameSync(part, path));
  } finally {
    if (open) closeSync(file);
    rmSync(part, { force: true });
  }
}

const PART = /^\..+\.(\d+)\.[0-9a-f]{8}\.part$/;

/** Deletes what processes of this machine left behind that ended in the midst of writing. */
export function removeParts(folder: string): void {
  for (const place of [folder, resultsIn(folder), failuresIn(folder)]) {
    for (const name of existsSync(place) ? readdirSync(place) : []) {
      const writer = PART.exec(name)?.[1];
      if (writer !== undefined && name.includes(`.${hostname()}.`) && !isAlive(Number(writer))) rmSync(join(place, name), { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** What a folder says of itself; undefined if there is no such folder, or it is empty. @throws UsageError if it is no sweep's */
export function findManifest(folder: string): Manifest | undefined {
  const path = manifestIn(folder);
  if (!existsSync(path)) return undefined;
  try {
    const manifest = JSON.parse(readFileSync(path, "utf8"));
    if (typeof manifest.study === "string" && typeof manifest.base === "string" && typeof manifest.studyFile === "string") return manifest;
  } catch (error) {
    throw new UsageError(`${path}: not what a sweep says of itself: ${messageOf(error)}; delete it and sweep again: results stay`);
  }
  throw new UsageError(`${path}: not what a sweep says of itself; delete it and sweep again: results stay`);
}

/** @throws UsageError if it is no folder of a sweep */
export function readManifest(folder: string): Manifest {
  const manifest = findManifest(folder);
  if (manifest === undefined) throw new UsageError(`${folder}: expected the folder of a sweep, got one without ${MANIFEST}`);
  return manifest;
}

export function writeManifest(folder: string, manifest: Manifest): void {
  putFile(manifestIn(folder), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The copy of the study, as a path. */
export const studyIn = (folder: string, { studyFile }: Pick<Manifest, "studyFile">): string => resolve(folder, studyFile);
