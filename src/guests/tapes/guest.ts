// Tapes as programs: what `bplab trace --wasm` wrote plays again. There is nothing to run.
import { UsageError, unreadable } from "../../errors.ts";
import type { VirtualRun } from "../../trace/run.ts";
import { isWhole, playTape } from "../../trace/tape.ts";
import { openTape } from "../../trace/tape-file.ts";
import type { Guest } from "../guest.ts";
import { TAPE_FILES } from "./language.ts";

function open(path: string): ReturnType<typeof openTape> {
  try {
    return openTape(path);
  } catch (error) {
    throw unreadable(path, TAPE_FILES.file, error);
  }
}

function start(path: string): VirtualRun {
  const tape = open(path);
  if (!isWhole(tape)) throw new UsageError(`${path}: expected ${TAPE_FILES.file}, got something else, or a damaged one`);
  return playTape(tape);
}

function execute(path: string): number {
  throw new UsageError(`${path}: a tape says what was executed, and nothing can be run: bplab simulate plays it`);
}

export const tapes: Guest = { start, execute };
