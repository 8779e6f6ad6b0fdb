// Folded branch history, shared by the models that index tables with histories much longer than an index: the last
// L bits, cut into pieces of w bits and xored together. A bit of age a (0 is the newest) goes to place a mod w:
//
//     ages       9 8 | 7 6 5 4 | 3 2 1 0  <- newest          L = 10, w = 4
//
//     places     3 2 1 0
//                3 2 1 0        When a bit is pushed every age grows by one, so every place moves one to the left
//              ^ 7 6 5 4        and the leftmost wraps around: the fold rotates, and the new bit is xored into place 0.
//              ^     9 8        Bits older than L must be removed, which is the expensive part.
//
// Hardware keeps one such register for every table. Here one register P folds everything since the start, and its earlier
// values are kept: bits older than L are in both P(t) and P(t-L), and have been rotated L times since.
//
//     time     0 ─────────────────── t-L ─────────── t
//     P(t)     xxxxxxxxxxxxxxxxxxxxxxxxxx|yyyyyyyyyyyyy     x: older than L      P(t) = X ^ Y
//     P(t-L)   xxxxxxxxxxxxxxxxxxxxxxxxxx|                  since then X has been rotated L times
//
//     fold of the last L bits = Y = P(t) ^ rotl(P(t - L), L mod w)
//
// So a pushed bit costs the same however many lengths are in use. P itself need not rotate: the place for the next bit moves
// instead, from left to right and around, and only a fold is rotated. Then the bits of one round never overlap, and an
// event of ten bits is added in one step; P at any time is P before its round xor the first bits of the round:
//
//     time mod w       0 1 2 3   0 1 2 3   0 1 2
//     bits             a b c d | e f g h | i j k .        P before its round: a^e b^f c^g d^h
//     places           3 2 1 0   3 2 1 0   3 2 1          P now:              a^e^i b^f^j c^g^k d^h
import { afresh, fixedArray } from "./afresh.ts";

/**
 * How wide a model folds that takes row and tag from one fold: the largest prime that fits. A loop repeats its bits; copies
 * that come to lie on the same places cancel each other out. A loop of P bits does so after w / gcd(P, w) rounds: with 32
 * bits, a loop of eight events of ten bits after 2 rounds; with a prime never before w rounds, unless w divides P. On
 * thirteen recordings that it was not chosen on, 31 bits for 32 move the mispredictions of TAGE-SC-L by -2.0 to +0.9 % (recursive fib: 51 for 41), of
 * the small ITTAGE by -7 to +4 %, of ITTAGE by at most 1.6 %.
 */
export const FOLD_BITS = 31;

/** A history whose last `lengths[i]` bits can be read folded to `width` bits. Before the start it is all zeros. */
export interface FoldedHistory {
  /** Appends the low `count` bits, the highest of them first: history = history << count | bits. */
  push(bits: number, count: number): void;
  /** The last `lengths[i]` bits, folded; of width 32 it may be negative. */
  fold(i: number): number;
  /** Everything that `push` changes. */
  readonly arrays: readonly Int32Array[];
  /** The newest bits, at most 30 and no more than the longest length, as a text of 0 and 1, the newest last: for `inspect`. */
  newest(count: number): string;
}

/**
 * @param width   bits of a fold, 1 to 32
 * @param lengths how many of the newest bits each fold covers
 */
export function createFoldedHistory(width: number, lengths: readonly number[]): FoldedHistory {
  return afresh(create)(width, lengths, fixedArray);
}

function create(width: number, lengths: readonly number[], array: typeof fixedArray): FoldedHistory {
  const mask = width === 32 ? -1 : (1 << width) - 1;
  const last = 2 ** Math.ceil(Math.log2(Math.max(...lengths, 1) / width + 2)) - 1;
  const zeros = Array<number>(last + 1).fill(0);
  const before = array(zeros); // a ring: P before each round ...
  const during = array(zeros); // ... and the bits in it

  // A time is round * 64 + place. A negative difference of places borrows from the round, and becomes a place from 65 - width on.
  const distances = array(lengths.map((length) => Math.floor(length / width) * 64 + (length % width)));
  const firstBits = array(Array.from({ length: 64 }, (_, place) => mask & ~(mask >>> (place < width ? place : place - 64 + width))));
  const TIME = 0; // in the state: of the next bit
  const PLACE = 1; // its place in the round
  const NOW = 2; // P
  const state = array([0, 0, 0]);

  return {
    arrays: [before, during, state],
    push(bits, count) {
      let left = count;
      let room = width - state[PLACE];
      for (; left >= room; room = width) {
        left -= room;
        const round = (state[TIME] >>> 6) & last;
        const now = before[round] ^ during[round] ^ ((bits >>> left) & (-1 >>> (32 - room)));
        during[round] = now ^ before[round];
        before[(round + 1) & last] = now;
        during[(round + 1) & last] = 0;
        state[TIME] = (round + 1) << 6;
        state[PLACE] = 0;
        state[NOW] = now;
      }
      const placed = (bits & ~(-1 << left)) << (room - left);
      during[(state[TIME] >>> 6) & last] |= placed;
      state[TIME] += left;
      state[PLACE] += left;
      state[NOW] ^= placed;
    },
    fold(i) {
      const then = state[TIME] - distances[i];
      const round = (then >>> 6) & last;
      const unturned = state[NOW] ^ before[round] ^ (during[round] & firstBits[then & 63]);
      const place = state[PLACE];
      return ((unturned << place) | (unturned >>> (width - place))) & mask;
    },
    newest(count) {
      let text = "";
      for (let age = 0; age < count; age++) {
        const ahead = state[PLACE] - 1 - age; // its place, if negative in an earlier round
        const round = (state[TIME] >>> 6) + Math.floor(ahead / width);
        const place = ((ahead % width) + width) % width;
        text = ((during[round & last] >>> (width - 1 - place)) & 1) + text;
      }
      return text;
    },
  };
}
