// Reads whole numbers, as bytes.ts writes them, from files that may be damaged: errors say what is wrong, and where.
import type { UsageError } from "../errors.ts";

export interface VarintReader {
  /** Reads other bytes from now on: a reader is made once, as V8 inlines functions of one reader only. */
  open(bytes: Uint8Array): void;
  /** @throws UsageError if there is no number, or one too large to be exact */
  unsigned(): number;
  /** A number of at most 49 bits as a number, a longer one as a bigint. */
  signed(): number | bigint;
  byte(): number;
  /** The next bytes, of which there are so many, in the reader's memory. */
  take(length: number): Uint8Array;
  /** Bytes that are left. */
  left(): number;
  /** Position of the next number. */
  position(): number;
}

/** @param damaged makes the error for a problem at a byte */
export function createVarintReader(damaged: (what: string, at: number) => UsageError): VarintReader {
  let bytes: Uint8Array = new Uint8Array(0);
  let at = 0;
  function byte(): number {
    if (at === bytes.length) throw damaged("it ends within a number", at);
    return bytes[at++];
  }
  return {
    open(opened) {
      bytes = opened;
      at = 0;
    },
    byte,
    unsigned() {
      // most are small
      let value = byte();
      if (value < 0x80) return value;
      value -= 0x80;
      let weight = 0x80;
      for (;;) {
        const next = byte();
        value += (next & 0x7f) * weight;
        if (!Number.isSafeInteger(value)) throw damaged("a number is too large", at);
        if (next < 0x80) return value;
        weight *= 0x80;
      }
    },
    signed() {
      // 24 ns; with BigInts 98
      let low = 0;
      for (let weight = 1; weight < 2 ** 49; weight *= 0x80) {
        const next = byte();
        low += (next & 0x7f) * weight;
        if (next < 0x80) return low % 2 === 0 ? low / 2 : -(low + 1) / 2;
      }
      let value = BigInt(low);
      for (let shift = 49n; ; shift += 7n) {
        const next = byte();
        value |= BigInt(next & 0x7f) << shift;
        if (value >> 64n !== 0n) throw damaged("an address difference has more than 64 bits", at);
        if (next < 0x80) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
      }
    },
    take(length) {
      at += length;
      return bytes.subarray(at - length, at);
    },
    left: () => bytes.length - at,
    position: () => at,
  };
}
