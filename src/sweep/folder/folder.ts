// The folder of a sweep: its whole state is in these files, so that any process on any machine can continue it.
//
//   study.yaml (or .json)   the study as it was given
//   sweep.json              the study, its hash, the base of its paths, the folder's location, the version of bplab
//   items.jsonl             one work item per line
//   results/KEY.json        results, one file per item
//   failures/KEY.json       errors of failed items
//   logs/                   logs of engines
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join, resolve } from "node:path";
import { messageOf, UsageError } from "../../errors.ts";
import { removeAbandonedParts, writeWhole } from "../../files/whole-file.ts";

/** The content of `sweep.json`. */
export interface Manifest {
  /** The study's file name without its ending. */
  readonly study: string;
  /** The first 16 hexadecimal digits of the study file's SHA-256. */
  readonly studySha256: string;
  /** The name of the copy in the folder. */
  readonly studyFile: string;
  /** The folder that paths in the study are relative to. */
  readonly base: string;
  /** The folder's path when the sweep was planned. */
  readonly folder: string;
  /** "0.1.0+3f2a91c07d20": the package's version, and the digest of the code that makes rows. */
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

/** Writes a file piece by piece. */
export type Fill = (write: (text: string) => void) => void;

/**
 * Writes a file of a sweep, completely or not at all.
 * @throws UsageError when the system refuses, for example on a full disk; then the old file stays
 */
export function putFile(path: string, content: string | Fill): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeWhole(path, typeof content === "string" ? Buffer.from(content) : (write) => content((text) => write(Buffer.from(text))));
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new UsageError(
      `cannot write ${path}: ${messageOf(error)}; what is done stays: mend that (make room, choose another folder), and sweep again`,
    );
  }
}

/** Deletes half-written files of killed processes in the folder of a sweep. */
export function removeAbandonedFiles(folder: string): void {
  for (const place of [folder, resultsIn(folder), failuresIn(folder)]) removeAbandonedParts(place);
}

/** The manifest of a folder; undefined if there is no such folder, or it is empty. @throws UsageError if it is no sweep's */
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
