// FLOATING: numbers from and to text.

import type { Forth } from "../../../forth.ts";
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
      const [significant, places, width] = [m.pop(), m.pop(), m.pop()];
      forth.type(inField(m.floats.pop(), width, places, significant));
    },
    ends,
  ],
  [
    "f>str-rdp",
    "n n n -- a u",
    (m, forth) => {
      const [significant, places, width] = [m.pop(), m.pop(), m.pop()];
      const text = inField(m.floats.pop(), width, places, significant);
      m.push(forth.transient(text));
      m.push(text.length);
    },
  ],
  [
    "f>buf-rdp",
    "a n n n --",
    (m) => {
      const [significant, places, width, address] = [m.pop(), m.pop(), m.pop(), m.pop()];
      m.memory.setText(address, inField(m.floats.pop(), width, places, significant));
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
