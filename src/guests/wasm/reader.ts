// Numbers and names of WebAssembly's binary format, from a file that nobody has checked.
import { UsageError } from "../../errors.ts";

/** References to a heap type, which follows: 0x63 and 0x64 as signed numbers. */
const NULLABLE = -29;
const NOT_NULL = -28;

export class BinaryReader {
  at = 0;
  readonly bytes: Uint8Array;
  readonly #path: string;

  /** @param path what messages call the module */
  constructor(bytes: Uint8Array, path: string) {
    this.bytes = bytes;
    this.#path = path;
  }

  /** The error of something wrong where the reader stands. */
  wrong(what: string, at = this.at): UsageError {
    return new UsageError(`${this.#path}: expected a WebAssembly module, but at byte ${at} ${what}`);
  }

  byte(): number {
    if (this.at >= this.bytes.length) throw this.wrong("it ends in the middle of something");
    return this.bytes[this.at++];
  }

  /** An unsigned number of at most 32 bits. */
  u32(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let shift = 7; ; shift += 7) {
      const next = this.byte();
      if (shift === 28 && next > 0x0f) throw this.wrong("a number has more than 32 bits");
      value |= (next & 0x7f) << shift;
      if (next < 0x80) return value >>> 0;
    }
  }

  /** A signed number of at most 33 bits: a type's index, or below 0 the code of a type. */
  s33(): number {
    let value = 0;
    let weight = 1;
    for (let count = 0; count < 5; count++) {
      const next = this.byte();
      value += (next & 0x7f) * weight;
      weight *= 0x80;
      if (next < 0x80) return next & 0x40 ? value - weight : value;
    }
    throw this.wrong("a number has more than 33 bits");
  }

  /** The same, or a reference type of two parts: -28 or -29. */
  s33OrReference(): number {
    const code = this.s33();
    if (code === NULLABLE || code === NOT_NULL) this.s33();
    return code;
  }

  /** Skips a number of any sign. */
  skipNumber(mostBytes: number): void {
    for (let count = 0; count < mostBytes; count++) if (this.byte() < 0x80) return;
    throw this.wrong(`a number takes more than ${mostBytes} bytes`);
  }

  skip(count: number): void {
    if (count > this.bytes.length - this.at) throw this.wrong("it ends in the middle of something");
    this.at += count;
  }

  name(): string {
    const length = this.u32();
    const start = this.at;
    this.skip(length);
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + start, length).toString("utf8");
  }

  /** A count of things that take at least one byte each. */
  count(): number {
    const count = this.u32();
    if (count > this.bytes.length - this.at) throw this.wrong(`${count} things are announced, and there is no room for them`);
    return count;
  }

  skipValueType(): void {
    const code = this.byte();
    if (code === 0x63 || code === 0x64) this.s33();
    else if (code < 0x40 || code > 0x7f) throw this.wrong(`there is no type ${hexByte(code)}`, this.at - 1);
  }

  skipLimits(): number {
    const flags = this.byte();
    if (flags > 7) throw this.wrong(`there are no limits of kind ${hexByte(flags)}`, this.at - 1);
    this.skipNumber(10);
    if (flags & 1) this.skipNumber(10);
    return flags;
  }
}

export const hexByte = (value: number): string => `0x${value.toString(16).padStart(2, "0")}`;
