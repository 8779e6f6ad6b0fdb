// DOUBLE and what it needs beyond the instructions.
import { ForthException } from "../exceptions.ts";
import type { Forth } from "../forth.ts";

export function defineDouble(forth: Forth): void {
  const { machine: m, compiler } = forth;
  const word = forth.word.bind(forth);
  word(
    "2literal",
    "x y --",
    () => {
      const high = m.popCell();
      compiler.literal(m.popCell());
      compiler.literal(high);
    },
    { immediate: true },
  );
  word("2variable", "--", () => {
    forth.align();
    compiler.create(forth.newName(), "(dovar)", forth.dp);
    forth.comma(0);
    forth.comma(0);
  });
  word("2,", "x y --", () => {
    forth.comma(m.popCell());
    forth.comma(m.popCell());
  });
  word("m*/", "d d n u -- d d", () => {
    const divisor = BigInt(m.popCell());
    const factor = BigInt(m.popCell());
    const product = m.popDouble() * factor;
    if (divisor === 0n) throw new ForthException(-10);
    let quotient = product / divisor;
    if (product % divisor !== 0n && product < 0n !== divisor < 0n) quotient -= 1n;
    m.pushDouble(quotient);
  });
}
