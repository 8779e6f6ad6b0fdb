// Gforth: gforth_engine dispatches through the labels of its primitives. The Forth itself is asked for its words and the addresses of
// their code, which lie as far apart as in its file, so that the names are those of its version.
import { spawnSync } from "node:child_process";
import { basename } from "node:path";
import type { KnownInterpreter } from "../known-interpreter.ts";

const DOERS = ["docol", "docon", "dovar", "douser", "dodefer", "dofield", "dovalue", "dodoes"];

/** Prints, as hexadecimal address and name, what words of a kind do, and the code of every word. */
const ASK = [
  "hex",
  ...DOERS.map((name) => `[defined] ${name}: [if] ${name}: u. .( ${name}) cr [then]`),
  ": words-of dup name>int @ u. name>string type cr ;",
  ": ask forth-wordlist wordlist-id @ begin dup while dup words-of @ repeat drop ;",
  "ask bye",
].join("\n");

const GFORTH = /^gforth(-(fast|itc|\d[\d.]*))*$/;

/** Names by the address of their code, in a running Gforth. A recording may name any program: only one that is called gforth is run. */
function ask(program: string): ReadonlyMap<bigint, string> | undefined {
  if (!GFORTH.test(basename(program))) return undefined;
  const { status, stdout } = spawnSync(program, ["-e", ASK], { encoding: "utf8", timeout: 20_000 });
  if (status !== 0) return undefined;
  const names = new Map<bigint, string>();
  // of words with the same code the last printed is the oldest; what words of a kind do is printed first
  for (const [, address, name] of stdout.matchAll(/^([0-9A-F]+) (\S+)\s*$/gm)) {
    const code = BigInt(`0x${address}`);
    if (!DOERS.includes(names.get(code) ?? "")) names.set(code, name);
  }
  return names;
}

/** The distance from addresses of the file to those of a run; undefined unless there is one at which all code is in the table. */
function distance(table: ReadonlySet<bigint>, run: readonly bigint[]): bigint | undefined {
  const possible = [...table].map((address) => run[0] - address).filter((off) => run.every((address) => table.has(address - off)));
  return possible.length === 1 ? possible[0] : undefined;
}

export const GFORTH_ENGINE: KnownInterpreter = {
  name: "Gforth",
  recognises: ({ file, interpreter }) => /^gforth/.test(file) && interpreter === "gforth_engine",
  technique: "direct-threading",
  entries: [],
  names({ program, table }) {
    const words = ask(program);
    if (words === undefined || words.size === 0) return undefined;
    const off = distance(new Set(table), [...words.keys()]);
    return off === undefined ? undefined : table.map((address, number) => words.get(address + off) ?? `op${number}`);
  },
  transfers:
    /^(call|;s|execute|perform|unloop|does-exec|dodoes|docol|dodefer|useraddr-perform|lit-execute|lit-perform|throw|branch.*|.*branch|.*\((\?do|do|loop|[+-]loop|s\+loop|for|next)\).*|.*execute-;s)$/,
};
