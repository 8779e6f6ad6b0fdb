// Cuts a run into intervals: a stretch that is counted is run in pieces that end where intervals do.
import { UsageError } from "../errors.ts";

/** A series longer than this is a slip, and would fill the memory. */
const MOST_INTERVALS = 10_000;

export interface Intervals {
  /**
   * Runs a stretch of blocks or branches, `from` up to `to`.
   * @param lengthOf instructions of one of them
   * @throws UsageError when there are more intervals than can be held
   */
  run(from: number, to: number, lengthOf: (at: number) => number, run: (from: number, to: number) => void): void;
  /** The run is over: the last interval ends. */
  finish(): void;
}

/**
 * @param length instructions of an interval, to the end of whatever block or branch they end in; undefined: nothing is cut
 * @param end    called at the end of each, with the instructions so far
 */
export function createIntervals(length: number | undefined, end: (instructions: number) => void): Intervals {
  if (length === undefined) return { run: (from, to, _lengthOf, run) => run(from, to), finish() {} };
  let ended = 0;
  let reached = 0;
  let next = length;
  function finish(): void {
    if (ended++ === MOST_INTERVALS)
      throw new UsageError(`intervals of ${length} instructions are more than ${MOST_INTERVALS}: choose longer ones`);
    end(reached);
  }
  return {
    run(from, to, lengthOf, run) {
      let start = from;
      for (let at = from; at < to; at++) {
        reached += lengthOf(at);
        if (reached < next) continue;
        run(start, at + 1);
        start = at + 1;
        finish();
        next = reached + length;
      }
      run(start, to);
    },
    finish,
  };
}
