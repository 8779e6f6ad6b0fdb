// Tapes of programs on disk: record once, replay many. A tape is found by what a run depends on (the program's source, its
// size, the output that it must print, the guest itself) and used only if all the files that the run read are what they were.
// Many processes may share the folder: a tape appears whole, and one that is damaged or of another run is recorded again.
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync } from "#platform/fs";
import { join } from "#platform/path";
import { messageOf, UsageError } from "../../errors.ts";
import { createWholeFile, removeAbandonedParts, type WholeFile } from "../../files/whole-file.ts";
import type { VirtualRun } from "../../trace/run.ts";
import { playTape, type Tape, taped } from "../../trace/tape.ts";
import { MOST_MEMORY_BYTES, openTape } from "../../trace/tape-file.ts";
import { type Program, type Size, type Starter, startOnGuest } from "../programs.ts";
import { aboutOf, isTapeOf, tapeKey } from "./tape-key.ts";
import { watchRun } from "./watched-run.ts";

/** Bytes of all tapes together: those that were used longest ago make room for new ones. */
export const MOST_STORED_BYTES = 2 ** 31;

/** A tape of the store, for lists. */
export interface StoredTape {
  readonly program: string;
  readonly size: Size | undefined;
  readonly language: string;
  readonly executedBlocks: number | undefined;
  readonly virtualInstructions: number | undefined;
  readonly bytes: number;
}

export interface TapeStore {
  readonly folder: string;
  /** The tape of an earlier, equal run, whole; undefined if there is none that can be used. */
  find(program: Program, size: Size, maxInstructions: number): Tape | undefined;
  /**
   * A run of the program on its guest, which is taped as it goes on.
   * @param emit takes the same tape piece by piece, as `taped` does
   */
  record(program: Program, size: Size, maxInstructions: number, emit?: (bytes: Uint8Array) => void): VirtualRun;
  /** A run of the program: from its tape, or on its guest. */
  start(program: Program, size: Size, maxInstructions: number): VirtualRun;
  /** All tapes, sorted by program and size. */
  list(): StoredTape[];
  /** Deletes all tapes; returns how many. */
  clear(): number;
}

const TAPE = /^[0-9a-f]{64}\.tape$/;

/** What an action gives, undefined if the system refuses: without the store everything goes on as well. */
function tried<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof Error && "syscall" in error) return undefined;
    throw error;
  }
}

/** A file of the store that is being written; it gives up without a word where the system refuses or the tape is too long. */
interface TapeFile {
  write(piece: Uint8Array): void;
  /** Keeps the file if it was not given up and is `worth` it; says whether it is there now. */
  commitIf(worth: () => boolean): boolean;
  discard(): void;
}

function createTapeFile(path: string, mostBytes: number): TapeFile {
  let file: WholeFile | undefined = tried(() => createWholeFile(path));
  let bytes = 0;
  /** Whether the system lets us; if not, the file is given up. */
  function attempt(action: () => void): boolean {
    const done = tried(() => {
      action();
      return true;
    });
    if (done === undefined) discard();
    return done === true;
  }
  function discard(): void {
    const open = file;
    file = undefined;
    tried(() => open?.discard());
  }
  return {
    write(piece) {
      bytes += piece.length;
      if (bytes > mostBytes) discard();
      else attempt(() => file?.write(piece));
    },
    commitIf: (worth) => file !== undefined && worth() && attempt(() => file?.commit()),
    discard,
  };
}

export function createTapeStore(
  folder: string,
  {
    mostBytes = MOST_STORED_BYTES,
    mostMemoryBytes = MOST_MEMORY_BYTES,
  }: { readonly mostBytes?: number; readonly mostMemoryBytes?: number } = {},
): TapeStore {
  const pathOf = (key: string): string => join(folder, `${key}.tape`);
  const tapePaths = (): string[] =>
    (tried(() => readdirSync(folder)) ?? [])
      .filter((name) => TAPE.test(name))
      .sort()
      .map((name) => join(folder, name));

  function find(program: Program, size: Size, maxInstructions: number): Tape | undefined {
    if (program.fileSha256 === undefined || program.language.taped) return undefined;
    const path = pathOf(tapeKey(program, size));
    const tape = tried(() => openTape(path, mostMemoryBytes));
    if (tape === undefined) return undefined;
    if (!isTapeOf(tape, program, size, maxInstructions)) {
      tape.close?.();
      return undefined;
    }
    // sets the time of its last change to now: what is used stays
    tried(() => chmodSync(path, statSync(path).mode & 0o777));
    return tape;
  }

  /** Deletes the tapes that were used longest ago until the rest fits. */
  function makeRoom(): void {
    const tapes = tapePaths()
      .flatMap((path) => tried(() => ({ path, status: statSync(path) })) ?? [])
      .sort((a, b) => b.status.ctimeMs - a.status.ctimeMs || (a.path < b.path ? -1 : 1));
    let sum = 0;
    for (const { path, status } of tapes) {
      sum += status.size;
      if (sum > mostBytes) tried(() => rmSync(path, { force: true }));
    }
  }

  function record(program: Program, size: Size, maxInstructions: number, emit: (bytes: Uint8Array) => void = () => {}): VirtualRun {
    if (program.fileSha256 === undefined || program.language.taped) return taped(program.start(size, maxInstructions), () => "", emit);
    const path = pathOf(tapeKey(program, size));
    const watched = watchRun(program, size, maxInstructions);
    let file: TapeFile | undefined;
    const recording = taped(
      watched.run,
      () => JSON.stringify(watched.about()),
      (piece) => {
        emit(piece);
        file?.write(piece);
      },
    );
    return {
      program: watched.run.program,
      run(sink, rewritten) {
        tried(() => mkdirSync(folder, { recursive: true }));
        file = createTapeFile(path, mostBytes / 2);
        removeAbandonedParts(folder);
        try {
          recording.run(sink, rewritten);
          if (file.commitIf(watched.isRepeatable)) makeRoom();
        } finally {
          file.discard();
        }
      },
    };
  }

  return {
    folder,
    find,
    record,
    start(program, size, maxInstructions) {
      const tape = find(program, size, maxInstructions);
      return tape === undefined ? record(program, size, maxInstructions) : playTape(tape);
    },
    list() {
      const tapes = tapePaths().flatMap((path): StoredTape[] => {
        const tape = tried(() => openTape(path, 0));
        if (tape === undefined) return [];
        const end = aboutOf(tape);
        tape.close?.();
        const { program = "(damaged)", size, language = "" } = end?.about ?? {};
        const { virtualInstructions, executedBlocks } = end ?? {};
        return [{ program, size, language, executedBlocks, virtualInstructions, bytes: tape.bytes }];
      });
      const order = ({ program, size, bytes }: StoredTape): string => JSON.stringify([program, size, bytes]);
      return tapes.sort((a, b) => (order(a) < order(b) ? -1 : 1));
    },
    clear() {
      removeAbandonedParts(folder);
      const tapes = tapePaths();
      for (const path of tapes) {
        try {
          rmSync(path, { force: true });
        } catch (error) {
          throw new UsageError(`cannot delete ${path}: ${messageOf(error)}`);
        }
      }
      return tapes.length;
    },
  };
}

/** How programs are started with the tapes of a folder, or without any. */
export const startFromTapes = (folder: string | undefined): Starter =>
  folder === undefined ? startOnGuest : createTapeStore(folder).start;
