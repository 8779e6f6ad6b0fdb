// A run of a program on its guest, watched: what it read besides its source, and whether a tape of it may be kept.
import type { VirtualRun } from "../../trace/run.ts";
import { digestSource } from "../guest.ts";
import type { Program, Size } from "../programs.ts";
import { type About, lookAt, placeOf, tapeKey } from "./tape-key.ts";

export interface WatchedRun {
  readonly run: VirtualRun;
  /** What a tape says of the run when it has ended. */
  about(): About;
  /** Whether the run, which has ended, would be the same again: it changed no file, and nobody has changed its source. */
  isRepeatable(): boolean;
}

/** @param program one that is a file */
export function watchRun(program: Program, size: Size, maxInstructions: number): WatchedRun {
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
  return {
    run,
    about: () => ({
      key: tapeKey(program, size),
      program: program.id,
      size,
      language: program.language.file,
      limit: maxInstructions,
      dependencies: [...dependencies],
      place: located || dependencies.size > 0 ? placeOf(program) : undefined,
    }),
    isRepeatable: () => !changed && digestSource(program.path, program.language) === program.fileSha256,
  };
}
