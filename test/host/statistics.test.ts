// Arithmetic on measured times.
import { describe, expect, it } from "vitest";
import { median, quantile, rmsFactor, spearman, spreadOf } from "../../dist/src/host/statistics.js";

describe("arithmetic on measured times", () => {
  it("takes the value that a share of all do not exceed", () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(quantile(values, 0.05)).toBe(5);
    expect(quantile([7, 3, 5], 0)).toBe(3);
    expect(quantile([7, 3, 5], 1)).toBe(7);
    expect(quantile([9, 1, 2, 3, 4, 5, 6, 7, 8], 0.2)).toBe(2);
    expect(() => quantile([], 0.5)).toThrow("nothing");
  });

  it("leaves stolen time out of a low quantile, however long it was", () => {
    const windows = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 1000 + i : 1e9));
    expect(quantile(windows, 0.05)).toBeLessThan(1010);
  });

  it("finds the middle and both ends", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(spreadOf([2, 5, 3])).toEqual({ median: 3, low: 2, high: 5 });
  });

  it("correlates ranks: 1 in the same order, -1 in the opposite, ties at the mean of their ranks", () => {
    expect(spearman([1, 2, 3, 10], [2, 4, 5, 6])).toBeCloseTo(1, 12);
    expect(spearman([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    // by hand: ranks 1 2.5 2.5 4 against 1 2 3 4, covariance 4.5 over √(4.5 · 5)
    expect(spearman([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
    expect(spearman([1, 1], [1, 2])).toBeUndefined();
  });

  it("says by what factor estimates are off, double counting as much as half", () => {
    expect(rmsFactor([10, 20], [10, 20])).toBe(1);
    expect(rmsFactor([20, 5], [10, 10])).toBeCloseTo(2, 12);
    expect(rmsFactor([20, 10], [10, 10])).toBeCloseTo(Math.exp(Math.LN2 / Math.SQRT2), 12);
    expect(() => rmsFactor([], [])).toThrow("nothing");
  });
});
