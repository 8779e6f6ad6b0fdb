// Two sequences that are the same except in some places, and where one begins within the other.
import { describe, expect, it } from "vitest";
import { beginningIn, commonStretches } from "../../dist/src/validation/common-stretches.js";

/** Numbers without a period, from a seed. */
function noise(seed: number, length: number): number[] {
  let state = seed;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 16;
  });
}
const [a, b, c, more, less] = [100, 200, 300, 40, 5000].map((length, i) => noise(i + 1, length));
const ints = (...parts: readonly number[][]): Int32Array => Int32Array.from(parts.flat());

describe("the stretches that two sequences have in common", () => {
  it("are one where they are equal, whatever comes before and after in the second one", () => {
    expect(commonStretches(ints(a, b), ints(more, a, b, c), 40)).toEqual([{ first: 0, second: 40, length: 300 }]);
  });

  it("go on after elements that only the first has, only the second has, or each has others", () => {
    expect(commonStretches(ints(a, less, b), ints(a, b), 0)).toEqual([
      { first: 0, second: 0, length: 100 },
      { first: 5100, second: 100, length: 200 },
    ]);
    expect(commonStretches(ints(a, b), ints(a, more, b), 0)).toEqual([
      { first: 0, second: 0, length: 100 },
      { first: 100, second: 140, length: 200 },
    ]);
    expect(commonStretches(ints(a, more, c), ints(a, b, c), 0)).toEqual([
      { first: 0, second: 0, length: 100 },
      { first: 140, second: 300, length: 300 },
    ]);
  });

  it("end where nothing is in common any more", () => {
    expect(commonStretches(ints(a, b), ints(a, c), 0)).toEqual([{ first: 0, second: 0, length: 100 }]);
    expect(commonStretches(ints(a), ints(), 0)).toEqual([]);
  });
});

describe("where a sequence begins in another one", () => {
  it("is where it goes on for longest, the last of several places", () => {
    const start = a.slice(0, 20);
    expect(beginningIn(ints(a), ints(start, more, a, b, start))).toBe(60);
    expect(beginningIn(ints(a), ints(a, b, a))).toBe(300);
  });

  it("is nowhere if its first elements do not follow each other", () => {
    expect(beginningIn(ints(a), ints(b, c))).toBe(-1);
  });
});
