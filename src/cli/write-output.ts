// Where results go: standard output, or a file that appears whole or not at all.
import { randomBytes } from "node:crypto";
import { accessSync, closeSync, constants, openSync, realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "../errors.ts";
import { writeAll } from "../files/write-all.ts";

export interface Output {
  /** @param content text, or the bytes of a picture */
  write(content: string | Uint8Array): void;
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

/** A file that is checked and not there yet. */
interface Prepared {
  /** Where it will be; a link is followed. */
  readonly file: string;
  /** What is written first; undefined for a device or a pipe: renaming a file over it would replace it. */
  readonly part: string | undefined;
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
    if (old !== undefined && !old.isFile()) return { file: path, part: undefined, mode: old.mode };
    const file = old === undefined ? path : realpathSync(path);
    const folder = dirname(file);
    accessSync(folder, constants.W_OK);
    return { file, part: join(folder, `.bplab-${randomBytes(6).toString("hex")}.part`), mode: (old?.mode ?? 0o666) & 0o777 };
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
export function openOutput(path: string | undefined, inputs: readonly string[] = []): Output {
  if (path === undefined) return { write: (content) => void process.stdout.write(content) };
  const { file, part, mode } = prepare(path, inputs);
  return {
    write(content) {
      try {
        if (part === undefined) writeFileSync(file, content);
        else {
          try {
            writeFileSync(part, content, { flag: "wx", mode });
            renameSync(part, file);
          } finally {
            rmSync(part, { force: true });
          }
        }
      } catch (error) {
        refuse(path, error);
      }
    },
  };
}

/** A file that is written piece by piece. */
export interface OutputFile {
  write(bytes: Uint8Array): void;
  /** All is written: the file appears. */
  commit(): void;
  /** Leaves nothing behind, unless it has been committed. */
  close(): void;
}

/**
 * The same for a file that is too large to be held.
 * @throws UsageError when it cannot be written
 */
export function openOutputFile(path: string, inputs: readonly string[]): OutputFile {
  const { file, part, mode } = prepare(path, inputs);
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      return refuse(path, error);
    }
  };
  const descriptor = attempt(() => (part === undefined ? openSync(file, "w") : openSync(part, "wx", mode)));
  let open = true;
  let pieces: Uint8Array[] = [];
  let length = 0;
  const flush = (): void => {
    // what has been taken out is not written again, whatever becomes of it
    const taken = pieces;
    pieces = [];
    length = 0;
    for (const piece of taken) writeAll(descriptor, piece);
  };
  const end = (): void => {
    if (open) closeSync(descriptor);
    open = false;
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
        end();
        if (part !== undefined) renameSync(part, file);
      });
    },
    close() {
      end();
      if (part !== undefined) rmSync(part, { force: true });
    },
  };
}

/** The same for the page that `--report` names. @throws UsageError as well when its name does not end in .html */
export function openPage(path: string | undefined, inputs: readonly string[] = []): Output | undefined {
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
