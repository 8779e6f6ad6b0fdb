// Files that appear whole or not at all: a process writes a part file beside the final path and renames it. The part's name
// contains host and process, so that others can tell whether its writer is still running.

import { randomBytes } from "#platform/crypto";
import { closeSync, lstatSync, openSync, readdirSync, renameSync, rmSync, statSync } from "#platform/fs";
import { hostname } from "#platform/os";
import { basename, dirname, join } from "#platform/path";
import { process } from "#platform/process";
import { writeAll } from "./write-all.ts";

/** Characters of a file's name in the name of its part: with any host name the part's name stays below 255 bytes. */
const NAME_CHARACTERS = 40;

/** Processes of another host cannot be checked: their parts count as abandoned after a week without a write. */
const ABANDONED_MS = 7 * 24 * 3600 * 1000;

/** .NAME.HOST.PID.RANDOM.part; a host's name has no dots here. */
const PART = /^\..*\.(?<host>[^.]+)\.(?<pid>\d+)\.[0-9a-f]{8}\.part$/s;

const hostLabel = (): string => hostname().replace(/[^\w-]/g, "_");

const partPrefix = (path: string): string => `.${[...basename(path)].slice(0, NAME_CHARACTERS).join("")}.`;

/** The path to which this process writes a file or folder before renaming it to `path`. */
export function partPath(path: string): string {
  return join(dirname(path), `${partPrefix(path)}${hostLabel()}.${process.pid}.${randomBytes(4).toString("hex")}.part`);
}

/** Whether a process of this host is running. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // a process of another user, which may not be signalled, is running
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether a part's writer has ended. @param now milliseconds, on the clock of the file system */
function isLeft(folder: string, { host, pid }: { host: string; pid: string }, name: string, now: number): boolean {
  if (host === hostLabel()) return !isRunning(Number(pid));
  const written = lstatSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs;
  return written !== undefined && now - written > ABANDONED_MS;
}

/**
 * Deletes the parts in a folder whose writers have ended. Parts that cannot be deleted stay.
 * @param path only parts of this file; default: of all files
 */
export function removeAbandonedParts(folder: string, path?: string): void {
  try {
    // the folder changed when its youngest entry was made, so this is never later than the present
    const now = statSync(folder).mtimeMs;
    for (const name of readdirSync(folder)) {
      const writer = PART.exec(name)?.groups as { host: string; pid: string } | undefined;
      if (writer === undefined || (path !== undefined && !name.startsWith(partPrefix(path)))) continue;
      if (isLeft(folder, writer, name, now)) rmSync(join(folder, name), { force: true, recursive: true });
    }
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
  }
}

/** A file that is written piece by piece. Its methods throw the system's errors. */
export interface WholeFile {
  write(bytes: Uint8Array): void;
  /** Makes the complete file appear. */
  commit(): void;
  /** Deletes the part, unless it was committed. */
  discard(): void;
}

/**
 * Begins a file that appears when it is committed. Parts of the same file that killed processes left are deleted.
 * @param mode permission bits of the file, before the process's mask
 * @param onPart gets the part's path before the part exists
 */
export function createWholeFile(path: string, mode = 0o666, onPart?: (part: string) => void): WholeFile {
  removeAbandonedParts(dirname(path), path);
  const part = partPath(path);
  onPart?.(part);
  const file = openSync(part, "wx", mode);
  let open = true;
  const close = (): void => {
    if (open) closeSync(file);
    open = false;
  };
  return {
    write: (bytes) => writeAll(file, bytes),
    commit() {
      close();
      renameSync(part, path);
    },
    discard() {
      close();
      rmSync(part, { force: true });
    },
  };
}

/**
 * Writes a file at once, or piece by piece: `content` may be a function, which gets a `write` function.
 * @throws the system's errors, or those of `content`: then the old file stays
 */
export function writeWhole(path: string, content: Uint8Array | ((write: (bytes: Uint8Array) => void) => void), mode?: number): void {
  const file = createWholeFile(path, mode);
  try {
    if (typeof content === "function") content(file.write);
    else file.write(content);
    file.commit();
  } finally {
    file.discard();
  }
}
