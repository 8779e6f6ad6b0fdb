// How long a series of mispredictions over time may be.
import { UsageError } from "./errors.ts";

/** A series longer than this is a slip, and would fill the memory. */
export const MOST_INTERVALS = 10_000;

/** @param interval instructions */
export const tooManyIntervals = (interval: number): UsageError =>
  new UsageError(`intervals of ${interval} instructions are more than ${MOST_INTERVALS}: choose longer ones`);
