// Big arrays as marshalling writes them.
import { Custom } from "../value.ts";
import { type Bigarray, countOf, createElements, entriesPerElement, KIND_COUNT, kindName } from "./bigarray.ts";

const MOST_DIMENSIONS = 16;
/** What stands for a dimension that needs 64 bits. */
const LARGE = 0xffff;
const FORTRAN = 0x100;

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
  const words = ["int", "nativeint"].includes(kindName(kind));
  const short = words && view.getUint8(take(1)) === 0;
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
