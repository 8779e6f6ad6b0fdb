// CORE EXT: deferred words and values, and what stores into them.
import { ForthException } from "../exceptions.ts";
import type { Forth } from "../forth.ts";
import type { Cell } from "../machine/cells.ts";

export function defineValues(forth: Forth): void {
  const { machine: m, compiler, dictionary } = forth;
  const word = forth.word.bind(forth);
  word("defer!", "xt1 xt2 --", () => {
    const address = deferCell(m.pop());
    m.memory.store(address, m.popCell());
  });
  word("defer@", "xt -- xt2", () => m.push(m.memory.fetch(deferCell(m.pop()))));
  /** Where a deferred word keeps its action. */
  const deferCell = (xt: number): number => {
    const cell = forth.hooks.cellOf(xt);
    if (cell !== undefined) return cell;
    // a DOES> word that performs its first cell is a deferred word of the program's own, as in Gforth
    const kind = m.tokens[xt] === 1 ? m.shapes[m.op[xt]].name : "";
    if (kind !== "(dodefer)" && kind !== "(dodoes)") throw new ForthException(-32, "not a deferred word");
    return m.arg[xt];
  };
  const deferred = (): number => deferCell(forth.tick().xt);
  word(
    "is",
    "--",
    () => {
      const address = deferred();
      if (forth.compiling) {
        compiler.literal(address);
        compiler.emit("!");
      } else m.memory.store(address, m.popCell());
    },
    { immediate: true, ends: true },
  );
  word(
    "action-of",
    "--",
    () => {
      const address = deferred();
      if (forth.compiling) compiler.emit("lit@", address);
      else m.push(m.memory.fetch(address));
    },
    { immediate: true, ends: true },
  );
  const sum = (a: Cell, b: Cell): Cell => m.cell.of(BigInt(a) + BigInt(b));
  const storing = (word_: string, store: "!" | "+!"): void =>
    word(
      word_,
      "--",
      () => {
        const name = forth.nextName();
        if (forth.compiling && compiler.locals.store(name, store)) return;
        const found = dictionary.find(name);
        if (found === undefined) throw new ForthException(-13, `undefined word ${name}`);
        const kind = m.shapes[m.op[found.xt]].name;
        // values that are no cell are DOES> words
        const other = store === "!" && kind === "(dodoes)" ? forth.storesOfValues.get(m.arg[found.xt + 1]) : undefined;
        if (kind !== "(doval)" && !(kind === "(dodefer)" && store === "!") && other === undefined)
          throw new ForthException(-32, `${name} is not a value`);
        const address = m.arg[found.xt];
        if (forth.compiling) {
          compiler.literal(address);
          compiler.emit(other?.instruction ?? store);
        } else if (other !== undefined) other.store(address);
        else m.memory.store(address, store === "+!" ? sum(m.memory.fetchCell(address), m.popCell()) : m.popCell());
      },
      { immediate: true, ends: true },
    );
  storing("to", "!");
  storing("+to", "+!");
  let doubleFetchAt = 0;
  const doubleFetch = (): number => {
    if (doubleFetchAt === 0) {
      doubleFetchAt = m.here;
      compiler.emit("2@");
      compiler.emit(";s");
      forth.storesOfValues.set(doubleFetchAt, {
        instruction: "2!",
        store(address) {
          m.memory.store(address, m.popCell());
          m.memory.store(address + m.cell.bytes, m.popCell());
        },
      });
    }
    return doubleFetchAt;
  };
  word("2value", "x y --", () => {
    forth.align();
    compiler.create(forth.newName(), "(dovar)", forth.dp);
    compiler.attachDoes(doubleFetch());
    forth.comma(m.popCell());
    forth.comma(m.popCell());
  });
}
