// Weak arrays and ephemerons. Nothing is ever found to be garbage: programs must not notice when the host collects, because every
// run must be the same. So weak pointers keep their contents.
import {
  ABSTRACT_TAG,
  allocateHeapBlock,
  Custom,
  fieldOf,
  type HeapBlock,
  type Integer,
  isHeapBlock,
  makeHeapBlock,
  type Primitives,
  type Runtime,
  setField,
  sizeOf,
  type Value,
} from "../value.ts";
import { duplicate } from "./objects.ts";

/** Fields: one for the collector, the data of an ephemeron, then keys. */
const DATA = 1;
const FIRST_KEY = 2;
/** Most fields in the header of a block; a bigint, because a double would be rounded up. */
const MOST_KEYS = (1n << 54n) - 1n - BigInt(FIRST_KEY);
const LONGEST = 2 ** 32 - 2;
/** The mark of an empty field. */
const NOTHING: HeapBlock = makeHeapBlock(ABSTRACT_TAG, 0);

const some = (value: Value): Value => makeHeapBlock(0, value);
const NONE = 0;

/** Boxes with contents of their own kind are handed out as they are. */
const copyOf = (value: Value): Value => (value instanceof Custom ? value : duplicate(value));

function read(weak: HeapBlock, field: number, how: (value: Value) => Value): Value {
  const value = fieldOf(weak, field);
  return value === NOTHING ? NONE : some(how(value));
}

function write(weak: HeapBlock, field: number, value: Value): Value {
  setField(weak, field, value);
  return 0;
}

export function weak(runtime: Runtime): Primitives {
  const same = (value: Value): Value => value;
  /** The field of a key. */
  function place(array: HeapBlock, index: Integer, who: string): number {
    if (index >= 0 && index < sizeOf(array) - FIRST_KEY) return (index as number) + FIRST_KEY;
    return runtime.raiseWith("Invalid_argument", who);
  }
  function create(length: Integer): Value {
    if (length < 0 || length > MOST_KEYS) runtime.raiseWith("Invalid_argument", "Weak.create");
    if (length > LONGEST) runtime.raise("Out_of_memory");
    return allocateHeapBlock(ABSTRACT_TAG, (length as number) + FIRST_KEY, NOTHING);
  }
  const get = (array: HeapBlock, index: Integer): Value => read(array, place(array, index, "Obj.Ephemeron.get_key"), same);
  const getCopy = (array: HeapBlock, index: Integer): Value => read(array, place(array, index, "Weak.get_copy"), copyOf);
  const check = (array: HeapBlock, index: Integer): Value => (fieldOf(array, place(array, index, "Weak.check_key")) === NOTHING ? 0 : 1);
  const set = (array: HeapBlock, index: Integer, value: Value): Value => write(array, place(array, index, "Weak.set"), value);
  function blit(source: HeapBlock, from: Integer, target: HeapBlock, to: Integer, count: Integer): Value {
    if (count === 0) return 0;
    const last = (array: HeapBlock, first: Integer): void => {
      if (first < 0 || count < 0 || Number(first) + Number(count) > sizeOf(array) - FIRST_KEY)
        runtime.raiseWith("Invalid_argument", "Weak.blit");
    };
    last(source, from);
    last(target, to);
    const values: Value[] = [];
    for (let i = 0; i < count; i++) values.push(fieldOf(source, FIRST_KEY + Number(from) + i));
    for (const [i, value] of values.entries()) setField(target, FIRST_KEY + Number(to) + i, value);
    return 0;
  }
  return {
    caml_weak_create: create,
    caml_ephe_create: create,
    caml_weak_get: get,
    caml_ephe_get_key: get,
    caml_weak_get_copy: getCopy,
    caml_ephe_get_key_copy: getCopy,
    caml_weak_check: check,
    caml_ephe_check_key: check,
    caml_weak_set: (array: HeapBlock, index: Integer, option: Value) =>
      set(array, index, isHeapBlock(option) ? fieldOf(option, 0) : NOTHING),
    caml_ephe_set_key: set,
    caml_ephe_unset_key: (array: HeapBlock, index: Integer) => set(array, index, NOTHING),
    caml_weak_blit: blit,
    caml_ephe_blit_key: blit,
    caml_ephe_get_data: (ephemeron: HeapBlock) => read(ephemeron, DATA, same),
    caml_ephe_get_data_copy: (ephemeron: HeapBlock) => read(ephemeron, DATA, copyOf),
    caml_ephe_set_data: (ephemeron: HeapBlock, value: Value) => write(ephemeron, DATA, value),
    caml_ephe_unset_data: (ephemeron: HeapBlock) => write(ephemeron, DATA, NOTHING),
    caml_ephe_check_data: (ephemeron: HeapBlock) => (fieldOf(ephemeron, DATA) === NOTHING ? 0 : 1),
    caml_ephe_blit_data: (source: HeapBlock, target: HeapBlock) => write(target, DATA, fieldOf(source, DATA)),
  };
}
