// Writing and reading numbers of any size as bytes, small ones in few bytes.

export interface ByteWriter {
  /** Bytes written so far. */
  readonly length: number;
  /** The bytes written so far; valid until the next write. */
  written(): Uint8Array;
  clear(): void;
  byte(value: number): void;
  /** A whole number from 0 to 2 ** 53 - 1: seven bits per byte, the lowest first. */
  count(value: number): void;
  /** A 32-bit integer, near 0 in few bytes. */
  signed(value: number): void;
  /** An integer of 64 bits, signed, near 0 in few bytes. */
  wide(value: bigint): void;
  text(value: string): void;
  /** Returns the bytes written so far, which stay valid, and starts again. */
  take(): Buffer;
}

export function createByteWriter(): ByteWriter {
  let bytes = new Uint8Array(1 << 16);
  let length = 0;
  function reserve(more: number): void {
    if (length + more <= bytes.length) return;
    const larger = new Uint8Array(Math.max(length + more, 2 * bytes.length));
    larger.set(bytes.subarray(0, length));
    bytes = larger;
  }
  function count(value: number): void {
    reserve(8);
    let rest = value;
    while (rest > 127) {
      bytes[length++] = (rest & 127) | 128;
      rest = rest < 2 ** 31 ? rest >>> 7 : Math.floor(rest / 128);
    }
    bytes[length++] = rest;
  }
  return {
    get length() {
      return length;
    },
    written: () => bytes.subarray(0, length),
    clear() {
      length = 0;
    },
    byte(value) {
      reserve(1);
      bytes[length++] = value;
    },
    count,
    signed: (value) => count(((value << 1) ^ (value >> 31)) >>> 0),
    wide(value) {
      reserve(10);
      let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
      for (; rest > 127n; rest >>= 7n) bytes[length++] = Number(rest & 127n) | 128;
      bytes[length++] = Number(rest);
    },
    take() {
      const taken = Buffer.from(bytes.subarray(0, length));
      length = 0;
      return taken;
    },
    text(value) {
      const encoded = Buffer.from(value, "utf8");
      count(encoded.length);
      reserve(encoded.length);
      bytes.set(encoded, length);
      length += encoded.length;
    },
  };
}

export interface ByteReader {
  readonly done: boolean;
  byte(): number;
  count(): number;
  signed(): number;
  text(): string;
}

export function createByteReader(bytes: Uint8Array): ByteReader {
  let at = 0;
  function count(): number {
    let value = bytes[at++];
    if (value < 128) return value;
    value &= 127;
    for (let scale = 128; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
  return {
    get done() {
      return at >= bytes.length;
    },
    byte: () => bytes[at++],
    count,
    signed() {
      const value = count();
      return (value >>> 1) ^ -(value & 1);
    },
    text() {
      const length = count();
      at += length;
      return Buffer.from(bytes.subarray(at - length, at)).toString("utf8");
    },
  };
}
