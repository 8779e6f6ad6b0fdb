// Ids of executed blocks in few bytes: the block that followed the same four blocks last time is expected to follow again, so
// a trace alternates between the number of ids that came as expected and one id that did not. Writer and reader learn in the
// same way (Burtscher's VPC traces, 2005, with one of his predictors).
import type { ByteReader, ByteWriter } from "../files/bytes.ts";

/** Rows of the prediction table: 256 KiB, which fit in a second-level cache. */
const ROWS = 1 << 16;

/** The row after a block: a hash of the last four blocks, each shifted by four bits more. */
const rowBehind = (row: number, id: number): number => ((row << 4) ^ Math.imul(id, 0x9e5)) & (ROWS - 1);

export interface BlockEncoder {
  /** Writes `ids[0] … ids[count - 1]`. */
  write(ids: Int32Array, count: number, to: ByteWriter): void;
}

export function createBlockEncoder(): BlockEncoder {
  const expected = new Int32Array(ROWS);
  let last = 0;
  return {
    write(ids, count, to) {
      to.count(count);
      let row = last;
      let right = 0;
      for (let i = 0; i < count; i++) {
        const id = ids[i];
        if (expected[row] === id) {
          right++;
        } else {
          to.count(right);
          to.count(id);
          expected[row] = id;
          right = 0;
        }
        row = rowBehind(row, id);
      }
      if (right > 0) to.count(right);
      last = row;
    },
  };
}

export interface BlockDecoder {
  /** Reads the ids of one call of `write`; valid until the next call. The array has room for one more id. */
  read(from: ByteReader): { readonly ids: Int32Array; readonly count: number };
}

export function createBlockDecoder(): BlockDecoder {
  const expected = new Int32Array(ROWS);
  let last = 0;
  let ids = new Int32Array(0);
  return {
    read(from) {
      const count = from.count();
      if (ids.length <= count) ids = new Int32Array(count + 1);
      let row = last;
      for (let i = 0; i < count; ) {
        const end = Math.min(count, i + from.count());
        for (; i < end; i++) {
          const id = expected[row];
          ids[i] = id;
          row = rowBehind(row, id);
        }
        if (i === count) break;
        const id = from.count();
        expected[row] = id;
        ids[i++] = id;
        row = rowBehind(row, id);
      }
      last = row;
      return { ids, count };
    },
  };
}
