// The history that is pushed bit by bit and read by generated code folds as the one that is not.
import { describe, expect, it } from "vitest";
import { BEGIN_FOLDS, createBitHistory, foldText } from "../../dist/src/models/bit-history.js";
import { createFoldedHistory, FOLD_BITS } from "../../dist/src/models/history.js";

describe("a history of single bits", () => {
  it("folds every length as the general one does, called or as text, and shows the same newest bits", () => {
    // below, at and beyond a multiple of the width, and longer than the ring would be with one entry less
    const lengths = [1, 4, 30, 31, 32, 62, 63, 255, 256];
    const plain = createFoldedHistory(FOLD_BITS, lengths);
    const history = createBitHistory(lengths);
    const { ring, bits } = history.arrays;
    const folds = new Function(
      "ring",
      "bits",
      `return () => { ${BEGIN_FOLDS} return [${lengths.map((length) => foldText(length, 256))}]; };`,
    );
    const written = folds(ring, bits) as () => number[];
    let noise = 1;
    for (let time = 0; time < 2000; time++) {
      noise = Math.imul(noise, 0x915f77f5) + 12345;
      plain.push(noise >>> 20, 1);
      history.push(noise >>> 20);
      const expected = lengths.map((_, i) => plain.fold(i));
      expect(lengths.map((_, i) => history.fold(i))).toEqual(expected);
      expect(written()).toEqual(expected);
      if (time % 100 === 0) expect(history.newest(30)).toBe(plain.newest(30));
    }
  });
});
