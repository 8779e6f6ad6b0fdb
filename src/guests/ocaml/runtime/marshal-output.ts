// Values as bytes, exactly as OCaml 4.13 writes them: in prefix order, each block once; what comes again refers back.

import { bitsOfFloat } from "../float-bits.ts";
import { tagOfValue } from "../primitives/objects.ts";
import {
  ABSTRACT_TAG,
  CLOSURE_TAG,
  type Custom,
  DOUBLE_TAG,
  Float,
  FORWARD_TAG,
  fieldOf,
  type HeapBlock,
  INFIX_TAG,
  type Integer,
  isHeapBlock,
  isInteger,
  LAZY_TAG,
  sizeOf,
  tagOf,
  type Value,
} from "../value.ts";
import type { Bigarray } from "./bigarray.ts";
import { writeBigarray } from "./bigarray-marshal.ts";
import { toBytes } from "./text.ts";
import { Writer } from "./writer.ts";

export interface OutputOptions {
  /** Whether what is shared is written as often as it is met. */
  readonly withoutSharing: boolean;
  /** Whether it must be readable where integers have 31 bits. */
  readonly for32Bits: boolean;
  /** Which of the runtime's exceptions is raised for what cannot be written. */
  readonly refuse: (exception: "Failure" | "Invalid_argument", message: string) => never;
}

const HEADER_BYTES = 20;
const SMALL_MAGIC = 0x8495a6be;
const CODE = {
  int8: 0x00,
  int16: 0x01,
  int32: 0x02,
  int64: 0x03,
  shared8: 0x04,
  shared16: 0x05,
  shared32: 0x06,
  block32: 0x08,
  string8: 0x09,
  string32: 0x0a,
  double: 0x0c,
  doubles8: 0x0e,
  doubles32: 0x07,
  block64: 0x13,
  customSized: 0x18,
  customFixed: 0x19,
} as const;
const SMALL_INTEGER = 0x40;
const SMALL_BLOCK = 0x80;
const SMALL_STRING = 0x20;
/** More fields do not fit into a header of 32 bits. */
const MOST_FIELDS_32 = 0x3fffff;
const LONGEST_STRING_32 = 0xfffffb;

/** A block some of whose fields are still to be written. */
interface Pending {
  readonly block: HeapBlock;
  next: number;
}

class Output {
  readonly writer = new Writer();
  readonly #options: OutputOptions;
  readonly #positions = new Map<Value, number>();
  #words32 = 0;
  #words64 = 0;

  constructor(options: OutputOptions) {
    this.#options = options;
    for (const word of [SMALL_MAGIC, 0, 0, 0, 0]) this.writer.int32(word);
  }

  finish(): Uint8Array {
    const { writer } = this;
    const header = [writer.length - HEADER_BYTES, this.#positions.size, this.#words32, this.#words64];
    for (const [i, word] of header.entries()) writer.patch32(4 + 4 * i, word);
    return writer.result();
  }

  /** Fields that come next are handed back. */
  value(root: Value): void {
    const pending: Pending[] = [];
    let value: Value | undefined = root;
    while (value !== undefined) {
      const block = this.#one(value);
      if (block !== undefined) pending.push({ block, next: 0 });
      let top = pending.at(-1);
      while (top !== undefined && top.next === sizeOf(top.block)) {
        pending.pop();
        top = pending.at(-1);
      }
      value = top === undefined ? undefined : fieldOf(top.block, top.next++);
    }
  }

  /** Writes one value; returns it if its fields are to follow. */
  #one(given: Value): HeapBlock | undefined {
    let value = given;
    while (isHeapBlock(value) && tagOf(value) === FORWARD_TAG && this.#isTransparent(value)) value = fieldOf(value, 0);
    if (isInteger(value)) {
      this.#integer(value);
      return undefined;
    }
    if (isHeapBlock(value) && sizeOf(value) === 0) {
      this.#header(tagOf(value), 0);
      return undefined;
    }
    if (this.#isShared(value)) return undefined;
    if (isHeapBlock(value)) return this.#block(value);
    if (value instanceof Uint8Array) this.#string(value);
    else if (value instanceof Float) {
      this.writer.int8(CODE.double);
      this.#littleEndian(BigUint64Array.of(bitsOfFloat(value)));
      this.#count(3, 2);
    } else if (value instanceof Float64Array) {
      if (value.length < 0x100) this.#byteAfter(CODE.doubles8, value.length);
      else this.#wordAfter(CODE.doubles32, value.length);
      this.#littleEndian(value);
      this.#count(1 + 2 * value.length, 1 + value.length);
    } else this.#custom(value);
    this.#remember(value);
    return undefined;
  }

  /** A forced lazy value is what it holds, unless that could be taken for another one's. */
  #isTransparent(forward: HeapBlock): boolean {
    const value = fieldOf(forward, 0);
    return isInteger(value) || ![FORWARD_TAG, LAZY_TAG, DOUBLE_TAG].includes(tagOfValue(value));
  }

  #count(words32: number, words64: number): void {
    this.#words32 += words32;
    this.#words64 += words64;
  }
  #remember(value: Value): void {
    if (!this.#options.withoutSharing) this.#positions.set(value, this.#positions.size);
  }
  #isShared(value: Value): boolean {
    const position = this.#positions.get(value);
    if (position === undefined) return false;
    const distance = this.#positions.size - position;
    if (distance < 0x100) this.#byteAfter(CODE.shared8, distance);
    else if (distance < 0x10000) {
      this.writer.int8(CODE.shared16);
      this.writer.int16(distance);
    } else this.#wordAfter(CODE.shared32, distance);
    return true;
  }
  #byteAfter(code: number, byte: number): void {
    this.writer.int8(code);
    this.writer.int8(byte);
  }
  #wordAfter(code: number, word: number): void {
    this.writer.int8(code);
    this.writer.int32(word);
  }
  #littleEndian(words: BigUint64Array | Float64Array): void {
    this.writer.bytes(new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
  }

  #integer(value: Integer): void {
    const { writer } = this;
    if (value >= 0 && value < 0x40) writer.int8(SMALL_INTEGER + (value as number));
    else if (value >= -0x80 && value < 0x80) this.#byteAfter(CODE.int8, value as number);
    else if (value >= -0x8000 && value < 0x8000) {
      writer.int8(CODE.int16);
      writer.int16(value as number);
    } else if (value >= -0x40000000 && value < 0x40000000) this.#wordAfter(CODE.int32, value as number);
    else {
      if (this.#options.for32Bits) this.#options.refuse("Failure", "output_value: integer cannot be read back on 32-bit platform");
      writer.int8(CODE.int64);
      writer.int64(BigInt(value));
    }
  }

  #header(tag: number, size: number): void {
    if (tag < 16 && size < 8) this.writer.int8(SMALL_BLOCK + tag + (size << 4));
    else if (size <= MOST_FIELDS_32) this.#wordAfter(CODE.block32, (size << 10) | tag);
    else {
      if (this.#options.for32Bits) this.#options.refuse("Failure", "output_value: array cannot be read back on 32-bit platform");
      this.writer.int8(CODE.block64);
      this.writer.int64((BigInt(size) << 10n) | BigInt(tag));
    }
  }

  #block(block: HeapBlock): HeapBlock {
    const tag = tagOf(block);
    if (tag === ABSTRACT_TAG) this.#options.refuse("Invalid_argument", "output_value: abstract value (Abstract)");
    if (tag === CLOSURE_TAG || tag === INFIX_TAG) this.#options.refuse("Invalid_argument", "output_value: functional value");
    this.#header(tag, sizeOf(block));
    this.#count(1 + sizeOf(block), 1 + sizeOf(block));
    this.#remember(block);
    return block;
  }

  #string(bytes: Uint8Array): void {
    const { length } = bytes;
    if (length < 0x20) this.writer.int8(SMALL_STRING + length);
    else if (length < 0x100) this.#byteAfter(CODE.string8, length);
    else {
      if (this.#options.for32Bits && length > LONGEST_STRING_32)
        this.#options.refuse("Failure", "output_value: string cannot be read back on 32-bit platform");
      this.#wordAfter(CODE.string32, length);
    }
    this.writer.bytes(bytes);
    this.#count(1 + Math.floor((length + 4) / 4), 1 + Math.floor((length + 8) / 8));
  }

  #custom({ kind, data }: Custom): void {
    const { writer } = this;
    const name = toBytes(`${kind}\0`);
    if (kind === "_bigarr02") {
      writer.int8(CODE.customSized);
      writer.bytes(name);
      const words = 4 + (data as Bigarray).dimensions.length;
      writer.int32(4 * words);
      writer.int64(8n * BigInt(words));
      writeBigarray(writer, data as Bigarray);
      this.#count(2 + words, 2 + words);
      return;
    }
    if (kind !== "_i" && kind !== "_j" && kind !== "_n") this.#options.refuse("Invalid_argument", "output_value: abstract value (Custom)");
    writer.int8(CODE.customFixed);
    writer.bytes(name);
    if (kind === "_i") writer.int32(data as number);
    else if (kind === "_j") writer.int64(data as bigint);
    else this.#native(data as bigint);
    this.#count(2 + (kind === "_j" ? 2 : 1), 3);
  }

  #native(value: bigint): void {
    if (BigInt.asIntN(32, value) === value) {
      this.#wordAfter(1, Number(value));
      return;
    }
    this.writer.int8(2);
    this.writer.int64(value);
  }
}

export function marshal(value: Value, options: OutputOptions): Uint8Array {
  const output = new Output(options);
  output.value(value);
  return output.finish();
}
