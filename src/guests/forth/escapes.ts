// Escapes in texts, as S\\" reads them (Forth 2012, 6.2.2266).
import { ForthException } from "./exceptions.ts";

const ESCAPES: Record<string, string> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  l: "\n",
  m: "\r\n",
  n: "\n",
  q: '"',
  r: "\r",
  t: "\t",
  v: "\v",
  z: "\0",
  '"': '"',
  "\\": "\\",
};

/**
 * The text up to a closing quote, with escapes replaced, and how many characters it took, the quote included.
 * @throws ForthException -24 for an escape that there is not
 */
export function unescaped(rest: string): { readonly text: string; readonly length: number } {
  let text = "";
  let at = 0;
  for (; at < rest.length && rest[at] !== '"'; at++) {
    if (rest[at] !== "\\") {
      text += rest[at];
      continue;
    }
    const code = rest[++at] ?? "";
    if (code === "x") {
      const hex = /^[0-9a-f]{2}/i.exec(rest.slice(at + 1));
      if (hex === null) throw new ForthException(-24, "two hexadecimal digits must follow \\x");
      text += String.fromCharCode(Number.parseInt(hex[0], 16));
      at += 2;
    } else {
      const replacement = ESCAPES[code];
      if (replacement === undefined) throw new ForthException(-24, `unknown escape \\${code} in a string`);
      text += replacement;
    }
  }
  return { text, length: Math.min(at + 1, rest.length) };
}
