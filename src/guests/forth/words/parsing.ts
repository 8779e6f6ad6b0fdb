// CORE: parsing the input, and leaving it.
import { ForthException } from "../exceptions.ts";
import type { Forth } from "../forth.ts";
import { WORD_BUFFER } from "../memory-map.ts";
import { firstCharacter } from "../utf8.ts";

const I = { immediate: true } as const;

export function defineParsing(forth: Forth): void {
  const { machine: m, compiler, input } = forth;
  const word = forth.word.bind(forth);
  word("source", "-- a u", () => {
    m.push(input.current.address);
    m.push(input.current.length);
  });
  word("source-id", "-- n", () => m.push(input.current.id));
  word("refill", "-- f", () => m.push(input.refill() ? -1 : 0));
  word("parse", "c -- a u", () => {
    const [address, length] = input.parse(m.pop() & 255);
    m.push(address);
    m.push(length);
  });
  word("parse-name", "-- a u", () => {
    const [address, length] = input.parseName();
    m.push(address);
    m.push(length);
  });
  word("word", "c -- a", () => {
    const delimiter = m.pop() & 255;
    input.skip(delimiter);
    const [address, length] = input.parse(delimiter);
    if (length > 255) throw new ForthException(-18);
    m.memory.setByte(WORD_BUFFER, length);
    m.memory.setText(WORD_BUFFER + 1, `${m.memory.text(address, length)} `);
    m.push(WORD_BUFFER);
  });
  word("char", "-- c", () => m.push(firstCharacter(forth.nextName())));
  forth.compileOnly("[char]", () => compiler.literal(firstCharacter(forth.nextName())));
  word(
    "\\",
    "--",
    () => {
      const { current } = input;
      if (current.kind === "block") input.position = Math.min((input.position + 63) & ~63, current.length);
      else input.position = current.length;
    },
    I,
  );
  word(
    "\\G",
    "--",
    () => {
      input.position = input.current.length;
    },
    I,
  );
  word(
    "#!",
    "--",
    () => {
      input.position = input.current.length;
    },
    I,
  );
  word(
    "(",
    "--",
    () => {
      for (;;) {
        const { current, position } = input;
        const [, length] = input.parse(41);
        const closed = position + length < current.length;
        if (closed || current.kind !== "file" || !input.refill()) return;
      }
    },
    I,
  );
  word("save-input", "-- x y z n", () => {
    const { current } = input;
    for (const x of [current.start, current.line, input.position, 3]) m.push(x);
  });
  word("restore-input", "x y z n -- f", () => {
    if (m.pop() !== 3) throw new ForthException(-12);
    const position = m.pop();
    const line = m.pop();
    m.push(input.restoreLine(m.pop(), line, position) ? 0 : -1);
  });
  word(
    "evaluate",
    "a u --",
    () => {
      const length = m.pop();
      forth.interpreter.evaluate(m.pop(), length);
    },
    { ends: true },
  );
  word("quit", "--", () => {
    throw new ForthException(-56);
  });
  word("abort", "--", () => {
    throw new ForthException(-1);
  });
  forth.compileOnly('abort"', () => {
    const text = forth.parseText('"');
    compiler.literal(forth.place(text));
    compiler.literal(text.length);
    compiler.emit('(abort")');
  });
}
