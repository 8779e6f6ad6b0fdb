// Hashing: MurmurHash3's mixing over what a breadth-first walk meets, as Hashtbl's order depends on it.

import { type Bigarray, hashBigarray } from "../runtime/bigarray.ts";
import { mix, mixBytes, mixFloat, mixInteger, mixWord } from "../runtime/mixing.ts";
import {
  ABSTRACT_TAG,
  Custom,
  Float,
  FORWARD_TAG,
  fieldOf,
  type HeapBlock,
  INFIX_TAG,
  type Integer,
  isHeapBlock,
  isInteger,
  OBJECT_TAG,
  type Primitives,
  sizeOf,
  tagOf,
  type Value,
} from "../value.ts";
import { originOf } from "./objects.ts";

/** Values that are looked at, at most. */
const QUEUE = 256;
const BYTES_PER_WORD = 8;
/** Links of forced lazy values that are followed: they may run in circles. */
const MOST_FORWARDS = 1000;

/** What custom blocks contribute; undefined when nothing. */
function hashCustom({ kind, data }: Custom): number | undefined {
  switch (kind) {
    case "_i":
      return data as number;
    case "_j":
      return Number(BigInt.asIntN(32, (data as bigint) ^ ((data as bigint) >> 32n)));
    case "_n":
      return Number(BigInt.asIntN(32, ((data as bigint) >> 32n) ^ ((data as bigint) >> 63n) ^ (data as bigint)));
    case "_bigarr02":
      return hashBigarray(data as Bigarray);
    case "_chan":
      return (data as { id: number }).id;
    default:
      return undefined;
  }
}

function forwarded(value: HeapBlock): Value | undefined {
  let target: Value = value;
  for (let i = 0; i < MOST_FORWARDS; i++) {
    target = fieldOf(target as HeapBlock, 0);
    if (!isHeapBlock(target) || tagOf(target) !== FORWARD_TAG) return target;
  }
  return undefined;
}

function finish(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  mixed ^= mixed >>> 16;
  return mixed & 0x3fffffff;
}

/**
 * @param count of meaningful values that are mixed in, at most
 * @param limit of values that are looked at, at most
 */
function hash(count: Integer, limit: Integer, seed: Integer, root: Value): number {
  const size = limit < 0 || limit > QUEUE ? QUEUE : Number(limit);
  let left = Number(count);
  let mixed = Number(BigInt.asIntN(32, BigInt(seed)));
  const queue: Value[] = [root];
  for (let read = 0; read < queue.length && left > 0; read++) {
    let value: Value | undefined = queue[read] as Value;
    if (isHeapBlock(value) && tagOf(value) === INFIX_TAG) {
      const { base, at } = originOf(value);
      mixed = mix(mixed, at * BYTES_PER_WORD);
      value = base;
    }
    if (isHeapBlock(value) && tagOf(value) === FORWARD_TAG) value = forwarded(value);
    if (value === undefined) continue;
    if (isHeapBlock(value)) {
      const tag = tagOf(value);
      if (tag === ABSTRACT_TAG) continue;
      if (tag === OBJECT_TAG) {
        mixed = mixWord(mixed, BigInt(fieldOf(value, 1) as Integer));
        left--;
        continue;
      }
      mixed = mix(mixed, (sizeOf(value) << 10) | tag);
      for (let i = 0; i < sizeOf(value) && queue.length < size; i++) queue.push(fieldOf(value, i));
      continue;
    }
    if (isInteger(value)) mixed = mixInteger(mixed, value);
    else if (value instanceof Uint8Array) mixed = mixBytes(mixed, value);
    else if (value instanceof Float) mixed = mixFloat(mixed, value.value);
    else if (value instanceof Float64Array) {
      for (let i = 0; i < value.length && left > 0; i++, left--) mixed = mixFloat(mixed, value[i] as number);
      continue;
    } else if (value instanceof Custom) {
      const word = hashCustom(value);
      if (word === undefined) continue;
      mixed = mix(mixed, word);
    }
    left--;
  }
  return finish(mixed);
}

export const hashing: Primitives = { caml_hash: hash };
