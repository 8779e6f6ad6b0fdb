// Tapes as programs: what `bplab trace --wasm` wrote plays again. There is nothing to run.
import { RunError, UsageError } from "../../errors.ts";
import type { VirtualRun } from "../../trace/run.ts";
import { endOfTape, isWhole, playTape } from "../../trace/tape.ts";
import { openTape } from "../../trace/tape-file.ts";
import { type Guest, type StartOptions, unreadable } from "../guest.ts";
import { TAPE_FILES } from "./language.ts";

function open(path: string): ReturnType<typeof openTape> {
  try {
    return openTape(path);
  } catch (error) {
    throw unreadable(path, TAPE_FILES.file, error);
  }
}

function start(path: string, { maxInstructions }: StartOptions): VirtualRun {
  const tape = open(path);
  const end = endOfTape(tape);
  if (end === undefined || !isWhole(tape))
    throw new UsageError(`${path}: expected ${TAPE_FILES.file}, got something else, or a damaged one`);
  if (end.virtualInstructions > maxInstructions) {
    throw new RunError(
      `${path}: ${end.virtualInstructions} virtual instructions are more than ${maxInstructions} (raise --max-instructions to play them all)`,
    );
  }
  return playTape(tape);
}

function execute(path: string): number {
  throw new UsageError(`${path}: a tape says what was executed, and nothing can be run: bplab simulate plays it`);
}

export const tapes: Guest = { start, execute };
