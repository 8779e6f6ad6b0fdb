// BLOCK: words over the block buffers.
import type { Forth } from "../forth.ts";

export function defineBlocks(forth: Forth): void {
  const { machine: m, blocks } = forth;
  const word = forth.word.bind(forth);
  word("block", "u -- a", () => m.push(blocks.read(m.pop())));
  word("buffer", "u -- a", () => m.push(blocks.buffer(m.pop())));
  word("update", "--", () => blocks.update());
  word("flush", "--", () => blocks.flush());
  word("save-buffers", "--", () => blocks.save());
  word("empty-buffers", "--", () => blocks.empty());
  const load = (number: number): void => forth.interpreter.evaluateBlock(number);
  word("load", "u --", () => load(m.pop()), { ends: true });
  word(
    "thru",
    "u u --",
    () => {
      const last = m.pop();
      for (let number = m.pop(); number <= last; number++) load(number);
    },
    { ends: true },
  );
  word("list", "u --", () => {
    const number = m.pop();
    m.memory.store(forth.at.scr, number);
    const address = blocks.read(number);
    const rows = Array.from({ length: 16 }, (_, i) => `${String(i).padStart(2)} ${m.memory.text(address + i * 64, 64).trimEnd()}`);
    forth.type(`Block ${number}\n${rows.join("\n")}\n`);
  });
  const use = (path: string): void => {
    blocks.flush();
    blocks.path = path;
  };
  word("open-blocks", "a u --", () => {
    const length = m.pop();
    use(m.memory.text(m.pop(), length));
  });
  word("use", "--", () => use(forth.nextName()));
}
