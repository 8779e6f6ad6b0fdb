// Showing characters and numbers: TYPE, EMIT, pictured numeric output, and reading keys and lines.
import { ForthException } from "../exceptions.ts";
import type { Forth } from "../forth.ts";
import type { Cell } from "../machine/cells.ts";
import type { HostWord } from "../machine/machine.ts";
import { HOLD_END } from "../memory-map.ts";
import { digitValue } from "../numbers.ts";

const HOLD_START = HOLD_END - 480;
const TWO_32 = 4294967296;

export function defineOutput(forth: Forth): void {
  const { machine: m } = forth;
  const word = forth.word.bind(forth);
  const base = (): number => {
    const value = m.memory.fetch(forth.at.base);
    if (value < 2 || value > 36) throw new ForthException(-24, `BASE is ${value}, must be 2 to 36`);
    return value;
  };
  const popUnsigned = (): number | bigint => {
    const x = m.popCell();
    return typeof x === "number" ? x >>> 0 : BigInt.asUintN(64, x);
  };
  const popUnsignedDouble = (): bigint => BigInt.asUintN(2 * m.cell.bits, m.popDouble());
  const typeRight = (text: string, width: number): void => {
    forth.spaces(width - text.length);
    forth.type(text);
  };
  const show = (value: number | bigint): string => value.toString(base()).toUpperCase();

  // what programs may redirect runs colon code then, so all that shows something ends its block
  const shows = (name: string, effect: string, run: HostWord): void => word(name, effect, run, { ends: true });
  forth.hook("type", "a u --", () => {
    const length = m.pop();
    const address = m.pop();
    if (length <= 0) return;
    m.memory.check(address, length);
    forth.write(m.bytes.subarray(address, address + length));
  });
  forth.hook("emit", "c --", () => forth.write(Uint8Array.of(m.pop())));
  shows("cr", "--", () => forth.type("\n"));
  shows("space", "--", () => forth.emit(32));
  shows("spaces", "n --", () => forth.spaces(m.pop()));
  shows("page", "--", () => forth.type("\x1b[2J\x1b[1;1H"));
  word("form", "-- n n", () => {
    m.push(24);
    m.push(80);
  });
  shows("at-xy", "x y --", () => {
    const row = m.pop();
    forth.type(`\x1b[${row + 1};${m.pop() + 1}H`);
  });

  shows(".", "n --", () => forth.type(`${show(m.popCell())} `));
  shows("dec.", "n --", () => forth.type(`${m.popCell()} `));
  shows("hex.", "n --", () => forth.type(`$${popUnsigned().toString(16).toUpperCase()} `));
  shows("u.", "u --", () => forth.type(`${show(popUnsigned())} `));
  shows(".r", "n n --", () => {
    const width = m.pop();
    typeRight(show(m.popCell()), width);
  });
  shows("u.r", "u n --", () => {
    const width = m.pop();
    typeRight(show(popUnsigned()), width);
  });
  shows("d.", "d d --", () => forth.type(`${show(m.popDouble())} `));
  shows("ud.", "d d --", () => forth.type(`${show(popUnsignedDouble())} `));
  shows("d.r", "d d n --", () => {
    const width = m.pop();
    typeRight(show(m.popDouble()), width);
  });
  shows("ud.r", "d d n --", () => {
    const width = m.pop();
    typeRight(show(popUnsignedDouble()), width);
  });

  // pictured numeric output grows down from HOLD_END
  let hold = HOLD_END;
  /** Where the number that is being made ends. */
  let start = HOLD_END;
  const outer: number[] = [];
  const put = (char: number): void => {
    if (hold <= HOLD_START) throw new ForthException(-17);
    m.bytes[--hold] = char;
  };
  const digit = (): void => {
    const radix = base();
    const [top, below] = [m.peek(0), m.peek(1)];
    let value: number;
    if (typeof top === "number" && typeof below === "number") {
      const high = top >>> 0;
      const rest = (high % radix) * TWO_32 + (below >>> 0);
      m.poke(0, Math.floor(high / radix));
      m.poke(1, Math.floor(rest / radix));
      value = rest % radix;
    } else {
      const all = popUnsignedDouble();
      m.pushDouble(all / BigInt(radix));
      value = Number(all % BigInt(radix));
    }
    put(value < 10 ? 48 + value : 55 + value);
  };
  const isZero = (x: Cell): boolean => x === 0 || x === 0n;
  word("<#", "--", () => {
    hold = HOLD_END;
    start = HOLD_END;
    outer.length = 0;
  });
  // Gforth's brackets for a number inside a number: the inner one goes below the outer
  word("<<#", "--", () => {
    if (outer.length > 255) throw new ForthException(-17);
    outer.push(hold);
    start = hold;
  });
  word("#>>", "--", () => {
    hold = outer.pop() ?? HOLD_END;
    start = HOLD_END;
  });
  word("#", "d d -- d d", digit);
  word("#s", "d d -- d d", () => {
    do digit();
    while (!(isZero(m.peek(0)) && isZero(m.peek(1))));
  });
  word("hold", "c --", () => put(m.pop()));
  word("holds", "a u --", () => {
    for (const char of Buffer.from(m.popText(), "latin1").reverse()) put(char);
  });
  word("sign", "n --", () => {
    if (m.pop() < 0) put(45);
  });
  word("#>", "d d -- a u", () => {
    m.poke(1, hold);
    m.poke(0, start - hold);
  });
  word(">number", "d d a u -- d d a u", () => {
    const radix = base();
    let length = m.popUnsigned();
    let address = m.pop();
    let value = popUnsignedDouble();
    for (; length > 0; length--, address++) {
      const d = digitValue(m.memory.byte(address));
      if (d < 0 || d >= radix) break;
      value = value * BigInt(radix) + BigInt(d);
    }
    m.pushDouble(value);
    m.push(address);
    m.push(length);
  });

  // input
  forth.hook("key", "-- c", () => m.push(forth.key()));
  word("ekey", "-- x", () => m.push(forth.key()));
  word("ekey>char", "x -- x f", () => m.push(-1));
  word("ekey>fkey", "x -- x f", () => m.push(0));
  forth.hook("key?", "-- f", () => m.push(0));
  word("ekey?", "-- f", () => m.push(0));
  word("emit?", "-- f", () => m.push(-1));
  word("accept", "a n -- n", () => {
    const limit = m.pop();
    const address = m.pop();
    const line = forth.acceptLine();
    const length = Math.min(line.length, Math.max(0, limit));
    if (length > 0) {
      m.memory.check(address, length);
      m.bytes.set(line.subarray(0, length), address);
    }
    m.push(length);
  });
}
