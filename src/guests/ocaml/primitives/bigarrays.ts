// The primitives of Bigarray.

import { type Bigarray, countOf, createElements, type Elements, entriesPerElement, kindName } from "../runtime/bigarray.ts";
import {
  Custom,
  Float,
  fieldOf,
  type HeapBlock,
  type Integer,
  type Primitives,
  type Runtime,
  sizeOf,
  toInteger,
  type Value,
} from "../value.ts";
import { get32, get64, set32, set64 } from "./strings.ts";

const MOST_DIMENSIONS = 16;

const arrayOf = (box: Custom): Bigarray => box.data as Bigarray;
const boxOf = (array: Bigarray): Custom => new Custom("_bigarr02", array);

function bytesOf({ elements }: Bigarray): Uint8Array {
  return new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength);
}

function indices(block: HeapBlock): Integer[] {
  const result: Integer[] = [];
  for (let i = 0; i < sizeOf(block); i++) result.push(fieldOf(block, i) as Integer);
  return result;
}

function read({ kind, elements }: Bigarray, at: number): Value {
  const value = elements[at] as number | bigint;
  switch (kindName(kind)) {
    case "float32":
    case "float64":
      return new Float(value as number);
    case "int32":
      return new Custom("_i", value);
    case "int64":
      return new Custom("_j", value);
    case "nativeint":
      return new Custom("_n", value);
    case "int":
      return toInteger(value as bigint);
    case "complex32":
    case "complex64":
      return Float64Array.of(elements[2 * at] as number, elements[2 * at + 1] as number);
    default:
      return value;
  }
}

/** What an element is in `elements`. */
function unbox(kind: number, value: Value): number | bigint {
  if (value instanceof Float) return value.value;
  if (value instanceof Custom) return value.data as number | bigint;
  if (kindName(kind) === "int") return BigInt(value as Integer);
  return typeof value === "bigint" ? Number(BigInt.asIntN(32, value)) : (value as number);
}

function write({ kind, elements }: Bigarray, at: number, value: Value): void {
  if (value instanceof Float64Array) (elements as Float64Array).set(value, 2 * at);
  else elements[at] = unbox(kind, value) as never;
}

function fill(array: Bigarray, value: Value): Value {
  if (value instanceof Float64Array) for (let i = 0; i < array.elements.length; i += 2) (array.elements as Float64Array).set(value, i);
  else array.elements.fill(unbox(array.kind, value) as never);
  return 0;
}

function slice(array: Bigarray, dimensions: readonly number[], from: number): Custom {
  const width = entriesPerElement(array.kind);
  const elements = array.elements.subarray(from * width, (from + countOf(dimensions)) * width) as Elements;
  return boxOf({ ...array, dimensions, elements });
}

function making(runtime: Runtime): Primitives {
  function dimensionsOf(block: HeapBlock, who: string): number[] {
    if (sizeOf(block) > MOST_DIMENSIONS) runtime.raiseWith("Invalid_argument", `${who}: bad number of dimensions`);
    return indices(block).map((size) => (size < 0 ? runtime.raiseWith("Invalid_argument", `${who}: negative dimension`) : Number(size)));
  }
  return {
    caml_ba_create(kind: number, layout: number, block: HeapBlock) {
      const dimensions = dimensionsOf(block, "Bigarray.create");
      try {
        return boxOf({ kind, layout, dimensions, elements: createElements(kind, countOf(dimensions)) });
      } catch {
        return runtime.raise("Out_of_memory");
      }
    },
    caml_ba_reshape(box: Custom, block: HeapBlock) {
      const dimensions = dimensionsOf(block, "Bigarray.reshape");
      if (countOf(dimensions) !== countOf(arrayOf(box).dimensions))
        runtime.raiseWith("Invalid_argument", "Bigarray.reshape: size mismatch");
      return boxOf({ ...arrayOf(box), dimensions });
    },
    caml_ba_change_layout(box: Custom, layout: number) {
      const array = arrayOf(box);
      return layout === array.layout ? box : boxOf({ ...array, layout, dimensions: array.dimensions.toReversed() });
    },
    caml_ba_sub(box: Custom, first: Integer, length: Integer) {
      const array = arrayOf(box);
      const last = array.dimensions.length - 1;
      const changed = array.layout === 0 ? 0 : last;
      const from = Number(first) - array.layout;
      const size = array.dimensions[changed] ?? 0;
      if (from < 0 || length < 0 || from + Number(length) > size) runtime.raiseWith("Invalid_argument", "Bigarray.sub: bad sub-array");
      const step = countOf(array.dimensions.toSpliced(changed, 1));
      return slice(array, array.dimensions.with(changed, Number(length)), from * step);
    },
    caml_ba_blit(source: Custom, target: Custom) {
      const [from, to] = [arrayOf(source), arrayOf(target)];
      if (from.dimensions.length !== to.dimensions.length || from.dimensions.some((size, i) => size !== to.dimensions[i]))
        runtime.raiseWith("Invalid_argument", "Bigarray.blit: dimension mismatch");
      to.elements.set(from.elements as never);
      return 0;
    },
    caml_ba_fill: (box: Custom, value: Value) => fill(arrayOf(box), value),
  };
}

function asking(runtime: Runtime): Primitives {
  function dimension(box: Custom, n: Integer): Value {
    return arrayOf(box).dimensions[Number(n)] ?? runtime.raiseWith("Invalid_argument", "Bigarray.dim");
  }
  return {
    caml_ba_num_dims: (box: Custom) => arrayOf(box).dimensions.length,
    caml_ba_dim: dimension,
    caml_ba_dim_1: (box: Custom) => dimension(box, 0),
    caml_ba_dim_2: (box: Custom) => dimension(box, 1),
    caml_ba_dim_3: (box: Custom) => dimension(box, 2),
    caml_ba_kind: (box: Custom) => arrayOf(box).kind,
    caml_ba_layout: (box: Custom) => arrayOf(box).layout,
  };
}

function elements(runtime: Runtime): Primitives {
  const outside = (): never => runtime.raiseWith("Invalid_argument", "index out of bounds");
  function offset({ dimensions, layout }: Bigarray, index: readonly Integer[]): number {
    let result = 0;
    for (let k = 0; k < dimensions.length; k++) {
      const i = layout === 0 ? k : dimensions.length - 1 - k;
      const at = Number(index[i]) - layout;
      const size = dimensions[i] as number;
      if (at < 0 || at >= size) outside();
      result = result * size + at;
    }
    return result;
  }
  function get(box: Custom, ...index: Integer[]): Value {
    const array = arrayOf(box);
    if (index.length !== array.dimensions.length) runtime.raiseWith("Invalid_argument", "Bigarray.get: wrong number of indices");
    return read(array, offset(array, index));
  }
  function set(box: Custom, index: readonly Integer[], value: Value): Value {
    const array = arrayOf(box);
    if (index.length !== array.dimensions.length) runtime.raiseWith("Invalid_argument", "Bigarray.set: wrong number of indices");
    write(array, offset(array, index), value);
    return 0;
  }
  /** Where `width` bytes lie within an array of bytes; the index counts from 0, whatever the layout. */
  function place(box: Custom, index: Integer, width: number): number {
    const size = arrayOf(box).dimensions[0] as number;
    return index >= 0 && index <= size - width ? (index as number) : outside();
  }
  return {
    caml_ba_get_1: get,
    caml_ba_get_2: get,
    caml_ba_get_3: get,
    caml_ba_get_generic: (box: Custom, index: HeapBlock) => get(box, ...indices(index)),
    caml_ba_set_1: (box: Custom, i: Integer, value: Value) => set(box, [i], value),
    caml_ba_set_2: (box: Custom, i: Integer, j: Integer, value: Value) => set(box, [i, j], value),
    caml_ba_set_3: (box: Custom, i: Integer, j: Integer, k: Integer, value: Value) => set(box, [i, j, k], value),
    caml_ba_set_generic: (box: Custom, index: HeapBlock, value: Value) => set(box, indices(index), value),
    caml_ba_slice(box: Custom, block: HeapBlock) {
      const array = arrayOf(box);
      const { dimensions, layout } = array;
      const given = indices(block);
      const free = dimensions.length - given.length;
      if (free < 0) runtime.raiseWith("Invalid_argument", "Bigarray.slice: too many indices");
      const rest: Integer[] = new Array(free).fill(layout);
      const from = offset(array, layout === 0 ? [...given, ...rest] : [...rest, ...given]);
      return slice(array, layout === 0 ? dimensions.slice(given.length) : dimensions.slice(0, free), from);
    },
    caml_ba_uint8_get16(box: Custom, index: Integer) {
      const at = place(box, index, 2);
      const bytes = bytesOf(arrayOf(box));
      return (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
    },
    caml_ba_uint8_get32: (box: Custom, index: Integer) => new Custom("_i", get32(bytesOf(arrayOf(box)), place(box, index, 4))),
    caml_ba_uint8_get64: (box: Custom, index: Integer) => new Custom("_j", get64(bytesOf(arrayOf(box)), place(box, index, 8))),
    caml_ba_uint8_set16(box: Custom, index: Integer, value: number) {
      bytesOf(arrayOf(box)).set([value, value >> 8], place(box, index, 2));
      return 0;
    },
    caml_ba_uint8_set32(box: Custom, index: Integer, value: Custom) {
      set32(bytesOf(arrayOf(box)), place(box, index, 4), value.data as number);
      return 0;
    },
    caml_ba_uint8_set64(box: Custom, index: Integer, value: Custom) {
      set64(bytesOf(arrayOf(box)), place(box, index, 8), value.data as bigint);
      return 0;
    },
  };
}

export function bigarrays(runtime: Runtime): Primitives {
  return { ...making(runtime), ...asking(runtime), ...elements(runtime) };
}
