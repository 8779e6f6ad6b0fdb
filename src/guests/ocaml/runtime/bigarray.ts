// A big array: elements of one machine type in one piece of memory, which others may share.
import { mix, mixFloat, mixHalves, mixSingle, mixWord } from "./mixing.ts";

const KINDS = [
  { name: "float32", elements: Float32Array },
  { name: "float64", elements: Float64Array },
  { name: "int8", elements: Int8Array },
  { name: "uint8", elements: Uint8Array },
  { name: "int16", elements: Int16Array },
  { name: "uint16", elements: Uint16Array },
  { name: "int32", elements: Int32Array },
  { name: "int64", elements: BigInt64Array },
  { name: "int", elements: BigInt64Array },
  { name: "nativeint", elements: BigInt64Array },
  { name: "complex32", elements: Float32Array },
  { name: "complex64", elements: Float64Array },
  { name: "char", elements: Uint8Array },
] as const;

type Kind = (typeof KINDS)[number]["name"];
export type Elements = Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | BigInt64Array;

export interface Bigarray {
  /** Its number in OCaml's type `kind`. */
  readonly kind: number;
  /** 0: as C has it, the last index runs fastest, from 0; 1: as Fortran, the first, from 1. */
  readonly layout: number;
  readonly dimensions: readonly number[];
  /** Complex numbers are two. */
  readonly elements: Elements;
}

export function kindName(kind: number): Kind {
  return (KINDS[kind] as (typeof KINDS)[number]).name;
}

/** Entries of `elements` that make one element. */
export function entriesPerElement(kind: number): number {
  return kindName(kind).startsWith("complex") ? 2 : 1;
}

export const KIND_COUNT = KINDS.length;

/** How many elements there are. */
export function countOf(dimensions: readonly number[]): number {
  return dimensions.reduce((product, size) => product * size, 1);
}

/** @throws RangeError when there is no room for it */
export function createElements(kind: number, count: number): Elements {
  const { elements } = KINDS[kind] as (typeof KINDS)[number];
  return new elements(count * entriesPerElement(kind));
}

/**
 * As the runtime compares: kind, layout, dimensions, elements in the order of memory.
 * @param compareFloats NaN when they are in no order
 */
export function compareBigarrays(a: Bigarray, b: Bigarray, compareFloats: (x: number, y: number) => number): number {
  const flags = (array: Bigarray) => array.kind + (array.layout << 8);
  if (flags(a) !== flags(b)) return flags(b) - flags(a);
  if (a.dimensions.length !== b.dimensions.length) return b.dimensions.length - a.dimensions.length;
  for (const [i, size] of a.dimensions.entries()) {
    const other = b.dimensions[i] as number;
    if (size !== other) return size < other ? -1 : 1;
  }
  const ofFloats = a.elements instanceof Float32Array || a.elements instanceof Float64Array;
  for (let i = 0; i < a.elements.length; i++) {
    const x = a.elements[i] as number | bigint;
    const y = b.elements[i] as number | bigint;
    const result = ofFloats ? compareFloats(x as number, y as number) : x < y ? -1 : x > y ? 1 : 0;
    if (result !== 0) return result;
  }
  return 0;
}

/** Bytes that count, of arrays of small integers. */
const HASHED_BYTES = 256;

function hashPacked(bytes: Uint8Array): number {
  let hash = 0;
  const limit = Math.min(bytes.length, HASHED_BYTES);
  for (let i = 0; i < limit; i += 4) {
    let word = 0;
    for (let k = Math.min(3, limit - i - 1); k >= 0; k--) word = (word << 8) | (bytes[i + k] as number);
    hash = mix(hash, word);
  }
  return hash;
}

export function hashBigarray({ kind, elements }: Bigarray): number {
  let hash = 0;
  if (elements instanceof Float32Array) for (const value of elements.subarray(0, 64)) hash = mixSingle(hash, value);
  else if (elements instanceof Float64Array) for (const value of elements.subarray(0, 32)) hash = mixFloat(hash, value);
  else if (elements instanceof Int32Array) for (const value of elements.subarray(0, 64)) hash = mix(hash, value);
  else if (elements instanceof BigInt64Array) {
    const halves = kindName(kind) === "int64";
    for (const value of elements.subarray(0, halves ? 32 : 64)) hash = halves ? mixHalves(hash, value) : mixWord(hash, value);
  } else hash = hashPacked(new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength));
  return hash;
}
