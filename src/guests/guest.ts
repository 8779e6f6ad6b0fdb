// The contract of guest languages: a guest runs files of its kind, traced or on a terminal. It consists of a table of instructions
// and an interpreter, and knows nothing about dispatch.
import { createHash } from "#platform/crypto";
import { closeSync, openSync, readFileSync, readSync } from "#platform/fs";
import { UsageError, unreadable } from "../errors.ts";
import type { VirtualRun } from "../trace/run.ts";

/** A guest reports here what its run depends on besides the source, and which files it changes. */
export interface Surroundings {
  /** A file is about to be read, or looked for. */
  reads(path: string): void;
  /** A file is about to be written, made, renamed or deleted, or may be. */
  changes(path: string): void;
  /** The program asks for its own location. */
  located(): void;
}

export interface StartOptions {
  /** Whether a program with two sizes runs the large one. */
  readonly full: boolean;
  /** Words after the file on the command line, if programs of its kind can read them; default: none. */
  readonly words?: readonly string[];
  /** Virtual instructions after which the run ends with an error. */
  readonly maxInstructions: number;
  /** The program's expected output, if known. */
  readonly expected?: string;
  readonly surroundings?: Surroundings;
  /** Standard input, if programs of its kind can read it; default: empty. */
  readonly input?: Uint8Array | undefined;
  /** Options of its language that users give, by name: those of FileKind. */
  readonly given?: Readonly<Record<string, readonly string[]>>;
}

/** A kind of files that a guest runs. */
export interface FileKind {
  /** Name of such a file in messages: "a Forth source". */
  readonly file: string;
  /** Endings of such files' names, dot included; the lab's own programs have the first. */
  readonly endings: readonly string[];
  /**
   * Whether a file whose name has no known ending is of this kind, by its first bytes (4096, or all there are) and its last 12;
   * default: only the name decides.
   */
  readonly recognises?: (start: Uint8Array, end: Uint8Array) => boolean;
  /** Set when every file defines its own opcodes, so that one cannot train techniques for another. */
  readonly ownOpcodes?: true;
  /** Set when its files are not text. */
  readonly binary?: true;
  /** Set when its programs read words of a command line. */
  readonly words?: true;
  /** Set when its programs read standard input. */
  readonly input?: true;
  /** Options of its programs. */
  readonly options?: readonly string[];
  /** Set when its programs may do less work at size `test` and more at `full`. */
  readonly sized?: true;
  /** Installed commands that are programs of this kind together with their words, and where each is. */
  readonly commands?: { readonly names: readonly string[]; pathOf(name: string): string };
  /** Set when its files are tapes already. */
  readonly taped?: true;
}

/** A language that programs are written in. */
export interface Language extends FileKind {
  /** Loads the guest that runs its programs. */
  load(): Promise<Guest>;
}

export interface Guest {
  /** A run without a terminal, for the lab. @throws UsageError when the file cannot be read or is wrong */
  start(path: string, options: StartOptions): VirtualRun;
  /**
   * Runs a file on standard input and output, untraced; returns the exit code.
   * @param words what follows the file on the command line
   * @throws UsageError as above, and RunError when the program fails
   */
  execute(path: string, words: readonly string[], options: StartOptions): number;
}

/**
 * Reads a text file that users name.
 * @param what expected kind: "a Forth source"
 * @throws UsageError when the file cannot be read, or is empty, or is no text
 */
export function readSource(path: string, what: string): Buffer {
  let source: Buffer;
  try {
    source = readFileSync(path);
  } catch (error) {
    throw unreadable(path, what, error);
  }
  if (source.length === 0) throw new UsageError(`${path} is empty, expected ${what}`);
  if (source.includes(0)) throw new UsageError(`${path} is a binary file, expected ${what}`);
  return source;
}

/**
 * Reads a guest's file in pieces and hashes it.
 * @returns the SHA-256 of its bytes, hexadecimal
 * @throws UsageError when the file cannot be read, or is empty, or is no text where text is expected
 */
export function digestSource(path: string, { file: what, binary: mayBeBinary }: FileKind): string {
  const hash = createHash("sha256");
  const piece = Buffer.allocUnsafe(1 << 16);
  let length = 0;
  let binary = false;
  try {
    const file = openSync(path, "r");
    try {
      for (let count = readSync(file, piece); count > 0; count = readSync(file, piece)) {
        hash.update(piece.subarray(0, count));
        length += count;
        binary ||= piece.subarray(0, count).includes(0);
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw unreadable(path, what, error);
  }
  if (length === 0) throw new UsageError(`${path} is empty, expected ${what}`);
  if (binary && mayBeBinary !== true) throw new UsageError(`${path} is a binary file, expected ${what}`);
  return hash.digest("hex");
}
