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

  it("takes several bits at once as it takes them one by one", () => {
    const [single, several] = [createBitHistory([5, 40]), createBitHistory([5, 40])];
    const pushers = [1, 2, 3, 10].map((count) => ({ count, push: several.pusher(count) }));
    let noise = 1;
    for (let time = 0; time < 500; time++) {
      noise = Math.imul(noise, 0x915f77f5) + 12345;
      const { count, push } = pushers[noise >>> 30];
      const bits = (noise >>> 8) & (2 ** count - 1);
      push(bits);
      for (let k = count - 1; k >= 0; k--) single.push(bits >>> k);
      expect([several.fold(0), several.fold(1), several.newest(30)]).toEqual([single.fold(0), single.fold(1), single.newest(30)]);
    }
  });
});
