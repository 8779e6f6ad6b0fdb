// Big arrays as marshalling writes them.
import { Custom } from "../value.ts";
import { type Bigarray, countOf, createElements, entriesPerElement, KIND_COUNT, kindName } from "./bigarray.ts";
import type { Writer } from "./writer.ts";

const MOST_DIMENSIONS = 16;
/** What stands for a dimension that needs 64 bits. */
const LARGE = 0xffff;
const FORTRAN = 0x100;

/**
 * Kinds whose elements are words: written in 32 bits if all are from -limit up to the limit. nativeint's never are, because
 * the runtime's C takes -0x80000000 for a positive number.
 */
const WORD_LIMITS: Readonly<Record<string, bigint>> = { int: 1n << 30n, nativeint: 0n };

export function writeBigarray(writer: Writer, { kind, layout, dimensions, elements }: Bigarray): void {
  writer.int32(dimensions.length);
  writer.int32(kind | (layout * FORTRAN));
  for (const size of dimensions) {
    writer.int16(Math.min(size, LARGE));
    if (size >= LARGE) writer.int64(BigInt(size));
  }
  const limit = WORD_LIMITS[kindName(kind)];
  if (limit === undefined) {
    writer.swapped(new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength), elements.BYTES_PER_ELEMENT);
    return;
  }
  const words = elements as BigInt64Array;
  const long = words.some((word) => word < -limit || word >= limit);
  writer.int8(long ? 1 : 0);
  for (const word of words) {
    if (long) writer.int64(word);
    else writer.int32(Number(word));
  }
}

/**
 * @param take says where so many bytes more begin, if there are
 * @returns undefined when it is none
 */
export function readBigarray(view: DataView, take: (count: number) => number): Custom | undefined {
  const rank = view.getUint32(take(4));
  const flags = view.getUint32(take(4));
  const kind = flags & 0xff;
  if (rank > MOST_DIMENSIONS || kind >= KIND_COUNT || (flags & ~FORTRAN) !== kind) return undefined;
  const dimensions: number[] = [];
  for (let i = 0; i < rank; i++) {
    const size = view.getUint16(take(2));
    dimensions.push(size === LARGE ? Number(view.getBigUint64(take(8))) : size);
  }
  const short = kindName(kind) in WORD_LIMITS && view.getUint8(take(1)) === 0;
  const count = countOf(dimensions);
  const width = short ? 4 : createElements(kind, 0).BYTES_PER_ELEMENT;
  // Before room is made for it: so many bytes must be there.
  const from = take(count * entriesPerElement(kind) * width);
  const elements = createElements(kind, count);
  if (short) for (let i = 0; i < count; i++) elements[i] = BigInt(view.getInt32(from + 4 * i)) as never;
  else {
    const bytes = new Uint8Array(elements.buffer);
    for (let i = 0; i < bytes.length; i++) bytes[i] = view.getUint8(from + i - (i % width) + (width - 1 - (i % width)));
  }
  const array: Bigarray = { kind, layout: flags === kind ? 0 : 1, dimensions, elements };
  return new Custom("_bigarr02", array);
}
