// FLOATING: numbers from and to text.

import { ForthException } from "../../../exceptions.ts";
import type { Forth } from "../../../forth.ts";
import type { Machine } from "../../../machine/machine.ts";
import type { OptionalWord } from "../../../optional-words.ts";
import { digitsOf, inField, nameOf, plain, scientific, toFloat } from "./numbers.ts";

/** A number as text, and where a name stands instead of digits, that name. */
function show(x: number, digits: (x: number) => string): string {
  return nameOf(x) ?? digits(x);
}
const inBase = (forth: Forth, n: number): string =>
  n.toString(Math.max(2, Math.min(36, forth.machine.memory.fetch(forth.at.base)))).toUpperCase();

/** PRECISION is a value of the prelude. */
function precisionOf(forth: Forth): number {
  const { machine, dictionary } = forth;
  const word = dictionary.byName("precision");
  return Math.max(0, word === undefined ? 0 : machine.memory.fetch(machine.arg[word.xt]));
}

const WIDEST_FIELD = 4096;

/** F.RDP's text: takes width, digits after the point and significant digits, and the number. @throws ForthException -24 for no such width */
function popInField(m: Machine): string {
  const [significant, places, width] = [m.pop(), m.pop(), m.pop()];
  if (width < 0 || width > WIDEST_FIELD) throw new ForthException(-24, `a field of ${width} characters, expected 0 to ${WIDEST_FIELD}`);
  return inField(m.floats.pop(), width, Math.max(0, places), significant);
}

// what programs may redirect runs colon code then, so all that shows something ends its block
const ends = { ends: true } as const;

export const floatTexts: readonly OptionalWord<Forth>[] = [
  [
    "represent",
    "a u -- n f f",
    (m) => {
      const count = Math.max(0, m.pop());
      const address = m.pop();
      const x = m.floats.pop();
      if (count > 0) m.memory.check(address, count);
      const name = nameOf(x);
      if (name !== undefined) {
        m.memory.setText(address, name.padEnd(count).slice(0, count));
        for (const cell of [0, 0, 0]) m.push(cell);
        return;
      }
      const { digits, exponent, negative } = digitsOf(x, count);
      m.memory.setText(address, digits);
      m.push(exponent);
      m.push(negative ? -1 : 0);
      m.push(-1);
    },
    { body: "represent" },
  ],
  [
    ">float",
    "a u -- f",
    (m) => {
      const x = toFloat(m.popText());
      if (x !== undefined) m.floats.push(x);
      m.push(x === undefined ? 0 : -1);
    },
    { body: "to_float" },
  ],
  ["f.", "--", (m, forth) => forth.type(show(m.floats.pop(), (x) => plain(x, precisionOf(forth)))), ends],
  ["fs.", "--", (m, forth) => forth.type(show(m.floats.pop(), (x) => scientific(x, precisionOf(forth), 1, (n) => inBase(forth, n)))), ends],
  ["fe.", "--", (m, forth) => forth.type(show(m.floats.pop(), (x) => scientific(x, precisionOf(forth), 3, (n) => inBase(forth, n)))), ends],
  [
    "f.rdp",
    "n n n --",
    (m, forth) => {
      forth.type(popInField(m));
    },
    ends,
  ],
  [
    "f>str-rdp",
    "n n n -- a u",
    (m, forth) => {
      const text = popInField(m);
      m.push(forth.transient(text));
      m.push(text.length);
    },
  ],
  [
    "f>buf-rdp",
    "a n n n --",
    (m) => {
      const text = popInField(m);
      m.memory.setText(m.pop(), text);
    },
  ],
  [
    "f.s",
    "--",
    (m, forth) => {
      const { floats } = m;
      const shown = Array.from({ length: floats.depth }, (_, i) => `${inField(floats.peek(floats.depth - 1 - i), 16, 5, 11)} `);
      forth.type(`<${floats.depth}> ${shown.join("")}`);
    },
    ends,
  ],
];
