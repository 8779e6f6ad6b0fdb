// CORE: what programs ask of the system, and how they end.
import type { Forth } from "../forth.ts";

/** The Gforth whose words and behaviour this system follows. */
const GFORTH_VERSION = "0.7.3";

export function defineEnvironment(forth: Forth): void {
  const { machine: m } = forth;
  const word = forth.word.bind(forth);
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
