// Host words of Gforth that large programs use and no word set of the standard has.

import { hasBody } from "../bodies.ts";
import { ForthException } from "../exceptions.ts";
import type { Forth } from "../forth.ts";
import { CELL } from "../memory-map.ts";
import { readNumber } from "../numbers.ts";

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
      m.memory.store(CELL.latest, value());
      m.push(CELL.latest);
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
      const number = readNumber(m.popText(), m.memory.fetch(CELL.base));
      if (number === undefined) m.push(0);
      else {
        m.push(number.low);
        if (number.double) m.push(number.high);
        m.push(number.double ? 1 : -1);
      }
    },
    { ends: true },
  );
  const pushNumber = (text: string): boolean => {
    const number = readNumber(text, m.memory.fetch(CELL.base));
    m.push(number?.low ?? 0);
    m.push(number?.high ?? 0);
    return number !== undefined;
  };
  word("s>number?", "a u -- d d f", () => m.push(pushNumber(m.popText()) ? -1 : 0));
  word("s>number", "a u -- d d", () => void pushNumber(m.popText()));

  // memory: 16 and 32 bits
  for (const [name, read] of Object.entries({
    "uw@": (at: number) => m.memory.view.getUint16(at, true),
    "sw@": (at: number) => m.memory.view.getInt16(at, true),
  })) {
    word(name, "a -- x", () => {
      const at = m.pop();
      m.memory.check(at, 2);
      m.push(read(at));
    });
  }
  word("w!", "x a --", () => {
    const at = m.pop();
    m.memory.check(at, 2);
    m.memory.view.setInt16(at, m.pop(), true);
  });

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
      const base = m.memory.fetch(CELL.base);
      m.memory.store(CELL.base, m.pop());
      try {
        forth.interpreter.execute(m.pop());
      } finally {
        m.memory.store(CELL.base, base);
      }
    },
    { ends: true },
  );
}
