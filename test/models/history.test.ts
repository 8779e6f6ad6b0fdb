import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFoldedHistory } from "../../dist/src/models/history.js";

/** The fold by its definition: a bit of age a is xored on place a mod width. `bits` has the newest last. */
function naiveFold(bits: readonly number[], length: number, width: number): number {
  let fold = 0;
  for (let age = 0; age < length && age < bits.length; age++) fold ^= bits[bits.length - 1 - age] << (age % width);
  return fold;
}

describe("a folded history", () => {
  it("xors ten bits on four places as drawn in its file", () => {
    const history = createFoldedHistory(4, [10]);
    history.push(0b10_0110_1011, 10);
    expect(history.fold(0)).toBe(0b1011 ^ 0b0110 ^ 0b10);
  });

  it("is all zeros before the first bit, and a fold of no bits is 0 ever after", () => {
    const history = createFoldedHistory(7, [0, 40]);
    expect([history.fold(0), history.fold(1)]).toEqual([0, 0]);
    history.push(0x3ff, 10);
    expect(history.fold(0)).toBe(0);
    expect(history.fold(1)).not.toBe(0);
  });

  it("forgets a bit when it is older than the length", () => {
    const history = createFoldedHistory(5, [3, 300]);
    history.push(1, 1);
    for (let age = 1; age < 3; age++) {
      history.push(0, 1);
      expect(history.fold(0)).toBe(1 << age);
    }
    history.push(0, 1);
    expect(history.fold(0)).toBe(0);
    expect(history.fold(1)).toBe(1 << 3);
  });

  it.each([3, 7, 31])("keeps its newest bits, of whatever width its folds are: %i", (width) => {
    const history = createFoldedHistory(width, [64]);
    let bits = "0".repeat(30);
    for (let i = 0; i < 40; i++) {
      history.push(i * 37, 5 + (i % 4));
      bits += (i * 37 + 1024).toString(2).slice(-(5 + (i % 4)));
      expect(history.newest(30)).toBe(bits.slice(-30));
      expect(history.newest(1)).toBe(bits.slice(-1));
    }
  });

  it("takes the high bit of an event first, so an event is its bits one by one", () => {
    const whole = createFoldedHistory(9, [4, 17, 64]);
    const single = createFoldedHistory(9, [4, 17, 64]);
    for (const event of [0x2a5, 0x3ff, 0x001, 0x200]) {
      whole.push(event, 10);
      for (let bit = 9; bit >= 0; bit--) single.push(event >> bit, 1);
    }
    for (let i = 0; i < 3; i++) expect(whole.fold(i)).toBe(single.fold(i));
  });

  it("ignores bits of an event above its count", () => {
    const history = createFoldedHistory(12, [30]);
    history.push(-1, 3);
    expect(history.fold(0)).toBe(0b111);
  });

  it("equals the naive fold of the raw bits for any width, lengths and events", () => {
    const event = fc.oneof(
      fc.record({ bits: fc.integer(), count: fc.constant(1) }),
      fc.record({ bits: fc.integer(), count: fc.integer({ min: 1, max: 32 }) }),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 32 }),
        fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 6 }),
        fc.array(event, { maxLength: 80 }),
        (width, lengths, events) => {
          const history = createFoldedHistory(width, lengths);
          const raw: number[] = [];
          for (const { bits, count } of events) {
            history.push(bits, count);
            for (let bit = count - 1; bit >= 0; bit--) raw.push((bits >>> bit) & 1);
            lengths.forEach((length, i) => {
              expect(history.fold(i)).toBe(naiveFold(raw, length, width));
            });
          }
        },
      ),
      { seed: 4013, numRuns: 300 },
    );
  });

  it("stays exact long after its ring has gone round", () => {
    const lengths = [1, 63, 64, 65, 127];
    const history = createFoldedHistory(11, lengths);
    const raw: number[] = [];
    let state = 12345;
    for (let i = 0; i < 5000; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      raw.push(state >>> 31);
      history.push(state >>> 31, 1);
    }
    lengths.forEach((length, i) => {
      expect(history.fold(i)).toBe(naiveFold(raw, length, 11));
    });
  });
});
