// Bytes of a rewritten module: what is copied from the original, and what is put between.
import { grown } from "../../files/grown.ts";

/** Bytes of a number that is written before it is known. */
const PADDED = 5;

export class ModuleOutput {
  #bytes: Uint8Array;
  length = 0;

  constructor(room: number) {
    this.#bytes = new Uint8Array(room);
  }

  #need(count: number): void {
    if (this.length + count > this.#bytes.length) this.#bytes = grown(this.#bytes, this.length + count);
  }

  byte(value: number): void {
    this.#need(1);
    this.#bytes[this.length++] = value;
  }

  unsigned(value: number): void {
    this.#need(PADDED);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.length++] = rest;
  }

  /** A number from 0 to 2³¹ - 1 as a signed one. */
  constant(value: number): void {
    this.#need(PADDED);
    let rest = value;
    while (rest >= 0x40) {
      this.#bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.length++] = rest;
  }

  /** Bytes `from` to `to` - 1 of others. */
  copy(bytes: Uint8Array, from: number, to: number): void {
    const count = to - from;
    this.#need(count);
    if (count > 64) this.#bytes.set(bytes.subarray(from, to), this.length);
    else for (let i = 0; i < count; i++) this.#bytes[this.length + i] = bytes[from + i];
    this.length += count;
  }

  /** Leaves room for a number; returns where. */
  reserve(): number {
    this.#need(PADDED);
    this.length += PADDED;
    return this.length - PADDED;
  }
  /** Writes into such room how many bytes came after it. */
  fill(at: number): void {
    let rest = this.length - at - PADDED;
    for (let i = 0; i < PADDED; i++) {
      this.#bytes[at + i] = (rest & 0x7f) | (i < PADDED - 1 ? 0x80 : 0);
      rest >>>= 7;
    }
  }

  written(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }
}
