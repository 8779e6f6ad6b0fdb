// Strings and bytes: one representation, so that what turns one into the other does nothing.

import { compareBytes, equalBytes } from "../runtime/text.ts";
import { Custom, type Integer, type Primitives, type Runtime, type Value } from "../value.ts";

/** Longest string: the host's arrays hold no more, nor does most machines' memory. */
const LONGEST = 2 ** 32;
/** Longest string in the header of a block: 2^54 - 1 words, the last byte of which is padding. A double would be rounded. */
const MOST_BYTES = 8n * ((1n << 54n) - 1n) - 1n;

const sign = (difference: number): number => (difference < 0 ? -1 : difference > 0 ? 1 : 0);
const length = (bytes: Uint8Array): number => bytes.length;
const same = (bytes: Uint8Array): Uint8Array => bytes;

function fill(bytes: Uint8Array, from: number, count: number, byte: number): Value {
  bytes.fill(byte, from, from + count);
  return 0;
}

function blit(source: Uint8Array, from: number, target: Uint8Array, to: number, count: number): Value {
  if (source === target) target.copyWithin(to, from, from + count);
  else if (count < 32) for (let i = 0; i < count; i++) target[to + i] = source[from + i] as number;
  else target.set(source.subarray(from, from + count), to);
  return 0;
}

/** The four bytes from `at`, lowest first, as a signed number. */
export function get32(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
}

export function set32(bytes: Uint8Array, at: number, value: number): void {
  for (let i = 0; i < 4; i++) bytes[at + i] = value >> (8 * i);
}

/** The eight bytes from `at`, lowest first, signed. */
export function get64(bytes: Uint8Array, at: number): bigint {
  return (BigInt(get32(bytes, at + 4)) << 32n) | BigInt(get32(bytes, at) >>> 0);
}

export function set64(bytes: Uint8Array, at: number, value: bigint): void {
  set32(bytes, at, Number(BigInt.asIntN(32, value)));
  set32(bytes, at + 4, Number(BigInt.asIntN(32, value >> 32n)));
}

export function strings(runtime: Runtime): Primitives {
  /** Where `width` bytes lie within `bytes`. */
  function place(bytes: Uint8Array, index: Integer, width: number): number {
    if (index >= 0 && index <= bytes.length - width) return index as number;
    return runtime.raiseWith("Invalid_argument", "index out of bounds");
  }
  function create(size: Integer): Uint8Array {
    if (size < 0 || size > MOST_BYTES) runtime.raiseWith("Invalid_argument", "Bytes.create");
    if (size > LONGEST) runtime.raise("Out_of_memory");
    return new Uint8Array(size as number);
  }
  const get = (bytes: Uint8Array, index: Integer): Value => bytes[place(bytes, index, 1)] as number;
  function set(bytes: Uint8Array, index: Integer, value: number): Value {
    bytes[place(bytes, index, 1)] = value;
    return 0;
  }
  function get16(bytes: Uint8Array, index: Integer): Value {
    const at = place(bytes, index, 2);
    return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  }
  const get32At = (bytes: Uint8Array, index: Integer): Value => new Custom("_i", get32(bytes, place(bytes, index, 4)));
  const get64At = (bytes: Uint8Array, index: Integer): Value => new Custom("_j", get64(bytes, place(bytes, index, 8)));
  const compare = (a: Uint8Array, b: Uint8Array): Value => sign(compareBytes(a, b));
  const equal = (a: Uint8Array, b: Uint8Array): Value => (equalBytes(a, b) ? 1 : 0);
  const notEqual = (a: Uint8Array, b: Uint8Array): Value => (equalBytes(a, b) ? 0 : 1);
  const less = (a: Uint8Array, b: Uint8Array): Value => (compareBytes(a, b) < 0 ? 1 : 0);
  const lessEqual = (a: Uint8Array, b: Uint8Array): Value => (compareBytes(a, b) <= 0 ? 1 : 0);
  const greater = (a: Uint8Array, b: Uint8Array): Value => (compareBytes(a, b) > 0 ? 1 : 0);
  const greaterEqual = (a: Uint8Array, b: Uint8Array): Value => (compareBytes(a, b) >= 0 ? 1 : 0);
  return {
    caml_ml_string_length: length,
    caml_ml_bytes_length: length,
    caml_create_string: create,
    caml_create_bytes: create,
    caml_bytes_of_string: same,
    caml_string_of_bytes: same,
    caml_string_get: get,
    caml_bytes_get: get,
    caml_string_set: set,
    caml_bytes_set: set,
    caml_string_get16: get16,
    caml_bytes_get16: get16,
    caml_string_get32: get32At,
    caml_bytes_get32: get32At,
    caml_string_get64: get64At,
    caml_bytes_get64: get64At,
    caml_bytes_set16(bytes: Uint8Array, index: Integer, value: number) {
      const at = place(bytes, index, 2);
      bytes[at] = value;
      bytes[at + 1] = value >> 8;
      return 0;
    },
    caml_bytes_set32(bytes: Uint8Array, index: Integer, value: Custom) {
      set32(bytes, place(bytes, index, 4), value.data as number);
      return 0;
    },
    caml_bytes_set64(bytes: Uint8Array, index: Integer, value: Custom) {
      set64(bytes, place(bytes, index, 8), value.data as bigint);
      return 0;
    },
    caml_string_compare: compare,
    caml_bytes_compare: compare,
    caml_string_equal: equal,
    caml_bytes_equal: equal,
    caml_string_notequal: notEqual,
    caml_bytes_notequal: notEqual,
    caml_string_lessthan: less,
    caml_bytes_lessthan: less,
    caml_string_lessequal: lessEqual,
    caml_bytes_lessequal: lessEqual,
    caml_string_greaterthan: greater,
    caml_bytes_greaterthan: greater,
    caml_string_greaterequal: greaterEqual,
    caml_bytes_greaterequal: greaterEqual,
    caml_fill_string: fill,
    caml_fill_bytes: fill,
    caml_blit_string: blit,
    caml_blit_bytes: blit,
  };
}
