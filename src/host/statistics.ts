// Statistics of measured times: low quantiles, which stolen time does not affect, the spread of repeats, and the accuracy of
// estimates.

/**
 * The smallest value that at least a share of all values do not exceed.
 * @param share from 0 (the smallest) to 1 (the greatest)
 * @throws Error without values
 */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error("no quantile of nothing");
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** The middle value, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A value measured several times. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), low: Math.min(...values), high: Math.max(...values) };
}

/** Ranks from 1; ties get the mean rank. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
  const found = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]] === values[order[from]]) to++;
    for (let i = from; i <= to; i++) found[order[i]] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return found;
}

/** Spearman's rank correlation: 1 if both have the same order. Undefined if all values of one are equal. */
export function spearman(a: readonly number[], b: readonly number[]): number | undefined {
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (a.length + 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) ** 2;
    yy += (y[i] - mean) ** 2;
  }
  return xx === 0 || yy === 0 ? undefined : xy / Math.sqrt(xx * yy);
}

/**
 * The typical factor by which estimates are off: e to the root mean square of the logarithms of their ratios. 1 if all are right;
 * 2 if each is double or half.
 */
export function rmsFactor(estimated: readonly number[], real: readonly number[]): number {
  if (estimated.length === 0) throw new Error("no factor of nothing");
  const squares = estimated.map((value, i) => Math.log(value / real[i]) ** 2);
  return Math.exp(Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length));
}
