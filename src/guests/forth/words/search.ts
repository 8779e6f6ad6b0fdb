// SEARCH and the name tokens of TOOLS EXT: word lists and the order in which they are searched.
import { BODY_OF_0, hasBody } from "../bodies.ts";
import type { DictionaryMark, Word } from "../dictionary.ts";
import { FORTH_WORDLIST } from "../dictionary.ts";
import { ForthException } from "../exceptions.ts";
import type { Forth } from "../forth.ts";

export function defineSearch(forth: Forth): void {
  const { machine: m, compiler, dictionary } = forth;
  const word = forth.word.bind(forth);
  word("forth-wordlist", "-- n", () => m.push(FORTH_WORDLIST));
  word("wordlist", "-- n", () => m.push(dictionary.newWordlist()));
  word("table", "-- n", () => m.push(dictionary.newWordlist(true)));
  word("get-current", "-- n", () => m.push(dictionary.current));
  word("set-current", "n --", () => {
    const wid = m.pop();
    dictionary.check(wid);
    dictionary.current = wid;
  });
  word(
    "get-order",
    "-- n",
    () => {
      for (const wid of [...dictionary.order].reverse()) m.push(wid);
      m.push(dictionary.order.length);
    },
    { ends: true },
  );
  word(
    "set-order",
    "n --",
    () => {
      const count = m.pop();
      if (count > 4096) throw new ForthException(-49);
      if (count > m.depth) throw new ForthException(-4, `stack underflow in "set-order", needs ${count + 1}, has ${m.depth + 1}`);
      const order = count < 0 ? [FORTH_WORDLIST] : Array.from({ length: count }, () => m.pop());
      for (const wid of order) dictionary.check(wid);
      dictionary.order = order;
    },
    { ends: true },
  );
  const top = (): number => {
    const wid = dictionary.order[0];
    if (wid === undefined) throw new ForthException(-50);
    return wid;
  };
  word("definitions", "--", () => {
    dictionary.current = top();
  });
  const push = (wid: number): void => {
    dictionary.check(wid);
    if (dictionary.order.length >= 4096) throw new ForthException(-49);
    dictionary.order.unshift(wid);
  };
  word("also", "--", () => push(top()));
  word("previous", "--", () => {
    top();
    dictionary.order.shift();
  });
  word("forth", "--", () => {
    dictionary.order[0] = FORTH_WORDLIST;
  });
  word("only", "--", () => {
    dictionary.order = [FORTH_WORDLIST];
  });
  word(">order", "n --", () => push(m.pop()));
  word("seal", "--", () => {
    dictionary.order = [top()];
  });
  word("order", "--", () => {
    const name = (wid: number): string => dictionary.names.get(wid) ?? String(wid);
    forth.type(`${dictionary.order.map(name).join(" ")}     ${name(dictionary.current)} `);
  });
  // VOCABULARY is in the prelude: a DOES> word over these two
  word("(vocabulary)", "-- n", () => {
    const wid = dictionary.newWordlist();
    dictionary.names.set(wid, dictionary.latest?.name ?? String(wid));
    m.push(wid);
  });
  word("(context)", "n --", () => {
    const wid = m.pop();
    dictionary.check(wid);
    top();
    dictionary.order[0] = wid;
  });
  word("vocs", "--", () => forth.type([...dictionary.names.values()].reverse().join(" ")));
  word(
    "search-wordlist",
    "a u n -- x",
    () => {
      const wid = m.pop();
      const found = dictionary.findIn(wid, m.popText());
      if (found !== undefined) m.push(found.xt);
      m.push(found === undefined ? 0 : found.immediate ? 1 : -1);
    },
    { ends: true },
  );

  // name tokens
  word("find-name", "a u -- n", () => m.push(dictionary.find(m.popText())?.nt ?? 0));
  word("find-name-in", "a u n -- n", () => {
    const wid = m.pop();
    m.push(dictionary.findIn(wid, m.popText())?.nt ?? 0);
  });
  word("name>string", "n -- a u", () => {
    const { name } = dictionary.byToken(m.pop());
    m.push(forth.transient(name));
    m.push(name.length);
  });
  for (const name of ["name>interpret", "name>int", "name?int"]) word(name, "n -- xt", () => m.push(dictionary.byToken(m.pop()).xt));
  const tokenOf = (name: string): number => dictionary.findIn(FORTH_WORDLIST, name)?.xt ?? 0;
  const execute = tokenOf("execute");
  const compile = tokenOf("compile,");
  const pushCompilation = (found: Word): void => {
    m.push(found.compilation ?? found.xt);
    m.push(found.immediate || found.compilation !== undefined ? execute : compile);
  };
  for (const name of ["name>compile", "name>comp"]) word(name, "n -- xt xt", () => pushCompilation(dictionary.byToken(m.pop())));
  word("comp'", "-- xt xt", () => pushCompilation(forth.tick()));
  word(
    "[comp']",
    "--",
    () => {
      const found = forth.tick();
      compiler.literal(found.xt);
      compiler.literal(found.immediate ? execute : compile);
    },
    { immediate: true },
  );
  word("postpone,", "xt xt --", () => {
    const how = m.pop();
    const xt = m.pop();
    if (how === execute) compiler.compile(xt);
    else {
      compiler.literal(xt);
      compiler.compile(how);
    }
  });
  for (const name of ["id.", ".name"]) word(name, "n --", () => forth.type(`${dictionary.byToken(m.pop()).name} `));
  /** The name of what an execution token means, or the body less what `0 >body` gives, which Gforth's programs take for one. */
  const nameTokenOf = (xt: number): number =>
    (xt < 0 ? dictionary.words.findLast((made) => hasBody(m, made.xt) && m.arg[made.xt] === xt + BODY_OF_0) : dictionary.nameOf(xt))?.nt ??
    0;
  word(">name", "xt -- n", () => m.push(nameTokenOf(m.pop())));
  word("look", "xt -- n flag", () => {
    const nt = nameTokenOf(m.pop());
    m.push(nt);
    m.push(nt === 0 ? 0 : -1);
  });
  word("latest", "-- n", () => m.push(dictionary.latest?.nt ?? 0));
  word(
    "traverse-wordlist",
    "xt n --",
    () => {
      const wid = m.pop();
      const xt = m.pop();
      for (const { nt } of dictionary.wordsOf(wid)) {
        forth.interpreter.step();
        m.push(nt);
        forth.interpreter.execute(xt);
        if (m.pop() === 0) return;
      }
    },
    { ends: true },
  );
  word("words", "--", () =>
    forth.type(
      `\n${dictionary
        .wordsOf(top())
        .map(({ name }) => name)
        .join(" ")} `,
    ),
  );
  word("synonym", "--", () => {
    const name = forth.nextName();
    const { xt, immediate, compileOnly } = forth.tick();
    Object.assign(dictionary.add(name, xt), { immediate, compileOnly });
  });
  word("alias", "xt --", () => {
    const xt = m.pop();
    if (m.tokens[xt] !== 1) throw new ForthException(-9, `${xt} is not an execution token`);
    dictionary.add(forth.nextName(), xt);
    compiler.latestXt = xt;
  });

  // going back: MARKER is in the prelude, a DOES> word over these two
  const marks: { readonly dictionary: DictionaryMark; readonly dp: number }[] = [];
  word("(mark)", "-- n", () => m.push(marks.push({ dictionary: dictionary.mark(), dp: forth.dp }) - 1));
  word("(forget)", "n --", () => {
    const mark = marks[m.pop()];
    if (mark === undefined) throw new ForthException(-15);
    dictionary.forget(mark.dictionary);
    forth.dp = mark.dp;
  });
  word("forget", "--", () => {
    const { nt, dp, wordlist } = forth.tick();
    if (nt <= forth.systemWords) throw new ForthException(-15);
    dictionary.forget({ ...dictionary.mark(), words: nt - 1, current: wordlist });
    forth.dp = dp;
  });
}
