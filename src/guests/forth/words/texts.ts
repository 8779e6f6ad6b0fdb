// CORE: texts in the program, S" and its kin.
import type { Forth } from "../forth.ts";

const I = { immediate: true } as const;

export function defineTexts(forth: Forth): void {
  const { machine: m, compiler, dictionary } = forth;
  const word = forth.word.bind(forth);
  const stringLiteral = (text: string): void => {
    if (forth.compiling) {
      compiler.literal(forth.place(text));
      compiler.literal(text.length);
    } else {
      m.push(forth.transient(text));
      m.push(text.length);
    }
  };
  word('s"', "--", () => stringLiteral(forth.parseText('"')), { immediate: true, ends: true });
  word('s\\"', "--", () => stringLiteral(forth.parseEscaped()), { immediate: true, ends: true });
  word("sliteral", "a u --", () => stringLiteral(m.popText()), I);
  word(
    'c"',
    "--",
    () => {
      const text = forth.parseText('"');
      const counted = String.fromCharCode(text.length & 255) + text;
      if (forth.compiling) compiler.literal(forth.place(counted));
      else m.push(forth.transient(counted));
    },
    { immediate: true, ends: true },
  );
  const typeLiteral = (text: string): void => {
    if (!forth.compiling) forth.type(text);
    else {
      compiler.literal(forth.place(text));
      compiler.literal(text.length);
      compiler.emit("type");
    }
  };
  word('."', "--", () => typeLiteral(forth.parseText('"')), I);
  word('.\\"', "--", () => typeLiteral(forth.parseEscaped()), I);
  word(".(", "--", () => forth.type(forth.parseText(")")), I);
  word("find", "a -- a n", () => {
    const address = m.pop();
    const found = dictionary.find(m.memory.text(address + 1, m.memory.byte(address)));
    m.push(found === undefined ? address : found.xt);
    m.push(found === undefined ? 0 : found.immediate ? 1 : -1);
  });
}
