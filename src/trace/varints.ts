// Whole numbers in as few bytes as they need: seven bits a byte, the lowest first, the eighth set where more follow (LEB128).
// Signed ones are folded first: 0, -1, 1, -2 become 0, 1, 2, 3.
import type { UsageError } from "../errors.ts";

/** Bytes to write to. */
export interface VarintWriter {
  /** @param value 0 or more, a safe integer */
  unsigned(value: number): void;
  /** @param value fits into 64 bits, signed */
  signed(value: bigint): void;
  byte(value: number): void;
  /** What has been written; writing starts again. */
  take(): Buffer;
}

export function createVarintWriter(): VarintWriter {
  let bytes = Buffer.alloc(1 << 12);
  let length = 0;
  function byte(value: number): void {
    if (length === bytes.length) bytes = Buffer.concat([bytes, Buffer.alloc(bytes.length)]);
    bytes[length++] = value;
  }
  return {
    byte,
    unsigned(value) {
      let rest = value;
      for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) byte((rest & 0x7f) | 0x80);
      byte(rest);
    },
    signed(value) {
      let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
      for (; rest >= 0x80n; rest >>= 7n) byte(Number(rest & 0x7fn) | 0x80);
      byte(Number(rest));
    },
    take() {
      const taken = Buffer.from(bytes.subarray(0, length));
      length = 0;
      return taken;
    },
  };
}

export interface VarintReader {
  /** @throws UsageError where there is no number, or one beyond what can be held exactly */
  unsigned(): number;
  signed(): bigint;
  byte(): number;
  /** Bytes that are left. */
  left(): number;
  /** Where the next one stands. */
  position(): number;
}

/** @param damaged makes the error of something wrong at a byte */
export function createVarintReader(bytes: Uint8Array, damaged: (what: string, at: number) => UsageError): VarintReader {
  let at = 0;
  function byte(): number {
    if (at === bytes.length) throw damaged("it ends within a number", at);
    return bytes[at++];
  }
  return {
    byte,
    unsigned() {
      let value = 0;
      let weight = 1;
      for (;;) {
        const next = byte();
        value += (next & 0x7f) * weight;
        if (!Number.isSafeInteger(value)) throw damaged("a number is too large", at);
        if (next < 0x80) return value;
        weight *= 0x80;
      }
    },
    signed() {
      let value = 0n;
      for (let shift = 0n; ; shift += 7n) {
        const next = byte();
        value |= BigInt(next & 0x7f) << shift;
        if (value >> 64n !== 0n) throw damaged("an address difference has more than 64 bits", at);
        if (next < 0x80) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
      }
    },
    left: () => bytes.length - at,
    position: () => at,
  };
}
