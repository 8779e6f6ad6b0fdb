// Characters beyond ASCII in Forth's memory: UTF-8.
import { ForthException } from "./exceptions.ts";

/** Bytes of a character whose first byte this is; 1 for what begins none. */
export const lengthOf = (first: number): number => (first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 1);

export const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/**
 * The character whose bytes `byte` gives, from 0 on, and how many they are.
 * @throws ForthException -77 where they are no character
 */
export function decode(byte: (index: number) => number): { readonly code: number; readonly length: number } {
  const first = byte(0);
  if (first < 0x80) return { code: first, length: 1 };
  const length = lengthOf(first);
  if (length === 1) throw new ForthException(-77, `malformed character: no UTF-8 begins with byte ${first}`);
  let code = first & (0x7f >> length);
  for (let i = 1; i < length; i++) {
    const next = byte(i);
    if (!isContinuation(next)) throw new ForthException(-77, `malformed character: byte ${next} continues no UTF-8`);
    code = (code << 6) | (next & 0x3f);
  }
  return { code, length };
}

/** The first character of a name given as bytes, one a character; a byte that begins none is itself. */
export function firstCharacter(name: string): number {
  try {
    return decode((i) => (i < name.length ? name.charCodeAt(i) : 0)).code;
  } catch {
    return name.charCodeAt(0);
  }
}

/** The bytes of a character. @throws ForthException -77 beyond Unicode */
export function encode(code: number): readonly number[] {
  if (code < 0 || code > 0x10_ffff) throw new ForthException(-77, `malformed character: ${code} is beyond Unicode`);
  if (code < 0x80) return [code];
  const rest: number[] = [];
  let left = code;
  for (; left >= (rest.length === 0 ? 0x40 : 0x40 >> rest.length); left >>= 6) rest.unshift(0x80 | (left & 0x3f));
  const length = rest.length + 1;
  return [((0xff00 >> length) & 0xff) | left, ...rest];
}

const NO_WIDTH: readonly (readonly [from: number, to: number])[] = [
  [0x300, 0x36f],
  [0x483, 0x489],
  [0x591, 0x5bd],
  [0x610, 0x61a],
  [0x64b, 0x65f],
  [0x200b, 0x200f],
  [0x20d0, 0x20f0],
  [0xfe00, 0xfe0f],
  [0xfe20, 0xfe2f],
];
const TWO_WIDE: readonly (readonly [from: number, to: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];

/** Columns of a terminal that a character takes: 0 for marks on others, 2 for those of East Asia, by their blocks in Unicode. */
export function columnsOf(code: number): number {
  const within = (ranges: typeof NO_WIDTH): boolean => ranges.some(([from, to]) => code >= from && code <= to);
  return within(NO_WIDTH) ? 0 : within(TWO_WIDE) ? 2 : 1;
}
