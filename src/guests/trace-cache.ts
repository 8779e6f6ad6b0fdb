// Tapes of programs on disk: record once, replay many. A tape is found by what a run depends on (the program's source, its
// size, the output that it must print, the guest itself) and used only if all the files that the run read are what they were.
// Many processes may share the folder: a tape appears whole, and what is damaged or strange is taped anew.
import { createHash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { threadId } from "node:worker_threads";
import { messageOf, UsageError } from "../errors.ts";
import type { VirtualRun } from "../trace/run.ts";
import { endOfTape, isWhole, playTape, type Tape, taped, tapeOf } from "../trace/tape.ts";
import { digestSource } from "./guest.ts";
import { type Program, type Size, type Starter, startOnGuest } from "./programs.ts";

/** Bytes of all tapes together: those that were used longest ago make room for new ones. */
export const MOST_CACHE_BYTES = 2 ** 31;

/** Tapes up to this length are read at once, longer ones piece by piece. */
export const MOST_MEMORY_BYTES = 1 << 26;

/**
 * Guests make their chunks smaller near the limit of a run, and what is known at the end of a chunk may show in a layout. A
 * run that ends this many instructions before its limit has seen nothing of it.
 */
const FAR_FROM_LIMIT = 1 << 22;

/** What a tape says of itself. */
interface About {
  /** The name of its file. */
  readonly key: string;
  readonly program: string;
  readonly size: Size;
  /** "a Forth source" */
  readonly language: string;
  readonly limit: number;
  /** Files that the run read or looked for, with what was there. */
  readonly dependencies: readonly (readonly [path: string, found: string])[];
  /** Where the program stood, if that can matter. */
  readonly place?: string;
}

/** A tape in the cache, for lists. */
export interface CachedTape {
  readonly program: string;
  readonly size: Size | undefined;
  readonly language: string;
  readonly executedBlocks: number | undefined;
  readonly virtualInstructions: number | undefined;
  readonly bytes: number;
}

export interface TraceCache {
  readonly folder: string;
  /** What was taped of the same run before, whole; undefined if there is nothing that can be used. */
  find(program: Program, size: Size, maxInstructions: number): Tape | undefined;
  /**
   * A run of the program on its guest, which is taped as it goes on.
   * @param emit takes the same tape piece by piece, as `taped` does
   */
  record(program: Program, size: Size, maxInstructions: number, emit?: (bytes: Uint8Array) => void): VirtualRun;
  /** A run of the program: from its tape, or on its guest. */
  start(program: Program, size: Size, maxInstructions: number): VirtualRun;
  /** All tapes, sorted by program and size. */
  list(): CachedTape[];
  /** Deletes all tapes; returns how many. */
  clear(): number;
}

const ROOMS = ["bodies", "files", "guests", "trace"].map((room) => fileURLToPath(new URL(`../${room}/`, import.meta.url)));
const BODIES = fileURLToPath(new URL("../../../native-code/", import.meta.url));

let version: string | undefined;

/** A digest of all that makes tapes: guests, the bodies of their opcodes, and how tapes are written. Another build has another one. */
function guestVersion(): string {
  if (version !== undefined) return version;
  const hash = createHash("sha256");
  for (const folder of [...ROOMS, BODIES]) {
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
      if (/\.(js|csv)$/.test(name)) hash.update(`${name}\n`).update(readFileSync(join(folder, name)));
    }
  }
  version = hash.digest("hex");
  return version;
}

const TAPE = /^[0-9a-f]{64}\.tape$/;
const PART = /^[0-9a-f]{64}\.(\d+)\.\d+\.\d+\.part$/;

/** What stands at a path: equal texts are equal files, as far as a program can see. */
function lookAt(path: string): string {
  try {
    const status = statSync(path);
    if (!status.isFile()) return "no file";
    return `${(status.mode & 0o777).toString(8)} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
  } catch {
    return "nothing";
  }
}

/** What an action gives, undefined if the system refuses: without the cache everything goes on as well. */
function tried<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof Error && "syscall" in error) return undefined;
    throw error;
  }
}

/** A tape in an open file. */
function fileTape(file: number, bytes: number): Tape {
  let buffer = Buffer.alloc(1 << 17);
  return {
    bytes,
    read(at, length) {
      const wanted = Math.max(0, Math.min(length, bytes - at));
      if (buffer.length < wanted) buffer = Buffer.alloc(wanted);
      return buffer.subarray(0, wanted === 0 ? 0 : readSync(file, buffer, 0, wanted, at));
    },
    close: () => closeSync(file),
  };
}

function openTape(path: string, mostMemoryBytes: number): Tape | undefined {
  return tried(() => {
    const file = openSync(path, "r");
    const { size } = fstatSync(file);
    if (size > mostMemoryBytes) return fileTape(file, size);
    try {
      return tapeOf(readFileSync(file));
    } finally {
      closeSync(file);
    }
  });
}

function aboutOf(tape: Tape): { readonly about: About; readonly virtualInstructions: number; readonly executedBlocks: number } | undefined {
  const end = endOfTape(tape);
  if (end === undefined) return undefined;
  try {
    return { ...end, about: JSON.parse(end.about) };
  } catch {
    return undefined;
  }
}

let serial = 0;

export function createTraceCache(
  folder: string,
  {
    mostBytes = MOST_CACHE_BYTES,
    mostMemoryBytes = MOST_MEMORY_BYTES,
  }: { readonly mostBytes?: number; readonly mostMemoryBytes?: number } = {},
): TraceCache {
  const pathOf = (key: string): string => join(folder, `${key}.tape`);
  const placeOf = ({ path }: Program): string => JSON.stringify([process.cwd(), resolve(path)]);
  function keyOf({ language, fileSha256, expected }: Program, size: Size): string {
    return createHash("sha256")
      .update(JSON.stringify([guestVersion(), language.file, fileSha256, size, expected(size)]))
      .digest("hex");
  }
  const filesLike = (pattern: RegExp): string[] =>
    (tried(() => readdirSync(folder)) ?? [])
      .filter((name) => pattern.test(name))
      .sort()
      .map((name) => join(folder, name));

  /** Whether a run with another limit would have been the same one. */
  const unlimited = (virtualInstructions: number, limit: number): boolean => virtualInstructions + FAR_FROM_LIMIT <= limit;

  function find(program: Program, size: Size, maxInstructions: number): Tape | undefined {
    if (program.fileSha256 === undefined) return undefined;
    const key = keyOf(program, size);
    const tape = openTape(pathOf(key), mostMemoryBytes);
    if (tape === undefined) return undefined;
    const end = aboutOf(tape);
    const usable =
      end !== undefined &&
      end.about.key === key &&
      (end.about.limit === maxInstructions ||
        [end.about.limit, maxInstructions].every((limit) => unlimited(end.virtualInstructions, limit))) &&
      (end.about.place === undefined || end.about.place === placeOf(program)) &&
      end.about.dependencies.every(([path, found]) => lookAt(path) === found) &&
      isWhole(tape);
    if (!usable) {
      tape.close?.();
      return undefined;
    }
    // makes its time of change now: what is used stays
    tried(() => chmodSync(pathOf(key), statSync(pathOf(key)).mode & 0o777));
    return tape;
  }

  /** Drops what was used longest ago until the rest fits. */
  function makeRoom(): void {
    const tapes = filesLike(TAPE)
      .flatMap((path) => tried(() => ({ path, status: statSync(path) })) ?? [])
      .sort((a, b) => b.status.ctimeMs - a.status.ctimeMs || (a.path < b.path ? -1 : 1));
    let sum = 0;
    for (const { path, status } of tapes) {
      sum += status.size;
      if (sum > mostBytes) tried(() => rmSync(path, { force: true }));
    }
  }

  /** Deletes what processes left behind that ended in the midst of writing. */
  function sweep(): void {
    for (const path of filesLike(PART)) {
      const owner = Number(PART.exec(path.slice(folder.length + 1))?.[1]);
      const gone = tried(() => process.kill(owner, 0)) === undefined && owner !== process.pid;
      if (gone) tried(() => rmSync(path, { force: true }));
    }
  }

  function record(program: Program, size: Size, maxInstructions: number, emit: (bytes: Uint8Array) => void = () => {}): VirtualRun {
    const { fileSha256 } = program;
    const dependencies = new Map<string, string>();
    let located = false;
    let changed = false;
    let loaded = false;
    const run = program.start(size, maxInstructions, {
      reads(path) {
        // the guest reads the program itself first
        const itself = !loaded && path === program.path;
        loaded ||= itself;
        if (!itself && !dependencies.has(path)) dependencies.set(path, lookAt(path));
      },
      changes() {
        changed = true;
      },
      located() {
        located = true;
      },
    });
    if (fileSha256 === undefined) return taped(run, () => "", emit);
    const key = keyOf(program, size);
    const about = (): string =>
      JSON.stringify({
        key,
        program: program.id,
        size,
        language: program.language.file,
        limit: maxInstructions,
        dependencies: [...dependencies],
        place: located || dependencies.size > 0 ? placeOf(program) : undefined,
      } satisfies About);
    const part = join(folder, `${key}.${process.pid}.${threadId}.${++serial}.part`);
    let file: number | undefined;
    let bytes = 0;
    function giveUp(): void {
      const opened = file;
      file = undefined;
      if (opened === undefined) return;
      tried(() => closeSync(opened));
      tried(() => rmSync(part, { force: true }));
    }
    function write(piece: Uint8Array): void {
      emit(piece);
      if (file === undefined) return;
      bytes += piece.length;
      const open = file;
      const written = bytes > mostBytes / 2 ? undefined : tried(() => writeSync(open, piece));
      if (written !== piece.length) giveUp();
    }
    const recording = taped(run, about, write);
    return {
      program: run.program,
      run(sink, rewritten) {
        file = tried(() => {
          mkdirSync(folder, { recursive: true });
          sweep();
          return openSync(part, "wx");
        });
        try {
          recording.run(sink, rewritten);
          const whole = file;
          // what was taped is of this source, unless somebody has just changed it
          if (whole === undefined || changed || digestSource(program.path, program.language) !== fileSha256) return;
          file = undefined;
          tried(() => closeSync(whole));
          tried(() => renameSync(part, pathOf(key)));
          tried(() => rmSync(part, { force: true }));
          makeRoom();
        } finally {
          giveUp();
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
      const tapes = filesLike(TAPE).flatMap((path): CachedTape[] => {
        const tape = openTape(path, 0);
        if (tape === undefined) return [];
        const end = aboutOf(tape);
        tape.close?.();
        const { program = "(damaged)", size, language = "" } = end?.about ?? {};
        const { virtualInstructions, executedBlocks } = end ?? {};
        return [{ program, size, language, executedBlocks, virtualInstructions, bytes: tape.bytes }];
      });
      const order = ({ program, size, bytes }: CachedTape): string => JSON.stringify([program, size, bytes]);
      return tapes.sort((a, b) => (order(a) < order(b) ? -1 : 1));
    },
    clear() {
      sweep();
      const tapes = filesLike(TAPE);
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
export const cacheStarter = (folder: string | undefined): Starter => (folder === undefined ? startOnGuest : createTraceCache(folder).start);
