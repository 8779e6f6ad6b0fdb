// Timing on a noisy machine: alternatives take turns, and the best of several turns counts for each, so that a ratio
// within one run means something where a rate does not.

/** Seconds of the best turn of each alternative. */
export function compare(turns: number, alternatives: readonly (() => void)[]): number[] {
  const best = alternatives.map(() => Number.POSITIVE_INFINITY);
  // the first turn warms up: code gets compiled
  for (let turn = 0; turn <= turns; turn++) {
    alternatives.forEach((run, i) => {
      const start = performance.now();
      run();
      if (turn > 0) best[i] = Math.min(best[i], (performance.now() - start) / 1000);
    });
  }
  return best;
}

/** One line of the benchmark. */
export interface Result {
  readonly what: string;
  /** Millions a second. */
  readonly rate: number;
  readonly unit: string;
  /** The bare loop's millions a second. */
  readonly bareRate: number;
  /** rate / bare rate. */
  readonly ratio: number;
  /** The ratio that must hold, if one must. */
  readonly atLeast?: number;
}

export function result(what: string, unit: string, count: number, seconds: number, bareSeconds: number, atLeast?: number): Result {
  const millions = (time: number): number => count / time / 1e6;
  return {
    what,
    unit,
    rate: millions(seconds),
    bareRate: millions(bareSeconds),
    ratio: bareSeconds / seconds,
    ...(atLeast === undefined ? {} : { atLeast }),
  };
}
