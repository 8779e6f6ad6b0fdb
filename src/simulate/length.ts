// Estimates of the length of replays before they run, to decide whether worker threads pay off, and for the weight of sweep items.
//
// The unit is a replay of 100 thousand blocks through one technique and front end: 3 milliseconds (queens at size full: 480 of
// them in 1.5 seconds).
import { statSync } from "#platform/fs";
import { inputPath } from "../files/kept-inputs.ts";
import type { Size } from "../guests/programs.ts";
import { isRecording, type SimulationInput } from "./checks.ts";

const UNIT_BLOCKS = 100_000;
/** Laying out a technique and compiling its loop. */
export const UNITS_TO_BEGIN = 2;
const UNITS_OF_FULL = 50;
/** Assumed for a program that is not the lab's own. */
const UNITS_OF_UNKNOWN = 10;
/** Bytes of a recording for one unit: 2.4 MB of CPython's branches in our own format take 0.2 seconds. */
const UNIT_BYTES = 36_000;
/**
 * Workers pay off above this: each takes 0.15 seconds of CPU time to start, and two of them took a second more than this thread
 * alone for queens.
 */
const WORTH_WORKERS = 400;

/** Length of a replay of this many blocks. */
export const unitsOf = (blocks: number): number => blocks / UNIT_BLOCKS;

/** Whether the length of an input is known, not assumed, without running it. */
export const isLengthKnown = (input: SimulationInput, size: Size): boolean => isRecording(input) || input.expected(size) !== undefined;

/** Length of a replay of an input in these units, known or assumed without running it. */
export function likelyLength(input: SimulationInput, size: Size): number {
  if (isRecording(input)) return statSync(inputPath(input.id)).size / UNIT_BYTES;
  if (!isLengthKnown(input, size)) return UNITS_OF_UNKNOWN;
  return size === "full" ? UNITS_OF_FULL : 1;
}

/** Whether these replays are long enough to start workers. */
export const areWorthWorkers = (inputs: readonly { readonly replays: number; readonly length: number }[]): boolean =>
  inputs.reduce((sum, { replays, length }) => sum + replays * (UNITS_TO_BEGIN + length), 0) >= WORTH_WORKERS;
