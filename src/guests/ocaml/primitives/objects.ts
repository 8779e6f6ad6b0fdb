// Blocks as such: what Obj offers, recursive definitions, lazy values, objects and their methods.

import { copy } from "../float-bits.ts";
import {
  allocateHeapBlock,
  CLOSURE_TAG,
  CUSTOM_TAG,
  Custom,
  DOUBLE_ARRAY_TAG,
  DOUBLE_TAG,
  EMPTY_ARRAY,
  Float,
  FORWARD_TAG,
  fieldOf,
  type HeapBlock,
  INFIX_TAG,
  type Integer,
  isHeapBlock,
  isInteger,
  makeHeapBlock,
  OBJECT_TAG,
  type Primitives,
  type Runtime,
  resize,
  STRING_TAG,
  setField,
  setTag,
  sizeOf,
  tagOf,
  type Value,
  wordsOf,
} from "../value.ts";

/** The tag of anything but an integer. */
export function tagOfValue(value: Exclude<Value, Integer>): number {
  if (isHeapBlock(value)) return tagOf(value);
  if (value instanceof Uint8Array) return STRING_TAG;
  if (value instanceof Float) return DOUBLE_TAG;
  if (value instanceof Float64Array) return DOUBLE_ARRAY_TAG;
  return CUSTOM_TAG;
}

/** Of a function that was defined among others: the block of all of them, and the field there where its code pointer stands. */
export function originOf(infix: HeapBlock): { readonly base: HeapBlock; readonly at: number } {
  return { base: fieldOf(infix, 1) as HeapBlock, at: fieldOf(infix, 2) as number };
}

function isInfix(value: Value): value is HeapBlock {
  return isHeapBlock(value) && tagOf(value) === INFIX_TAG;
}

/** A copy that shares what the fields hold. */
export function duplicate(value: Value): Value {
  if (isInteger(value)) return value;
  if (value instanceof Float) return copy(value);
  if (value instanceof Custom) return new Custom(value.kind, value.data);
  return value.slice() as Value;
}

function overwrite(target: HeapBlock, source: HeapBlock): void {
  resize(target, sizeOf(source));
  setTag(target, tagOf(source));
  for (let i = 0; i < sizeOf(source); i++) setField(target, i, fieldOf(source, i));
}

/** A placeholder for a recursive value while that is computed. An empty one is never filled, so it must be the value itself. */
const dummy = (size: number): HeapBlock => (size === 0 ? EMPTY_ARRAY : allocateHeapBlock(0, size, 0));

/** Fills the placeholder of a recursive value. */
function update(dummy: Value, value: Value): Value {
  if (dummy === EMPTY_ARRAY) return 0;
  if (isInfix(dummy)) {
    const { base, at } = originOf(dummy);
    update(base, isInfix(value) ? originOf(value).base : value);
    setField(dummy, 0, fieldOf(base, at));
  } else if (isHeapBlock(dummy)) overwrite(dummy, value as HeapBlock);
  else if (dummy instanceof Float64Array) dummy.set(value as Float64Array);
  return 0;
}

/** Numbers objects and exceptions. */
export interface ObjectIds {
  next(): number;
}

export function createObjectIds(): ObjectIds {
  let last = 0;
  return { next: () => last++ };
}

/** The method of an object; its class has them sorted by the hashes of their names, after two fields. */
function publicMethod(object: HeapBlock, hash: Integer): Value {
  const methods = fieldOf(object, 0) as HeapBlock;
  let low = 0;
  let high = (fieldOf(methods, 0) as number) - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (hash < (fieldOf(methods, 3 + 2 * middle) as Integer)) high = middle - 1;
    else low = middle;
  }
  return fieldOf(methods, 3 + 2 * low) === hash ? fieldOf(methods, 2 + 2 * low) : 0;
}

function reachableWords(root: Value): number {
  const seen = new Set<Value>();
  const pending: Value[] = [root];
  let words = 0;
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (isInfix(value)) value = originOf(value).base;
    if (isInteger(value) || seen.has(value)) continue;
    seen.add(value);
    // Empty blocks are no part of the heap.
    if (wordsOf(value) > 0) words += 1 + wordsOf(value);
    if (isHeapBlock(value)) for (let i = 0; i < sizeOf(value); i++) pending.push(fieldOf(value, i));
  }
  return words;
}

function withTag(tag: number, value: Value): Value {
  const copy = duplicate(value);
  if (isHeapBlock(copy)) setTag(copy, tag);
  return copy;
}

export function objects(runtime: Runtime, ids: ObjectIds): Primitives {
  return {
    caml_obj_tag: (value: Value) => (isInteger(value) ? 1000 : tagOfValue(value)),
    caml_obj_block: (tag: number, size: number) =>
      tag === CUSTOM_TAG || (tag === STRING_TAG && size === 0) || (tag === CLOSURE_TAG && size < 2)
        ? runtime.raiseWith("Invalid_argument", "Obj.new_block")
        : size === 0 && tag === 0
          ? EMPTY_ARRAY
          : tag === STRING_TAG
            ? new Uint8Array(8 * size - 1)
            : tag === DOUBLE_ARRAY_TAG
              ? new Float64Array(size)
              : allocateHeapBlock(tag, size, 0),
    caml_obj_dup: duplicate,
    caml_obj_with_tag: withTag,
    caml_obj_set_tag(value: Value, tag: number) {
      if (isHeapBlock(value)) setTag(value, tag);
      return 0;
    },
    caml_obj_truncate(block: HeapBlock, size: number) {
      if (size <= 0 || size > sizeOf(block)) runtime.raiseWith("Invalid_argument", "Obj.truncate");
      resize(block, size);
      return 0;
    },
    caml_obj_add_offset: (value: Value, offset: Custom) =>
      offset.data === 0 ? value : runtime.raiseWith("Failure", "Obj.add_offset: values have no addresses here"),
    caml_obj_raw_field: (block: HeapBlock, index: number) => new Custom("_n", rawWord(fieldOf(block, index))),
    caml_obj_set_raw_field(block: HeapBlock, index: number, word: Custom) {
      setField(block, index, Number((word.data as bigint) >> 1n));
      return 0;
    },
    caml_obj_reachable_words: reachableWords,
    caml_obj_make_forward(block: HeapBlock, value: Value) {
      setField(block, 0, value);
      setTag(block, FORWARD_TAG);
      return 0;
    },
    caml_lazy_make_forward: (value: Value) => makeHeapBlock(FORWARD_TAG, value),
    caml_alloc_dummy: dummy,
    caml_alloc_dummy_function: dummy,
    // the one empty array holds no floats either
    caml_alloc_dummy_float: (size: number) => (size === 0 ? EMPTY_ARRAY : new Float64Array(size)),
    caml_alloc_dummy_infix: (size: number, at: number) => makeHeapBlock(INFIX_TAG, 0, allocateHeapBlock(CLOSURE_TAG, size, 0), at),
    caml_update_dummy: update,
    caml_fresh_oo_id: () => ids.next(),
    caml_set_oo_id(object: HeapBlock) {
      setTag(object, OBJECT_TAG);
      setField(object, 1, ids.next());
      return object;
    },
    caml_get_public_method: publicMethod,
  };
}

/** An integer as the machine's word that stands for it. */
function rawWord(value: Value): bigint {
  return isInteger(value) ? BigInt(value) * 2n + 1n : 0n;
}
