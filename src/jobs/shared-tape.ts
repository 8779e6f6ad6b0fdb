// A program's tape in memory shared by all threads: read from the cache if it is there, otherwise taped while the guest runs.
import { ofProgram } from "../errors.ts";
import type { Program, Size, Starter } from "../guests/programs.ts";
import { createTapeStore, startFromTapes } from "../guests/tapes/tape-store.ts";
import { endOfTape, playTape, type Tape, taped, tapeOf } from "../trace/tape.ts";
import { MOST_MEMORY_BYTES } from "../trace/tape-file.ts";
import type { SharedTape } from "./tasks.ts";

/** Collects the pieces of a tape, up to a limit. */
function createCollector(): { add(bytes: Uint8Array): void; shared(): SharedTape } {
  const pieces: Uint8Array[] = [];
  let length = 0;
  return {
    add(bytes) {
      length += bytes.length;
      if (length <= MOST_MEMORY_BYTES) pieces.push(bytes.slice());
      else pieces.length = 0;
    },
    shared() {
      if (length > MOST_MEMORY_BYTES) return undefined;
      const shared = new SharedArrayBuffer(length);
      const bytes = new Uint8Array(shared);
      let at = 0;
      for (const piece of pieces) {
        bytes.set(piece, at);
        at += piece.length;
      }
      return shared;
    },
  };
}

function share(tape: Tape): SharedTape {
  try {
    if (tape.bytes > MOST_MEMORY_BYTES) return undefined;
    const shared = new SharedArrayBuffer(tape.bytes);
    new Uint8Array(shared).set(tape.read(0, tape.bytes));
    return shared;
  } finally {
    tape.close?.();
  }
}

/** A program's tape and its length. */
export interface ProgramTape {
  readonly tape: SharedTape;
  readonly executedBlocks: number;
}

/** @param tapeFolder undefined to keep none */
export function shareTape(program: Program, size: Size, maxInstructions: number, tapeFolder: string | undefined): ProgramTape {
  const kept = tapeFolder === undefined ? undefined : createTapeStore(tapeFolder);
  const found = kept?.find(program, size, maxInstructions);
  if (found !== undefined) {
    const executedBlocks = endOfTape(found)?.executedBlocks ?? 0;
    return { tape: share(found), executedBlocks };
  }
  const collector = createCollector();
  const run =
    kept?.record(program, size, maxInstructions, collector.add) ?? taped(program.start(size, maxInstructions), () => "", collector.add);
  let executedBlocks = 0;
  try {
    run.run((_, count) => {
      executedBlocks += count;
    });
  } catch (error) {
    throw ofProgram(program.id, error);
  }
  return { tape: collector.shared(), executedBlocks };
}

/** The tape that threads share, ready to play. */
export const tapeIn = (shared: SharedArrayBuffer): Tape => tapeOf(new Uint8Array(shared));

/** The tapes of one command: what it simulates more than once runs once, though no folder may keep its tape. */
export interface SharedTapes {
  /** The tape of a run: made by the first call, which runs the program unless the folder has its tape. */
  tapeOf(program: Program, size: Size, maxInstructions: number): ProgramTape;
  /** The tape of a run, if `tapeOf` was called for it. */
  find(program: Program, size: Size, maxInstructions: number): ProgramTape | undefined;
  /** Starts programs from these tapes, from those of the folder, or on their guests. */
  readonly start: Starter;
}

/** @param tapeFolder undefined to keep none on disk */
export function createSharedTapes(tapeFolder: string | undefined): SharedTapes {
  const tapes = new Map<string, ProgramTape>();
  const keyOf = ({ id, path, sha256 }: Program, size: Size, maxInstructions: number): string =>
    JSON.stringify([id, path, sha256, size, maxInstructions]);
  const startElsewhere = startFromTapes(tapeFolder);
  return {
    tapeOf(program, size, maxInstructions) {
      const key = keyOf(program, size, maxInstructions);
      const tape = tapes.get(key) ?? shareTape(program, size, maxInstructions, tapeFolder);
      tapes.set(key, tape);
      return tape;
    },
    find: (program, size, maxInstructions) => tapes.get(keyOf(program, size, maxInstructions)),
    start(program, size, maxInstructions) {
      const tape = tapes.get(keyOf(program, size, maxInstructions))?.tape;
      return tape === undefined ? startElsewhere(program, size, maxInstructions) : playTape(tapeIn(tape));
    },
  };
}
