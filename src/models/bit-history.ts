// The folded history of history.ts for models whose lookup is generated code: a ring holds the fold of all bits at each time, so
// that the fold of the last L bits takes one load, and may be written out as text with everything constant in it. TAGE on CPython,
// 2.7 million conditionals: 100 to 107 ns became 74 to 76.
import { afreshFromText, fixedArray } from "./afresh.ts";
import { FOLD_BITS } from "./history.ts";

const MASK = 2 ** FOLD_BITS - 1;
// Indices into the state.
const TIME = 0; // bits so far, modulo 2 ** 32
const NOW = 1; // their fold, the newest in place 0

export interface BitHistory {
  push(bit: number): void;
  /** A function that appends a number of `count` bits, fewer than 31, the highest first. */
  pusher(count: number): (bits: number) => void;
  /** The last `lengths[i]` bits, folded to FOLD_BITS. */
  fold(i: number): number;
  /** The newest bits, at most 30, as a text of 0 and 1, the newest last: for `inspect`. */
  newest(count: number): string;
  /** What the text of a fold reads: constants of a function made from text, under these names. */
  readonly arrays: { readonly ring: Int32Array; readonly bits: Int32Array };
}

/** The text with which a function that reads folds begins. */
export const BEGIN_FOLDS = `const time = bits[${TIME}], now = bits[${NOW}];`;

/** The text of the fold of the last `length` bits. */
export function foldText(length: number, longest: number): string {
  const then = `ring[(time - ${length}) & ${ringLength(longest) - 1}]`;
  const turn = length % FOLD_BITS;
  return turn === 0 ? `(now ^ ${then})` : `(now ^ ((${then} << ${turn} | ${then} >>> ${FOLD_BITS - turn}) & ${MASK}))`;
}

/** Most bits that `newest` shows. */
const MOST_SHOWN = 30;

const ringLength = (longest: number): number => 2 ** Math.ceil(Math.log2(Math.max(longest, MOST_SHOWN) + 1));

/**
 * Text that appends a number of so many bits: each fold on the way is that of the bits before, turned, and of the first of these.
 * `tage-cbp5`, two or three bits at a time: 1.14 times as fast as one bit after the other (CPython, pieces in turns).
 */
function pushText(count: number, length: number): string {
  const steps = Array.from({ length: count }, (_, i) => i + 1).map(
    (k) =>
      `now = ((before << ${k} | before >>> ${FOLD_BITS - k}) & ${MASK}) ^ value >>> ${count - k}; ring[(time + ${k}) & ${length - 1}] = now;`,
  );
  return `return (value) => {
  const time = bits[${TIME}], before = bits[${NOW}];
  let now = 0;
  ${steps.join("\n  ")}
  bits[${TIME}] = time + ${count};
  bits[${NOW}] = now;
};`;
}

export function createBitHistory(lengths: readonly number[]): BitHistory {
  const length = ringLength(Math.max(...lengths));
  const ring = fixedArray(Array<number>(length).fill(0));
  const bits = fixedArray([0, 0]);
  const turnOf = (value: number, turn: number): number => ((value << turn) | (value >>> (FOLD_BITS - turn))) & MASK;
  return {
    push(bit) {
      const now = bits[NOW];
      const pushed = (((now << 1) | (now >>> (FOLD_BITS - 1))) & MASK) ^ (bit & 1);
      const time = bits[TIME] + 1;
      bits[TIME] = time;
      bits[NOW] = pushed;
      ring[time & (length - 1)] = pushed;
    },
    pusher: (count) =>
      afreshFromText<(ring: Int32Array, bits: Int32Array) => (value: number) => void>(["ring", "bits"], pushText(count, length))(
        ring,
        bits,
      ),
    fold: (i) => bits[NOW] ^ turnOf(ring[(bits[TIME] - lengths[i]) & (length - 1)], lengths[i] % FOLD_BITS),
    newest(count) {
      let text = "";
      for (let age = 0; age < count; age++) {
        const [after, before] = [ring[(bits[TIME] - age) & (length - 1)], ring[(bits[TIME] - age - 1) & (length - 1)]];
        text = ((after ^ turnOf(before, 1)) & 1) + text;
      }
      return text;
    },
    arrays: { ring, bits },
  };
}
