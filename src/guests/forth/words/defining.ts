// CORE: defining words, and DOES>.
import { BODY_OF_0, hasBody } from "../bodies.ts";
import { ForthException } from "../exceptions.ts";
import type { Forth } from "../forth.ts";

const I = { immediate: true } as const;

export function defineDefining(forth: Forth): void {
  const { machine: m, compiler, dictionary } = forth;
  const word = forth.word.bind(forth);
  word(":", "--", () => {
    compiler.begin(forth.newName());
    forth.compiling = true;
  });
  word(":noname", "-- xt", () => {
    m.push(compiler.begin());
    forth.compiling = true;
  });
  forth.compileOnly(";", () => {
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
  forth.compileOnly(";]", () => {
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
    const x = m.popCell();
    compiler.create(forth.newName(), "(docon)", x);
  });
  word("value", "x --", () => {
    forth.align();
    const x = m.popCell();
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
      // a word that POSTPONEs it may be executed between [ and ]
      if (forth.compiling || compiler.compiling) {
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
    if (xt !== 0 && !hasBody(m, xt)) throw new ForthException(-31);
    m.push(xt === 0 ? BODY_OF_0 : m.arg[xt]);
  });
}
