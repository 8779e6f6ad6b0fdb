// Reads values in the format of OCaml's Marshal: a header, then the value in prefix order, each item after a code for its type.
// Items are numbered in order, and shared items are referred to by distance. Files may be damaged: a length is accepted only if enough
// bytes are left, and nothing here recurses.
import { floatOfBits } from "../float-bits.ts";
import {
  allocateHeapBlock,
  CLOSURE_TAG,
  Custom,
  EMPTY_ARRAY,
  FORWARD_TAG,
  fieldOf,
  type HeapBlock,
  INFIX_TAG,
  isInteger,
  makeHeapBlock,
  OBJECT_TAG,
  setField,
  tagOf,
  toInteger,
  type Value,
} from "../value.ts";

const SMALL_MAGIC = 0x8495a6be;
const BIG_MAGIC = 0x8495a6bf;
const SMALL_HEADER = 20;
const BIG_HEADER = 32;

export interface MarshalHeader {
  readonly headerBytes: number;
  readonly dataBytes: number;
}

export interface UnmarshalOptions {
  /** Throws the error for invalid bytes, with the reason. */
  readonly fail: (why: string) => never;
  /** Objects that are read get a number of their own; those of exceptions that the runtime raises have negative ones. */
  readonly freshId?: () => number;
  /** Reads custom blocks of kinds that are not known here; `take` says where so many bytes more begin. */
  readonly readCustom?: (kind: string, view: DataView, take: (count: number) => number) => Custom | undefined;
}

/** Reads a header. @param bytes at least 20, and 32 where they are there */
export function readHeader(bytes: Uint8Array, fail: (why: string) => never): MarshalHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < SMALL_HEADER) fail(`${bytes.length} bytes, expected a header of ${SMALL_HEADER}`);
  const magic = view.getUint32(0);
  if (magic === SMALL_MAGIC) return { headerBytes: SMALL_HEADER, dataBytes: view.getUint32(4) };
  if (magic !== BIG_MAGIC) return fail(`it begins with ${magic.toString(16)}, expected ${SMALL_MAGIC.toString(16)}`);
  if (bytes.length < BIG_HEADER) fail(`${bytes.length} bytes, expected a header of ${BIG_HEADER}`);
  return { headerBytes: BIG_HEADER, dataBytes: Number(view.getBigUint64(8)) };
}

/** A block some of whose fields are still to be read. */
interface Unfinished {
  readonly block: HeapBlock;
  readonly size: number;
  next: number;
}

/** Reads one value, header included, from the beginning of `bytes`. */
export function unmarshal(bytes: Uint8Array, { fail, freshId, readCustom }: UnmarshalOptions): Value {
  const { headerBytes, dataBytes } = readHeader(bytes, fail);
  const end = headerBytes + dataBytes;
  if (end > bytes.length) fail(`${bytes.length} bytes, expected ${end}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, end);
  let at = headerBytes;
  const known: Value[] = [];
  const open: Unfinished[] = [];
  /** Fields that are still to be read, of all blocks. */
  let owed = 0;

  /** Takes bytes; returns their start. */
  function take(count: number): number {
    if (!(count <= end - at)) fail(`${count} bytes more at ${at}, ${end - at} are left`);
    at += count;
    return at - count;
  }
  const uint64 = (): number => Number(view.getBigUint64(take(8)));
  function remember<T extends Value>(value: T): T {
    known.push(value);
    return value;
  }
  const text = (length: number): Uint8Array => remember(new Uint8Array(bytes.subarray(take(length), at)));
  function floats(count: number, littleEndian: boolean): Float64Array {
    const from = take(count * 8);
    // as integers, so that NaNs are unchanged
    const bits = BigUint64Array.from({ length: count }, (_, i) => view.getBigUint64(from + 8 * i, littleEndian));
    return remember(new Float64Array(bits.buffer));
  }
  function block(tag: number, size: number): Value {
    if (size === 0) return tag === 0 ? EMPTY_ARRAY : makeHeapBlock(tag);
    if (tag > FORWARD_TAG || tag === CLOSURE_TAG || tag === INFIX_TAG) fail(`a block with tag ${tag} at ${at}`);
    // every field takes a byte at least
    if (size > end - at - owed) fail(`a block of ${size} fields at ${at}, ${end - at - owed} bytes are left for it`);
    owed += size;
    const made = remember(allocateHeapBlock(tag, size, 0));
    open.push({ block: made, size, next: 0 });
    return made;
  }
  function shared(distance: number): Value {
    const index = known.length - distance;
    if (!(distance > 0 && index >= 0)) fail(`a reference ${distance} items back at ${at}, there are ${known.length}`);
    return known[index];
  }
  function custom(sized: boolean): Value {
    const from = at;
    while (bytes[take(1)] !== 0) if (at - from > 255) fail(`no end of a custom block's name at ${from}`);
    const kind = Buffer.from(bytes.subarray(from, at - 1)).toString("latin1");
    if (sized) take(12);
    if (kind === "_i") return remember(new Custom(kind, view.getInt32(take(4))));
    if (kind === "_j") return remember(new Custom(kind, view.getBigInt64(take(8))));
    if (kind !== "_n") return remember(readCustom?.(kind, view, take) ?? fail(`a custom block of an unknown kind at ${from}`));
    const width = view.getUint8(take(1));
    if (width !== 1 && width !== 2) fail(`a native integer of width ${width} at ${from}`);
    return remember(new Custom(kind, width === 1 ? BigInt(view.getInt32(take(4))) : view.getBigInt64(take(8))));
  }

  function item(): Value {
    const code = view.getUint8(take(1));
    if (code >= 0x80) return block(code & 15, (code >> 4) & 7);
    if (code >= 0x40) return code & 0x3f;
    if (code >= 0x20) return text(code & 0x1f);
    switch (code) {
      case 0x00:
        return view.getInt8(take(1));
      case 0x01:
        return view.getInt16(take(2));
      case 0x02:
        return view.getInt32(take(4));
      case 0x03:
        return toInteger(view.getBigInt64(take(8)));
      case 0x04:
        return shared(view.getUint8(take(1)));
      case 0x05:
        return shared(view.getUint16(take(2)));
      case 0x06:
        return shared(view.getUint32(take(4)));
      case 0x14:
        return shared(uint64());
      case 0x08: {
        const header = view.getUint32(take(4));
        return block(header & 255, header >>> 10);
      }
      case 0x13: {
        const header = view.getBigUint64(take(8));
        return block(Number(header & 255n), Number(header >> 10n));
      }
      case 0x09:
        return text(view.getUint8(take(1)));
      case 0x0a:
        return text(view.getUint32(take(4)));
      case 0x15:
        return text(uint64());
      case 0x0b:
      case 0x0c:
        return remember(floatOfBits(view.getBigUint64(take(8), code === 0x0c)));
      case 0x0d:
      case 0x0e:
        return floats(view.getUint8(take(1)), code === 0x0e);
      case 0x0f:
      case 0x07:
        return floats(view.getUint32(take(4)), code === 0x07);
      case 0x16:
      case 0x17:
        return floats(uint64(), code === 0x17);
      case 0x10:
      case 0x11:
        return fail(`a code pointer at ${at}: functions of other programs cannot be read`);
      case 0x12:
      case 0x18:
      case 0x19:
        return custom(code === 0x18);
      default:
        return fail(`an item of kind ${code} at ${at}`);
    }
  }

  const root = item();
  while (open.length > 0) {
    const last = open[open.length - 1];
    if (last.next < last.size) {
      owed--;
      setField(last.block, last.next++, item());
    } else {
      open.pop();
      // an object that comes in is none of those that are there
      if (freshId === undefined || tagOf(last.block) !== OBJECT_TAG || last.size < 2) continue;
      const id = fieldOf(last.block, 1);
      if (isInteger(id) && id >= 0) setField(last.block, 1, freshId());
    }
  }
  return root;
}
