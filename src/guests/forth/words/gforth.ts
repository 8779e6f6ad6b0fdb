// Host words of Gforth that large programs use and no word set of the standard has.

import { hasBody } from "../bodies.ts";
import { ForthException } from "../exceptions.ts";
import type { Forth } from "../forth.ts";
import { cellsOfNumber, readNumber } from "../numbers.ts";

export function defineGforth(forth: Forth): void {
  const { machine: m, compiler, dictionary, input } = forth;
  const word = forth.word.bind(forth);
  const pushText = (text: string): void => {
    m.push(forth.transient(text));
    m.push(text.length);
  };

  // names
  word("noname", "--", () => forth.nameNext(undefined));
  word("nextname", "a u --", () => forth.nameNext(m.popText()));
  for (const name of ["compile-only", "restrict"]) {
    word(name, "--", () => {
      if (dictionary.latest !== undefined) dictionary.latest.compileOnly = true;
    });
  }
  compiler.create("warnings", "(dovar)", forth.dp);
  forth.comma(-1);
  word("sourcefilename", "-- a u", () => {
    forth.files.surroundings?.located();
    pushText(input.current.name);
  });
  word("sourceline#", "-- u", () => m.push(input.current.line));

  // variables that hold the newest word, and ways between a word's tokens and addresses
  const variable = (name: string, value: () => number): void =>
    word(name, "-- a", () => {
      m.memory.store(forth.at.latest, value());
      m.push(forth.at.latest);
    });
  variable("last", () => dictionary.latest?.nt ?? 0);
  variable("lastcfa", () => compiler.latestXt);
  word("body>", "a -- xt", () => {
    const address = m.pop();
    const found = dictionary.words.findLast(({ xt }) => m.arg[xt] === address && hasBody(m, xt));
    if (found === undefined) throw new ForthException(-31);
    m.push(found.xt);
  });

  // numbers in strings
  word(
    "snumber?",
    "a u --",
    () => {
      const number = readNumber(m.popText(), m.memory.fetch(forth.at.base), m.cell.bits);
      if (number === undefined) m.push(0);
      else {
        for (const x of cellsOfNumber(number, m.cell)) m.push(x);
        m.push(number.double ? 1 : -1);
      }
    },
    { ends: true },
  );
  const pushNumber = (text: string): boolean => {
    const number = readNumber(text, m.memory.fetch(forth.at.base), m.cell.bits);
    m.pushDouble(number?.value ?? 0n);
    return number !== undefined;
  };
  word("s>number?", "a u -- d d f", () => m.push(pushNumber(m.popText()) ? -1 : 0));
  word("s>number", "a u -- d d", () => void pushNumber(m.popText()));

  // memory: 16 bits, and 32 where these are no cell
  const part = (name: string, bytes: number, read: (view: DataView, at: number) => number): void =>
    word(name, "a -- x", () => {
      const at = m.pop();
      m.memory.check(at, bytes);
      m.push(read(m.memory.view, at));
    });
  const storePart = (name: string, bytes: number, write: (view: DataView, at: number, x: number) => void): void =>
    word(name, "x a --", () => {
      const at = m.pop();
      m.memory.check(at, bytes);
      write(m.memory.view, at, Number(BigInt.asIntN(32, BigInt(m.popCell()))));
    });
  part("uw@", 2, (view, at) => view.getUint16(at, true));
  part("sw@", 2, (view, at) => view.getInt16(at, true));
  storePart("w!", 2, (view, at, x) => view.setInt16(at, x, true));
  if (m.cell.bits === 64) {
    part("ul@", 4, (view, at) => view.getUint32(at, true));
    part("sl@", 4, (view, at) => view.getInt32(at, true));
    storePart("l!", 4, (view, at, x) => view.setInt32(at, x, true));
  }

  // the command line and the environment: a run is the same everywhere, so there is nothing
  word("getenv", "a u -- a u", () => {
    m.popText();
    m.push(0);
    m.push(0);
  });
  word("arg", "n -- a u", () => {
    if (m.pop() === 0) pushText("bplab");
    else {
      m.push(0);
      m.push(0);
    }
  });
  word("next-arg", "-- a u", () => {
    m.push(0);
    m.push(0);
  });
  word("shift-args", "--", () => {});
  compiler.create("argc", "(dovar)", forth.dp);
  forth.comma(1);

  word(
    "base-execute",
    "xt u --",
    () => {
      const base = m.memory.fetch(forth.at.base);
      m.memory.store(forth.at.base, m.pop());
      try {
        forth.interpreter.execute(m.pop());
      } finally {
        m.memory.store(forth.at.base, base);
      }
    },
    { ends: true },
  );
}
