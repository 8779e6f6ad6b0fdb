// Structural comparison: without recursion, so that a list may be as long as memory lets it.

import { type Bigarray, compareBigarrays } from "../runtime/bigarray.ts";
import { compareBytes } from "../runtime/text.ts";
import {
  ABSTRACT_TAG,
  CLOSURE_TAG,
  type Custom,
  DOUBLE_ARRAY_TAG,
  DOUBLE_TAG,
  type Float,
  FORWARD_TAG,
  fieldOf,
  type HeapBlock,
  INFIX_TAG,
  type Integer,
  isHeapBlock,
  isInteger,
  OBJECT_TAG,
  type Primitives,
  type Runtime,
  STRING_TAG,
  sizeOf,
  type Value,
} from "../value.ts";
import { tagOfValue } from "./objects.ts";

/** Result for unordered floats, unless the comparison is total. */
const UNORDERED = Number.NaN;

function order(a: number | bigint, b: number | bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareFloats(a: number, b: number, total: boolean): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  if (!total) return UNORDERED;
  return Number(!Number.isNaN(a)) - Number(!Number.isNaN(b));
}

function compareFloatArrays(a: Float64Array, b: Float64Array, total: boolean): number {
  if (a.length !== b.length) return a.length - b.length;
  for (let i = 0; i < a.length; i++) {
    const result = compareFloats(a[i] as number, b[i] as number, total);
    if (result !== 0) return result;
  }
  return 0;
}

export function createComparison(runtime: Runtime): (a: Value, b: Value, total: boolean) => number {
  function compareCustoms(a: Custom, b: Custom, total: boolean): number {
    if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
    switch (a.kind) {
      case "_i":
      case "_j":
      case "_n":
        return order(a.data as number | bigint, b.data as number | bigint);
      case "_bigarr02":
        return compareBigarrays(a.data as Bigarray, b.data as Bigarray, (x, y) => compareFloats(x, y, total));
      case "_chan":
        return order((a.data as { id: number }).id, (b.data as { id: number }).id);
      default:
        return runtime.raiseWith("Invalid_argument", "compare: abstract value");
    }
  }
  /** What is neither a block of fields nor the same tag twice was dealt with before. */
  function compareLeaves(tag: number, a: Value, b: Value, total: boolean): number {
    switch (tag) {
      case STRING_TAG:
        return compareBytes(a as Uint8Array, b as Uint8Array);
      case DOUBLE_TAG:
        return compareFloats((a as Float).value, (b as Float).value, total);
      case DOUBLE_ARRAY_TAG:
        return compareFloatArrays(a as Float64Array, b as Float64Array, total);
      case ABSTRACT_TAG:
        return runtime.raiseWith("Invalid_argument", "compare: abstract value");
      case CLOSURE_TAG:
      case INFIX_TAG:
        return runtime.raiseWith("Invalid_argument", "compare: functional value");
      case OBJECT_TAG:
        return order(fieldOf(a as HeapBlock, 1) as Integer, fieldOf(b as HeapBlock, 1) as Integer);
      default:
        return compareCustoms(a as Custom, b as Custom, total);
    }
  }

  return (first, second, total) => {
    // Blocks of which fields are still to be compared, and the next field of each.
    const lefts: HeapBlock[] = [];
    const rights: HeapBlock[] = [];
    const fields: number[] = [];
    let a = first;
    let b = second;
    for (;;) {
      let result = 0;
      if (isInteger(a) && isInteger(b)) result = order(a, b);
      else if (!(total && a === b)) {
        const left = isInteger(a) ? -1 : tagOfValue(a);
        const right = isInteger(b) ? -1 : tagOfValue(b);
        if (left === FORWARD_TAG && right !== FORWARD_TAG) {
          a = fieldOf(a as HeapBlock, 0);
          continue;
        }
        if (right === FORWARD_TAG && left !== FORWARD_TAG) {
          b = fieldOf(b as HeapBlock, 0);
          continue;
        }
        const tag = left === INFIX_TAG ? CLOSURE_TAG : left;
        if (tag !== (right === INFIX_TAG ? CLOSURE_TAG : right)) result = left - right;
        else if (!isHeapBlock(a) || !isHeapBlock(b) || (tag >= OBJECT_TAG && tag !== FORWARD_TAG) || tag === CLOSURE_TAG)
          result = compareLeaves(tag, a, b, total);
        else if (sizeOf(a) !== sizeOf(b)) result = sizeOf(a) - sizeOf(b);
        else if (sizeOf(a) > 0) {
          if (sizeOf(a) > 1) {
            lefts.push(a);
            rights.push(b);
            fields.push(1);
          }
          const next: Value = fieldOf(a, 0);
          b = fieldOf(b, 0);
          a = next;
          continue;
        }
      }
      if (result !== 0) return result;
      const top = fields.length - 1;
      if (top < 0) return 0;
      const left = lefts[top] as HeapBlock;
      const right = rights[top] as HeapBlock;
      const field = fields[top] as number;
      if (field + 1 < sizeOf(left)) fields[top] = field + 1;
      else {
        lefts.pop();
        rights.pop();
        fields.pop();
      }
      a = fieldOf(left, field);
      b = fieldOf(right, field);
    }
  };
}

export function comparison(runtime: Runtime): Primitives {
  const compare = createComparison(runtime);
  return {
    caml_compare: (a: Value, b: Value) => Math.sign(compare(a, b, true)),
    // What is in no order compares false with 0.
    caml_equal: (a: Value, b: Value) => (compare(a, b, false) === 0 ? 1 : 0),
    caml_notequal: (a: Value, b: Value) => (compare(a, b, false) === 0 ? 0 : 1),
    caml_lessthan: (a: Value, b: Value) => (compare(a, b, false) < 0 ? 1 : 0),
    caml_lessequal: (a: Value, b: Value) => (compare(a, b, false) <= 0 ? 1 : 0),
    caml_greaterthan: (a: Value, b: Value) => (compare(a, b, false) > 0 ? 1 : 0),
    caml_greaterequal: (a: Value, b: Value) => (compare(a, b, false) >= 0 ? 1 : 0),
  };
}
