// SEARCH and the name tokens of TOOLS EXT: word lists and the order in which they are searched.
import type { Word } from "../dictionary.ts";
import { FORTH_WORDLIST } from "../dictionary.ts";
import { ForthException } from "../exceptions.ts";
import type { Forth } from "../forth.ts";

export function defineSearch(forth: Forth): void {
  const { machine: m, compiler, dictionary } = forth;
  const word = forth.word.bind(forth);
  const popText = (): string => {
    const length = m.pop();
    return m.text(m.pop(), length);
  };
  word("forth-wordlist", "-- n", () => m.push(FORTH_WORDLIST));
  word("wordlist", "-- n", () => m.push(dictionary.newWordlist()));
  word("table", "-- n", () => m.push(dictionary.newWordlist()));
  word("get-current", "-- n", () => m.push(dictionary.current));
  word("set-current", "n --", () => {
    const wid = m.pop();
    dictionary.wordsOf(wid);
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
      dictionary.order = count < 0 ? [FORTH_WORDLIST] : Array.from({ length: count }, () => m.pop());
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
  word("also", "--", () => void dictionary.order.unshift(top()));
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
  word(">order", "n --", () => void dictionary.order.unshift(m.pop()));
  word("order", "--", () => {
    const name = (wid: number): string => dictionary.names.get(wid) ?? String(wid);
    forth.type(`${dictionary.order.map(name).join(" ")}     ${name(dictionary.current)} `);
  });
  word("vocabulary", "--", () => {
    const name = forth.nextName();
    const wid = dictionary.newWordlist();
    dictionary.names.set(wid, name);
    word(name, "--", () => {
      dictionary.order[0] = wid;
    });
  });
  word(
    "search-wordlist",
    "a u n -- x",
    () => {
      const wid = m.pop();
      const found = dictionary.findIn(wid, popText());
      if (found !== undefined) m.push(found.xt);
      m.push(found === undefined ? 0 : found.immediate ? 1 : -1);
    },
    { ends: true },
  );

  // name tokens
  word("find-name", "a u -- n", () => m.push(dictionary.find(popText())?.nt ?? 0));
  word("find-name-in", "a u n -- n", () => {
    const wid = m.pop();
    m.push(dictionary.findIn(wid, popText())?.nt ?? 0);
  });
  word("name>string", "n -- a u", () => {
    const { name } = dictionary.byToken(m.pop());
    m.push(forth.transient(name));
    m.push(name.length);
  });
  word("name>interpret", "n -- xt", () => m.push(dictionary.byToken(m.pop()).xt));
  word("name>int", "n -- xt", () => m.push(dictionary.byToken(m.pop()).xt));
  word("name>compile", "n -- xt xt", () => {
    const found = dictionary.byToken(m.pop());
    m.push(found.xt);
    const how = dictionary.findIn(FORTH_WORDLIST, found.immediate ? "execute" : "compile,") as Word;
    m.push(how.xt);
  });
  word(">name", "xt -- n", () => m.push(dictionary.nameOf(m.pop())?.nt ?? 0));
  word("latest", "-- n", () => m.push(dictionary.latest?.nt ?? 0));
  word(
    "traverse-wordlist",
    "xt n --",
    () => {
      const wid = m.pop();
      const xt = m.pop();
      for (const { nt } of dictionary.wordsOf(wid)) {
        m.push(nt);
        forth.execute(xt);
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
    const old = forth.tick();
    dictionary.add(name, old.xt).immediate = old.immediate;
  });
  word("alias", "xt --", () => {
    const xt = m.pop();
    dictionary.add(forth.nextName(), xt);
    compiler.latestXt = xt;
  });
}
