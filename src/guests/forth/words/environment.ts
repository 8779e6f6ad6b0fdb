// CORE: what programs ask of the system, and how they end.
import type { Forth } from "../forth.ts";
import type { Cell } from "../machine/cells.ts";
import { FLOAT_STACK_DEPTH } from "../machine/float-stack.ts";

/** The Gforth whose words and behaviour this system follows. */
const GFORTH_VERSION = "0.7.3";

export function defineEnvironment(forth: Forth): void {
  const { machine: m } = forth;
  const word = forth.word.bind(forth);
  const pushText = (text: string): void => {
    m.push(forth.transient(text));
    m.push(text.length);
  };
  const most = m.cell.of((1n << BigInt(m.cell.bits - 1)) - 1n);
  const environment = new Map<string, readonly Cell[]>(
    Object.entries({
      "/counted-string": [255],
      "/hold": [480],
      "/pad": [4096],
      "address-unit-bits": [8],
      "floating-stack": [FLOAT_STACK_DEPTH],
      floored: [-1],
      "max-char": [255],
      "max-float": [],
      "xchar-encoding": [],
      "max-d": [-1, most],
      "max-n": [most],
      "max-u": [-1],
      "max-xchar": [0x10ffff],
      "xchar-maxmem": [4],
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
    "floating",
    "floating-ext",
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
    "xchar",
    "xchar-ext",
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
        pushText(GFORTH_VERSION);
        m.push(-1);
        return;
      }
      if (query === "max-float") m.floats.push(Number.MAX_VALUE);
      if (query === "xchar-encoding") pushText("UTF-8");
      const answer = environment.get(query);
      for (const x of answer ?? []) m.push(x);
      m.push(answer === undefined ? 0 : -1);
    },
    { ends: true },
  );
  word("bye", "--", () => forth.bye(0));
  word("(bye)", "n --", () => forth.bye(m.pop()));
}
