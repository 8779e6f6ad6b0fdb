// Arrays. One whose first element is a boxed float holds floats, unboxed; that is decided where an array is made.

import { readFloat, writeFloat } from "../float-bits.ts";
import {
  allocateHeapBlock,
  EMPTY_ARRAY,
  Float,
  fieldOf,
  type HeapBlock,
  type Integer,
  isHeapBlock,
  type Primitives,
  type Runtime,
  setField,
  sizeOf,
  type Value,
} from "../value.ts";

type OcamlArray = HeapBlock | Float64Array;

/** Most fields of the host's arrays. */
const LONGEST = 2 ** 32 - 2;
/** Most fields in the header of a block; a bigint, because a double would be rounded up. */
const MOST_FIELDS = (1n << 54n) - 1n;

function lengthOf(array: OcamlArray): number {
  return isHeapBlock(array) ? sizeOf(array) : array.length;
}

function unsafeGet(array: OcamlArray, index: number): Value {
  return isHeapBlock(array) ? fieldOf(array, index) : readFloat(array, index);
}

function unsafeSet(array: OcamlArray, index: number, value: Value): Value {
  if (isHeapBlock(array)) setField(array, index, value);
  else writeFloat(array, index, value as Float);
  return 0;
}

function blit(source: OcamlArray, from: number, target: OcamlArray, to: number, count: number): Value {
  if (!isHeapBlock(source) || !isHeapBlock(target)) {
    if (count > 0) (target as Float64Array).set((source as Float64Array).subarray(from, from + count), to);
  } else if (source === target && from < to) for (let i = count - 1; i >= 0; i--) setField(target, to + i, fieldOf(source, from + i));
  else for (let i = 0; i < count; i++) setField(target, to + i, fieldOf(source, from + i));
  return 0;
}

/** A piece of an array. */
interface Slice {
  readonly array: OcamlArray;
  readonly from: number;
  readonly count: number;
}

export function arrays(runtime: Runtime): Primitives {
  function place(array: OcamlArray, index: Integer): number {
    if (index >= 0 && index < lengthOf(array)) return index as number;
    return runtime.raiseWith("Invalid_argument", "index out of bounds");
  }
  function checkLength(length: Integer, who: string): number {
    if (length < 0 || length > MOST_FIELDS) runtime.raiseWith("Invalid_argument", who);
    if (length > LONGEST) runtime.raise("Out_of_memory");
    return length as number;
  }
  function gather(slices: readonly Slice[]): OcamlArray {
    let total = 0;
    let ofFloats = false;
    for (const { array, count } of slices) {
      total += count;
      if (!isHeapBlock(array)) ofFloats = true;
    }
    checkLength(total, "Array.concat");
    if (total === 0) return EMPTY_ARRAY;
    const result = ofFloats ? new Float64Array(total) : allocateHeapBlock(0, total, 0);
    let at = 0;
    for (const { array, from, count } of slices) {
      blit(array, from, result, at, count);
      at += count;
    }
    return result;
  }
  function createFloats(length: Integer): OcamlArray {
    const size = checkLength(length, "Float.Array.create");
    return size === 0 ? EMPTY_ARRAY : new Float64Array(size);
  }
  const get = (array: OcamlArray, index: Integer): Value => unsafeGet(array, place(array, index));
  const set = (array: OcamlArray, index: Integer, value: Value): Value => unsafeSet(array, place(array, index), value);
  return {
    caml_array_get: get,
    caml_array_get_addr: get,
    caml_floatarray_get: get,
    caml_array_unsafe_get: unsafeGet,
    caml_floatarray_unsafe_get: unsafeGet,
    caml_array_set: set,
    caml_array_set_addr: set,
    caml_floatarray_set: set,
    caml_array_unsafe_set: unsafeSet,
    caml_floatarray_unsafe_set: unsafeSet,
    caml_floatarray_create: createFloats,
    caml_make_float_vect: createFloats,
    caml_make_vect(length: Integer, initial: Value) {
      if (length === 0) return EMPTY_ARRAY;
      const size = checkLength(length, "Array.make");
      if (!(initial instanceof Float)) return allocateHeapBlock(0, size, initial);
      const result = new Float64Array(size).fill(initial.value);
      if (Number.isNaN(initial.value)) for (let i = 0; i < size; i++) writeFloat(result, i, initial);
      return result;
    },
    caml_make_array(array: HeapBlock) {
      const size = isHeapBlock(array) ? sizeOf(array) : 0;
      if (size === 0 || !(fieldOf(array, 0) instanceof Float)) return array;
      const result = new Float64Array(size);
      for (let i = 0; i < size; i++) writeFloat(result, i, fieldOf(array, i) as Float);
      return result;
    },
    caml_array_sub: (array: OcamlArray, from: number, count: number) => gather([{ array, from, count }]),
    caml_array_append: (a: OcamlArray, b: OcamlArray) =>
      gather([
        { array: a, from: 0, count: lengthOf(a) },
        { array: b, from: 0, count: lengthOf(b) },
      ]),
    caml_array_concat(list: Value) {
      const slices: Slice[] = [];
      for (let rest = list; isHeapBlock(rest); rest = fieldOf(rest, 1)) {
        const array = fieldOf(rest, 0) as OcamlArray;
        slices.push({ array, from: 0, count: lengthOf(array) });
      }
      return gather(slices);
    },
    caml_array_blit: blit,
    caml_floatarray_blit: blit,
    caml_array_fill(array: OcamlArray, from: number, count: number, value: Value) {
      for (let i = from; i < from + count; i++) unsafeSet(array, i, value);
      return 0;
    },
  };
}
