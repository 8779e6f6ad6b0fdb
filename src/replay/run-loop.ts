// The phases of a run: a warm-up whose counts are discarded, then intervals at whose ends counts are stored. Sequences of
// blocks, or of recorded branches, are cut where the warm-up or an interval ends.
import { UsageError } from "../errors.ts";

/** A longer series is taken for a mistake, and would fill the memory. */
const MOST_INTERVALS = 10_000;

export interface RunLoopOptions {
  /** Instructions before counting starts, to the end of the block or branch in which they end. */
  readonly warmup: number;
  /** Instructions of an interval, to the end of the block or branch in which they end; undefined: no intervals. */
  readonly interval?: number;
  /** The warm-up is over. */
  readonly onWarm: () => void;
  /** An interval is over. @param instructions since the warm-up */
  readonly onInterval: (instructions: number) => void;
}

export interface RunLoop {
  /** Whether sequences may be cut: only then is `lengthOf` called. */
  readonly cuts: boolean;
  /**
   * Feeds the sequence from `from` up to `to`.
   * @param lengthOf instructions of one block or branch
   * @throws UsageError when there are more intervals than can be held
   */
  run(from: number, to: number, lengthOf: (at: number) => number, feed: (from: number, to: number) => void): void;
  /** The run is over, and with it the last interval. */
  finish(): void;
  /** Whether the warm-up is over. */
  readonly warm: boolean;
  /** Instructions of the warm-up so far. */
  readonly warmedUp: number;
}

export function createRunLoop({ warmup, interval, onWarm, onInterval }: RunLoopOptions): RunLoop {
  let warmedUp = 0;
  let warm = warmup === 0;
  let ended = 0;
  let reached = 0;
  let next = interval ?? Number.POSITIVE_INFINITY;

  /** Feeds the part that belongs to the warm-up; returns where the rest begins. */
  function warmUp(from: number, to: number, lengthOf: (at: number) => number, feed: (from: number, to: number) => void): number {
    let start = from;
    while (start < to && warmedUp < warmup) warmedUp += lengthOf(start++);
    if (start > from) feed(from, start);
    if (warmedUp >= warmup) {
      warm = true;
      onWarm();
    }
    return start;
  }
  function endInterval(): void {
    if (ended++ === MOST_INTERVALS)
      throw new UsageError(`intervals of ${interval} instructions are more than ${MOST_INTERVALS}: choose longer ones`);
    onInterval(reached);
  }
  return {
    cuts: warmup > 0 || interval !== undefined,
    run(from, to, lengthOf, feed) {
      let start = warm ? from : warmUp(from, to, lengthOf, feed);
      if (interval !== undefined) {
        for (let at = start; at < to; at++) {
          reached += lengthOf(at);
          if (reached < next) continue;
          feed(start, at + 1);
          start = at + 1;
          endInterval();
          next = reached + interval;
        }
      }
      if (start < to) feed(start, to);
    },
    finish() {
      if (interval !== undefined) endInterval();
    },
    get warm() {
      return warm;
    },
    get warmedUp() {
      return warmedUp;
    },
  };
}
