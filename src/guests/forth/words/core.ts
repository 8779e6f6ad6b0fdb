// CORE and CORE EXT, what is not an instruction: defining, compiling, parsing, control structures.
import { ForthException } from "../exceptions.ts";
import { CELL, type Forth, PAD, WORD_BUFFER } from "../forth.ts";
import { DICTIONARY_END } from "../machine/layout.ts";

/** The Gforth whose words and behaviour this system follows. */
const GFORTH_VERSION = "0.7.3";

const I = { immediate: true } as const;

export function defineCore(forth: Forth): void {
  const { machine: m, compiler, dictionary, input } = forth;
  const word = forth.word.bind(forth);
  const compileOnly = (name: string, run: () => void): void => {
    word(
      name,
      "--",
      () => {
        if (!forth.compiling) throw new ForthException(-14);
        run();
      },
      I,
    );
  };

  // data space
  word("here", "-- a", () => m.push(forth.dp));
  word("allot", "n --", () => forth.allot(m.pop()));
  word(",", "x --", () => forth.comma(m.pop()));
  word("c,", "c --", () => {
    forth.allot(1);
    m.setByte(forth.dp - 1, m.pop());
  });
  word("align", "--", () => forth.align());
  word("unused", "-- u", () => m.push(DICTIONARY_END - forth.dp));
  word("pad", "-- a", () => m.push(PAD));
  for (const [name, address] of Object.entries({
    state: CELL.state,
    base: CELL.base,
    ">in": CELL.in,
    blk: CELL.blk,
    scr: CELL.scr,
    span: CELL.span,
    current: CELL.current,
    dp: CELL.dp,
  })) {
    compiler.create(name, "(docon)", address);
  }
  for (const [name, value] of Object.entries({ bl: 32, true: -1, false: 0, cell: 4, "c/l": 64 })) compiler.create(name, "(docon)", value);

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

  // defining words
  word(":", "--", () => {
    compiler.begin(forth.newName());
    forth.compiling = true;
  });
  word(":noname", "-- xt", () => {
    m.push(compiler.begin());
    forth.compiling = true;
  });
  compileOnly(";", () => {
    compiler.end();
    forth.compiling = false;
  });
  // a quotation, in a definition or alone
  word(
    "[:",
    "--",
    () => {
      compiler.begin();
      forth.compiling = true;
    },
    I,
  );
  compileOnly(";]", () => {
    const xt = compiler.end();
    if (compiler.compiling) compiler.literal(xt);
    else {
      forth.compiling = false;
      m.push(xt);
    }
  });
  word("create", "--", () => {
    forth.align();
    compiler.create(forth.newName(), "(dovar)", forth.dp);
  });
  word("variable", "--", () => {
    forth.align();
    compiler.create(forth.newName(), "(dovar)", forth.dp);
    forth.comma(0);
  });
  word("constant", "x --", () => {
    const x = m.pop();
    compiler.create(forth.newName(), "(docon)", x);
  });
  word("value", "x --", () => {
    forth.align();
    const x = m.pop();
    compiler.create(forth.newName(), "(doval)", forth.dp);
    forth.comma(x);
  });
  word("defer", "--", () => {
    forth.align();
    compiler.create(forth.newName(), "(dodefer)", forth.dp);
    const nothing = dictionary.find("(undeferred)");
    forth.comma(nothing?.xt ?? 0);
  });
  word("(undeferred)", "--", () => {
    throw new ForthException(-13, "deferred word has no action yet");
  });
  word("buffer:", "u --", () => {
    forth.align();
    compiler.create(forth.newName(), "(dovar)", forth.dp);
    forth.allot(m.pop());
  });
  word("(does>)", "a --", () => compiler.attachDoes(m.pop()));
  word(
    "does>",
    "--",
    () => {
      if (forth.compiling) {
        compiler.does();
        return;
      }
      // outside a definition the code that follows belongs to the newest word at once
      const { latestXt } = compiler;
      const xt = compiler.begin();
      compiler.latestXt = latestXt;
      compiler.attachDoes(m.arg[xt]);
      forth.compiling = true;
    },
    I,
  );
  word("immediate", "--", () => {
    if (dictionary.latest !== undefined) dictionary.latest.immediate = true;
  });
  word(
    "recursive",
    "--",
    () => {
      if (dictionary.latest !== undefined) dictionary.latest.hidden = false;
    },
    I,
  );
  word("latestxt", "-- xt", () => m.push(compiler.latestXt));
  word("lastxt", "-- xt", () => m.push(compiler.latestXt));
  word(">body", "xt -- a", () => {
    const xt = m.pop();
    const kind = m.shapes[m.op[xt]]?.name;
    if (m.tokens[xt] !== 1 || !["(dovar)", "(dodoes)", "(doval)", "(dodefer)"].includes(kind)) throw new ForthException(-31);
    m.push(m.arg[xt]);
  });

  // compiling
  word(
    "[",
    "--",
    () => {
      forth.compiling = false;
    },
    I,
  );
  word("]", "--", () => {
    forth.compiling = true;
  });
  word("literal", "x --", () => compiler.literal(m.pop()), I);
  word("compile,", "xt --", () => compiler.compile(m.pop()));
  compileOnly("[']", () => compiler.literal(forth.tick().xt));
  word("'", "-- xt", () => m.push(forth.tick().xt));
  compileOnly("postpone", () => {
    compiler.postpone(forth.tick());
  });
  compileOnly("[compile]", () => compiler.compile(forth.tick().xt));
  compileOnly("recurse", () => compiler.recurse());
  compileOnly("exit", () => compiler.exit());

  // control structures
  compileOnly("if", () => compiler.forward("?branch"));
  compileOnly("ahead", () => compiler.forward("branch"));
  compileOnly("then", () => compiler.resolve());
  compileOnly("endif", () => compiler.resolve());
  compileOnly("else", () => compiler.else());
  compileOnly("begin", () => compiler.dest());
  compileOnly("again", () => compiler.back("branch"));
  compileOnly("until", () => compiler.back("?branch"));
  compileOnly("while", () => compiler.while());
  compileOnly("repeat", () => compiler.repeat());
  compileOnly("?dup-if", () => {
    compiler.emit("?dup");
    compiler.forward("?branch");
  });
  compileOnly("?dup-0=-if", () => {
    compiler.emit("?dup");
    compiler.emit("0=");
    compiler.forward("?branch");
  });
  for (const name of ["do", "?do", "+do", "u+do", "-do", "u-do", "for"]) compileOnly(name, () => compiler.loopStart(`(${name})`));
  for (const name of ["loop", "+loop", "-loop", "s+loop", "next"]) compileOnly(name, () => compiler.loopEnd(`(${name})`));
  compileOnly("leave", () => compiler.leave("branch"));
  compileOnly("?leave", () => compiler.leave("?branch"));
  compileOnly("case", () => compiler.case());
  compileOnly("of", () => compiler.of());
  compileOnly("endof", () => compiler.endof());
  compileOnly("endcase", () => compiler.endcase());
  compileOnly("?of", () => compiler.forward("?branch"));
  word("cs-pick", "u --", () => compiler.pick(m.pop()));
  word("cs-roll", "u --", () => compiler.roll(m.pop()));

  // deferred words and values
  word("defer!", "xt1 xt2 --", () => {
    const address = deferCell(m.pop());
    m.store(address, m.pop());
  });
  word("defer@", "xt -- xt2", () => m.push(m.fetch(deferCell(m.pop()))));
  /** Where a deferred word keeps its action. */
  const deferCell = (xt: number): number => {
    const cell = forth.hookCell(xt);
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
      } else m.store(address, m.pop());
    },
    { immediate: true, ends: true },
  );
  word(
    "action-of",
    "--",
    () => {
      const address = deferred();
      if (forth.compiling) compiler.emit("lit@", address);
      else m.push(m.fetch(address));
    },
    { immediate: true, ends: true },
  );
  const storing = (word_: string, store: "!" | "+!"): void =>
    word(
      word_,
      "--",
      () => {
        const name = forth.nextName();
        if (forth.compiling && compiler.localStore(name, store)) return;
        const found = dictionary.find(name);
        if (found === undefined) throw new ForthException(-13, `undefined word ${name}`);
        const kind = m.shapes[m.op[found.xt]].name;
        // a 2VALUE is a DOES> word that fetches two cells
        const double = store === "!" && kind === "(dodoes)" && m.arg[found.xt + 1] === doubleFetch();
        if (kind !== "(doval)" && !(kind === "(dodefer)" && store === "!") && !double)
          throw new ForthException(-32, `${name} is not a value`);
        const address = m.arg[found.xt];
        if (forth.compiling) {
          compiler.literal(address);
          compiler.emit(double ? "2!" : store);
        } else if (store === "+!") m.store(address, m.fetch(address) + m.pop());
        else {
          m.store(address, m.pop());
          if (double) m.store(address + 4, m.pop());
        }
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
    }
    return doubleFetchAt;
  };
  word("2value", "x y --", () => {
    forth.align();
    compiler.create(forth.newName(), "(dovar)", forth.dp);
    compiler.attachDoes(doubleFetch());
    forth.comma(m.pop());
    forth.comma(m.pop());
  });

  // parsing
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
    m.setByte(WORD_BUFFER, length);
    m.setText(WORD_BUFFER + 1, `${m.text(address, length)} `);
    m.push(WORD_BUFFER);
  });
  word("char", "-- c", () => m.push(forth.nextName().charCodeAt(0)));
  compileOnly("[char]", () => compiler.literal(forth.nextName().charCodeAt(0)));
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
      forth.evaluate(m.pop(), length);
    },
    { ends: true },
  );
  word("quit", "--", () => {
    throw new ForthException(-56);
  });
  word("abort", "--", () => {
    throw new ForthException(-1);
  });
  compileOnly('abort"', () => {
    const text = forth.parseText('"');
    compiler.literal(forth.place(text));
    compiler.literal(text.length);
    compiler.emit('(abort")');
  });

  // strings
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
    const found = dictionary.find(m.text(address + 1, m.byte(address)));
    m.push(found === undefined ? address : found.xt);
    m.push(found === undefined ? 0 : found.immediate ? 1 : -1);
  });
  const environment = new Map<string, readonly number[]>(
    Object.entries({
      "/counted-string": [255],
      "/hold": [480],
      "/pad": [4096],
      "address-unit-bits": [8],
      floored: [-1],
      "max-char": [255],
      "max-d": [-1, 0x7fffffff],
      "max-n": [0x7fffffff],
      "max-u": [-1],
      "max-ud": [-1, -1],
      "return-stack-cells": [253952],
      "stack-cells": [57280],
      "#locals": [1024],
      wordlists: [65536],
    }),
  );
  for (const set of [
    "core",
    "core-ext",
    "block",
    "block-ext",
    "double",
    "double-ext",
    "exception",
    "exception-ext",
    "facility",
    "facility-ext",
    "file",
    "file-ext",
    "locals",
    "locals-ext",
    "memory-alloc",
    "memory-alloc-ext",
    "search-order",
    "search-order-ext",
    "string",
    "string-ext",
    "tools",
    "tools-ext",
  ]) {
    environment.set(set, [-1]);
  }
  word(
    "environment?",
    "a u --",
    () => {
      const query = m.popText().toLowerCase();
      if (query === "gforth") {
        // programs ask, and take words for granted then that are here too; what they have instead is seldom tried
        m.push(forth.transient(GFORTH_VERSION));
        m.push(GFORTH_VERSION.length);
        m.push(-1);
        return;
      }
      const answer = environment.get(query);
      for (const x of answer ?? []) m.push(x);
      m.push(answer === undefined ? 0 : -1);
    },
    { ends: true },
  );
  word("bye", "--", () => forth.bye(0));
  word("(bye)", "n --", () => forth.bye(m.pop()));
}
