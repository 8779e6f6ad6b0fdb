// CORE: data space, the system's variables, and what reaches into the whole stack.
import { ForthException } from "../exceptions.ts";
import type { Forth } from "../forth.ts";
import { PAD } from "../memory-map.ts";

export function defineDataSpace(forth: Forth): void {
  const { machine: m, compiler } = forth;
  const word = forth.word.bind(forth);
  word("here", "-- a", () => m.push(forth.dp));
  word("allot", "n --", () => forth.allot(m.pop()));
  word(",", "x --", () => forth.comma(m.popCell()));
  word("c,", "c --", () => {
    forth.allot(1);
    m.memory.setByte(forth.dp - 1, m.pop());
  });
  word("align", "--", () => forth.align());
  word("unused", "-- u", () => m.push(m.dictionaryEnd - forth.dp));
  word("pad", "-- a", () => m.push(PAD));
  for (const [name, address] of Object.entries({
    state: forth.at.state,
    base: forth.at.base,
    ">in": forth.at.in,
    blk: forth.at.blk,
    scr: forth.at.scr,
    span: forth.at.span,
    current: forth.at.current,
    dp: forth.at.dp,
  })) {
    compiler.create(name, "(docon)", address);
  }
  for (const [name, value] of Object.entries({ bl: 32, true: -1, false: 0, cell: m.cell.bytes, "c/l": 64 }))
    compiler.create(name, "(docon)", value);

  // the stack
  word(
    "roll",
    "u -- x",
    () => {
      const index = m.pop();
      if (index < 0 || index >= m.depth) throw new ForthException(-4, `stack underflow in "roll", needs ${index + 1}, has ${m.depth}`);
      const x = m.peek(index);
      for (let i = index; i > 0; i--) m.poke(i, m.peek(i - 1));
      m.poke(0, x);
    },
    { ends: true },
  );
  word("clearstack", "--", () => m.clearStack(), { ends: true });
}
