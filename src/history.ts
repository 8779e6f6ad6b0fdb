// Folded branch history, shared by the models that index tables with histories much longer than an index: the last
// L bits, cut into pieces of w bits and xored together. A bit of age a (0 is the newest) lands on place a mod w:
//
//     ages       9 8 | 7 6 5 4 | 3 2 1 0  <- newest          L = 10, w = 4
//
//     places     3 2 1 0
//                3 2 1 0        When a bit is pushed every age grows by one, so every place moves one to the left
//              ^ 7 6 5 4        and the leftmost comes round: the fold turns, and the new bit is xored on place 0.
//              ^     9 8        What is older than L must leave, and that is the costly part.
//
// Hardware keeps one such register for every table. Here one register P folds everything since the start, and a ring
// remembers what it was at every earlier time:
//
//     P(t) = rotl(P(t - 1), 1) ^ bit
//
//     time     0 ─────────────────── t-L ─────────── t
//     P(t)     xxxxxxxxxxxxxxxxxxxxxxxxxx|yyyyyyyyyyyyy     x: older than L      P(t) = X ^ Y
//     P(t-L)   xxxxxxxxxxxxxxxxxxxxxxxxxx|                  and since then X has turned L times
//
//     fold of the last L bits = Y = P(t) ^ rotl(P(t - L), L mod w)
//
// So a pushed bit costs the same however many lengths are in use, and a fold is two loads, a turn and a xor.

/** A history of which the last `lengths[i]` bits can be had folded to `width` bits. Before the start it is all zeros. */
export interface FoldedHistory {
  /** Appends the low `count` bits, the highest of them first: history = history << count | bits. */
  push(bits: number, count: number): void;
  /** The last `lengths[i]` bits, folded; of width 32 it may be negative. */
  fold(i: number): number;
}

/**
 * @param width   bits of a fold, 1 to 32
 * @param lengths how many of the newest bits each fold covers
 */
export function createFoldedHistory(width: number, lengths: readonly number[]): FoldedHistory {
  const mask = width === 32 ? -1 : (1 << width) - 1;
  const ring = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(...lengths, 1) + 1)));
  const last = ring.length - 1;
  const distances = Int32Array.from(lengths);
  const turns = Int32Array.from(lengths, (length) => length % width);
  const now = new Int32Array(1);

  return {
    push(bits, count) {
      let time = now[0];
      let prefix = ring[time];
      for (let k = count - 1; k >= 0; k--) {
        prefix = (((prefix << 1) | (prefix >>> (width - 1))) & mask) ^ ((bits >>> k) & 1);
        time = (time + 1) & last;
        ring[time] = prefix;
      }
      now[0] = time;
    },
    fold(i) {
      const time = now[0];
      const old = ring[(time - distances[i]) & last];
      const turn = turns[i];
      return ring[time] ^ (((old << turn) | (old >>> (width - turn))) & mask);
    },
  };
}

/** A history of which the last `lengths[i]` bits can be had folded to several widths. */
export interface FoldedHistories {
  /** Appends the low `count` bits, the highest of them first: history = history << count | bits. */
  push(bits: number, count: number): void;
  /** The last `lengths[i]` bits, folded to `widths[w]` bits. */
  fold(w: number, i: number): number;
}

/**
 * The same folds for several widths, of 1 to 16 bits, at once. Here the register never turns: the place for the next bit
 * moves instead, one to the right and round, and a fold is turned when it is asked for. What the registers were at one time
 * lies together in the ring, because a table asks for folds of one length to several widths.
 * @param widths  bits of a fold
 * @param lengths how many of the newest bits each fold covers
 */
export function createFoldedHistories(widths: readonly number[], lengths: readonly number[]): FoldedHistories {
  const size = 2 ** Math.ceil(Math.log2(Math.max(...lengths, 1) + 1));
  const last = size - 1;
  const stride = Math.ceil(Math.log2(widths.length));
  const ring = new Uint16Array(size << stride); // that of width w at a time: ring[(time << stride) + w]
  const bitsOf = Int32Array.from(widths);
  const masks = Int32Array.from(widths, (width) => (1 << width) - 1);
  const distances = Int32Array.from(lengths);
  const next = Int32Array.from(widths, (width) => width - 1); // where the next bit goes
  const now = new Int32Array(1);

  return {
    push(bits, count) {
      const start = now[0];
      for (let w = 0; w < bitsOf.length; w++) {
        const leftmost = bitsOf[w] - 1;
        let prefix = ring[(start << stride) + w];
        let place = next[w];
        let time = start;
        for (let k = count - 1; k >= 0; k--) {
          prefix ^= ((bits >>> k) & 1) << place;
          place = place === 0 ? leftmost : place - 1;
          time = (time + 1) & last;
          ring[(time << stride) + w] = prefix;
        }
        next[w] = place;
      }
      now[0] = (start + count) & last;
    },
    fold(w, i) {
      const time = now[0];
      const unturned = ring[(time << stride) + w] ^ ring[(((time - distances[i]) & last) << stride) + w];
      const back = next[w] + 1; // how far it is to turn to the right
      return ((unturned >>> back) | (unturned << (bitsOf[w] - back))) & masks[w];
    },
  };
}
