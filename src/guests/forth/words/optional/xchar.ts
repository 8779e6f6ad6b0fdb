// XCHAR and XCHAR EXT of Forth 2012: characters of several bytes, UTF-8.
import type { Forth } from "../../forth.ts";
import type { Machine } from "../../machine/machine.ts";
import type { OptionalWord, WordSet } from "../../optional-words.ts";
import { columnsOf, decode, encode, isContinuation, lengthOf } from "../../utf8.ts";

const at = (m: Machine, address: number): ReturnType<typeof decode> => decode((i) => m.memory.byte(address + i));
function write(m: Machine, address: number, bytes: readonly number[]): void {
  m.memory.check(address, bytes.length);
  m.bytes.set(bytes, address);
}
/** Where the character before an address begins. */
function before(m: Machine, address: number): number {
  let start = address - 1;
  while (isContinuation(m.memory.byte(start))) start--;
  return start;
}
/** Bytes of a string without a character at its end that is not whole. */
function whole(m: Machine, address: number, length: number): number {
  if (length === 0) return 0;
  let last = length - 1;
  while (last > 0 && isContinuation(m.memory.byte(address + last))) last--;
  return last + lengthOf(m.memory.byte(address + last)) > length ? last : length;
}

const words: readonly OptionalWord<Forth>[] = [
  ["xc-size", "c -- u", (m) => m.push(encode(m.pop()).length)],
  [
    "x-size",
    "a u -- u",
    (m) => {
      const length = m.pop();
      const address = m.pop();
      m.push(length === 0 ? 0 : Math.min(length, lengthOf(m.memory.byte(address))));
    },
  ],
  [
    "xc@+",
    "a -- a c",
    (m) => {
      const address = m.pop();
      const { code, length } = at(m, address);
      m.push(address + length);
      m.push(code);
    },
  ],
  ["xc@", "a -- c", (m) => m.push(at(m, m.pop()).code)],
  [
    "xc!+",
    "c a -- a",
    (m) => {
      const address = m.pop();
      const bytes = encode(m.pop());
      write(m, address, bytes);
      m.push(address + bytes.length);
    },
  ],
  [
    "xc!+?",
    "c a u -- a u f",
    (m) => {
      const [room, address] = [m.popUnsigned(), m.pop()];
      const bytes = encode(m.pop());
      const fits = bytes.length <= room;
      if (fits) write(m, address, bytes);
      m.push(fits ? address + bytes.length : address);
      m.push(fits ? room - bytes.length : room);
      m.push(fits ? -1 : 0);
    },
  ],
  [
    "xc,",
    "c --",
    (m, forth) => {
      const bytes = encode(m.pop());
      forth.allot(bytes.length);
      write(m, forth.dp - bytes.length, bytes);
    },
  ],
  [
    "xchar+",
    "a -- a",
    (m) => {
      const address = m.pop();
      m.push(address + at(m, address).length);
    },
  ],
  ["xchar-", "a -- a", (m) => m.push(before(m, m.pop()))],
  [
    "+x/string",
    "a u -- a u",
    (m) => {
      const length = m.pop();
      const address = m.pop();
      const step = length <= 0 ? 0 : Math.min(length, at(m, address).length);
      m.push(address + step);
      m.push(length - step);
    },
  ],
  [
    "x\\string-",
    "a u -- a u",
    (m) => {
      const length = m.pop();
      const address = m.pop();
      m.push(address);
      m.push(length <= 0 ? 0 : Math.max(0, before(m, address + length) - address));
    },
  ],
  [
    "-trailing-garbage",
    "a u -- a u",
    (m) => {
      const length = m.popUnsigned();
      const address = m.pop();
      m.push(address);
      m.push(whole(m, address, length));
    },
  ],
  ["xc-width", "c -- n", (m) => m.push(columnsOf(m.pop()))],
  [
    "x-width",
    "a u -- n",
    (m) => {
      const length = m.pop();
      const address = m.pop();
      let columns = 0;
      for (let done = 0; done < length; ) {
        const { code, length: bytes } = at(m, address + done);
        columns += columnsOf(code);
        done += bytes;
      }
      m.push(columns);
    },
  ],
  ["xemit", "c --", (m, forth) => forth.type(Buffer.from(encode(m.pop())).toString("latin1")), { ends: true }],
  [
    "xkey",
    "-- c",
    (m, forth) => {
      const bytes: number[] = [];
      const next = (i: number): number => {
        while (bytes.length <= i) bytes.push(forth.key());
        return bytes[i];
      };
      m.push(decode(next).code);
    },
  ],
  ["xkey?", "-- f", (m) => m.push(0)],
  ["ekey>xchar", "x -- c f", (m) => m.push(-1)],
  [
    "(xstring)",
    "c -- a u",
    (m, forth) => {
      const text = Buffer.from(encode(m.pop())).toString("latin1");
      m.push(forth.transient(text));
      m.push(text.length);
    },
  ],
];

export const xchar: WordSet<Forth> = {
  words,
  prelude: `
: xhold ( c -- ) (xstring) holds ;
`,
};
