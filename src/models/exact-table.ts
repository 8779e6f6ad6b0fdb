// A table without limits: it never evicts, and compares whole keys, so that none alias. Models use it for their
// unbounded form, the limit of ever larger hardware. Open addressing in one Int32Array.

import { NONE } from "../branch.ts";
import { afresh, fixedArray } from "./afresh.ts";

export interface ExactTable {
  /** The key of the next `find` or `insert`, written by the caller. */
  readonly key: Int32Array;
  /** All entries. Growth replaces the array: do not keep a reference. */
  words: Int32Array;
  /** Index in `words` of the entry's first value, which is `NONE` if the key is new. */
  find(): number;
  /** Adds an entry for a new key at the index that `find` returned; further values start as 0. */
  insert(at: number, value: number): void;
  /** Asked while it is empty: returns what empties it. */
  renewal(): () => void;
}

/**
 * @param keyWords   Int32s in a key
 * @param valueWords Int32s in a value; the first is never `NONE`
 */
export function createExactTable(keyWords: number, valueWords: number): ExactTable {
  return afresh(create)(keyWords, valueWords, NONE, fixedArray);
}

function create(keyWords: number, valueWords: number, none: number, array: typeof fixedArray): ExactTable {
  const stride = keyWords + valueWords;
  const key = array(Array<number>(keyWords).fill(0));
  const state = array([0, 32 - 8, 0]); // entries in use; 32 - log2(slots); index of the last key found
  const table: ExactTable = { key, words: new Int32Array(stride << 8).fill(none), find, insert, renewal };

  function find(): number {
    const words = table.words;
    const last = state[2];
    let same = 0;
    while (same < keyWords && words[last + same] === key[same]) same++;
    if (same === keyWords) return last + keyWords;
    const shift = state[1];
    let hash = 0;
    for (let k = 0; k < keyWords; k++) hash = Math.imul((hash >>> 15) ^ hash ^ key[k], 0x9e3779b1);
    let slot = hash >>> shift;
    for (;;) {
      const start = slot * stride;
      let k = 0;
      while (k < keyWords && words[start + k] === key[k]) k++;
      if (k === keyWords || words[start + keyWords] === none) {
        state[2] = start;
        return start + keyWords;
      }
      slot = (slot + 1) & (-1 >>> shift);
    }
  }

  function insert(at: number, value: number): void {
    const words = table.words;
    words.set(key, at - keyWords);
    words.fill(0, at, at + valueWords);
    words[at] = value;
    if (++state[0] * 2 * stride > words.length) grow();
  }

  function renewal(): () => void {
    // what has grown stays large, as the next run may need it
    return () => {
      if (state[0] > 0) table.words.fill(none);
      state[0] = 0;
      state[2] = 0;
      key.fill(0);
    };
  }

  function grow(): void {
    const old = table.words;
    const wanted = key.slice();
    table.words = new Int32Array(old.length * 2).fill(none);
    state[1]--;
    for (let at = keyWords; at < old.length; at += stride) {
      if (old[at] === none) continue;
      key.set(old.subarray(at - keyWords, at));
      const place = find();
      table.words.set(old.subarray(at - keyWords, at + valueWords), place - keyWords);
    }
    key.set(wanted);
  }

  return table;
}
