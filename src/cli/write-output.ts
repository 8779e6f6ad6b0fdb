// Where results go: standard output, or a file that appears whole or not at all.
import { accessSync, closeSync, constants, openSync, realpathSync, type Stats, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { UsageError } from "../errors.ts";
import { createWholeFile, type WholeFile, writeWhole } from "../files/whole-file.ts";
import { writeAll } from "../files/write-all.ts";
import type { Terminal } from "../report/tables/text-table.ts";
import { removeAtEnd } from "./remove-at-end.ts";
import { thisTerminal } from "./terminal.ts";

export interface OutputTarget {
  /** @param content text, or the bytes of a picture */
  write(content: string | Uint8Array): void;
  /** Set if somebody looks at it on a terminal. */
  readonly terminal?: Terminal | undefined;
}

/** Bytes that are written at a time. */
const PIECE_BYTES = 1 << 18;

const status = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false });

/** Whether two paths lead to one file that exists. */
function same(path: string, other: string): boolean {
  const [a, b] = [path, other].map(status);
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/** Why a file cannot be written. */
function refuse(path: string, error: unknown): never {
  const reason = (error as NodeJS.ErrnoException).code === "ENOENT" ? "its folder does not exist" : (error as Error).message;
  throw new UsageError(`cannot write ${path === "" ? '""' : path}: ${reason}`);
}

/** An output that has been checked but not written yet. */
interface Prepared {
  /** The final path, with links followed. */
  readonly file: string;
  /** Set for a device or a pipe, which a file that appears whole would replace. */
  readonly inPlace: boolean;
  /** Permission bits. */
  readonly mode: number;
}

/** @throws UsageError when the file cannot be written */
function prepare(path: string, inputs: readonly string[]): Prepared {
  try {
    if (path === "") throw new Error("the path is empty");
    const old = status(path);
    if (old?.isDirectory() || path.endsWith("/")) throw new Error("it is a folder");
    if (inputs.some((input) => same(path, input))) throw new Error("it is an input");
    if (old !== undefined) accessSync(path, constants.W_OK);
    if (old !== undefined && !old.isFile()) return { file: path, inPlace: true, mode: old.mode };
    const file = old === undefined ? path : realpathSync(path);
    accessSync(dirname(file), constants.W_OK);
    return { file, inPlace: false, mode: (old?.mode ?? 0o666) & 0o777 };
  } catch (error) {
    return refuse(path, error);
  }
}

/**
 * Checks an output before any work is done, so that a wrong path costs no run; nothing appears on disk before `write`.
 * @param path     a file, or undefined for standard output
 * @param inputs   files that are read: writing over one would lose it
 * @throws UsageError when the file cannot be written
 */
export function openOutput(path: string | undefined, inputs: readonly string[] = []): OutputTarget {
  if (path === undefined) return { write: (content) => void process.stdout.write(content), terminal: thisTerminal() };
  const { file, inPlace, mode } = prepare(path, inputs);
  return {
    write(content) {
      try {
        if (inPlace) writeFileSync(file, content);
        else writeWhole(file, typeof content === "string" ? Buffer.from(content) : content, mode);
      } catch (error) {
        refuse(path, error);
      }
    },
  };
}

/** A device or a pipe, to which data is written at once. */
function openInPlace(path: string): WholeFile {
  const file = openSync(path, "w");
  let open = true;
  const close = (): void => {
    if (open) closeSync(file);
    open = false;
  };
  return { write: (bytes) => writeAll(file, bytes), commit: close, discard: close };
}

/** A file that is written piece by piece. If this process is killed before it is complete, nothing is left of it. */
export interface OutputFile {
  write(bytes: Uint8Array): void;
  /** Makes the complete file appear. */
  commit(): void;
  /** Leaves nothing behind, unless it has been committed. */
  close(): void;
}

/**
 * The same for a file that is too large to be held.
 * @throws UsageError when it cannot be written
 */
export function openOutputFile(path: string, inputs: readonly string[]): OutputFile {
  const { file, inPlace, mode } = prepare(path, inputs);
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      return refuse(path, error);
    }
  };
  let release = (): void => {};
  const watch = (part: string): void => {
    release = removeAtEnd(part);
  };
  const target = attempt(() => (inPlace ? openInPlace(file) : createWholeFile(file, mode, watch)));
  let pieces: Uint8Array[] = [];
  let length = 0;
  const flush = (): void => {
    // pieces are removed before they are written, so that none is written twice after an error
    const taken = pieces;
    pieces = [];
    length = 0;
    for (const piece of taken) target.write(piece);
  };
  return {
    write(bytes) {
      pieces.push(bytes);
      length += bytes.length;
      if (length >= PIECE_BYTES) attempt(flush);
    },
    commit() {
      attempt(() => {
        flush();
        target.commit();
      });
    },
    close() {
      target.discard();
      release();
    },
  };
}

/** The same for the page of `--report`. @throws UsageError also if its name does not end in .html */
export function openPage(path: string | undefined, inputs: readonly string[] = []): OutputTarget | undefined {
  if (path === undefined) return undefined;
  if (!path.endsWith(".html")) throw new UsageError(`--report must be a file that ends in .html, got ${path}`);
  return openOutput(path, inputs);
}

/** @throws UsageError when two options name one file: the second would overwrite the first */
export function checkDistinct(files: Readonly<Record<string, string | undefined>>): void {
  const seen = new Map<string, string>();
  for (const [option, file] of Object.entries(files)) {
    if (file === undefined) continue;
    const other = seen.get(resolve(file));
    if (other !== undefined) throw new UsageError(`${other} and ${option} are one file: ${file}`);
    seen.set(resolve(file), option);
  }
}
