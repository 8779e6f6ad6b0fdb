// What the instruction table writes for both widths of cells, as JavaScript for one of them.
import type { Cells } from "./cells.ts";

/** Short forms by name, and what becomes of their arguments. */
export type Calls = Readonly<Record<string, (...words: string[]) => string>>;

/** Replaces NAME(arguments) by what `calls` makes of its arguments, in which the same was done. */
export function replaceCalls(text: string, calls: Calls): string {
  const call = new RegExp(`\\b(${Object.keys(calls).join("|")})\\(`, "g");
  let replaced = "";
  let from = 0;
  for (let found = call.exec(text); found !== null; found = call.exec(text)) {
    const words: string[] = [];
    let at = call.lastIndex;
    let start = at;
    for (let depth = 1; depth > 0; at++) {
      if (text[at] === "(") depth++;
      else if (text[at] === ")") depth--;
      if (depth > 0 && (depth > 1 || text[at] !== ",")) continue;
      words.push(replaceCalls(text.slice(start, at).trim(), calls));
      start = at + 1;
    }
    replaced += text.slice(from, found.index) + calls[found[1]](...words);
    from = at;
    call.lastIndex = at;
  }
  return replaced + text.slice(from);
}

/** The code of an instruction for cells of one width. Its operand stays A, checked memory stays FETCH(a) and the like. */
export function withCells(code: string, { bits, bytes, text }: Cells): string {
  const shift = Math.log2(bytes);
  const plain = code
    .replace(
      /\bFRAME\(([^()]*)\)/g,
      "rs[rp++] = CELL(handler); rs[rp++] = CELL($1); rs[rp++] = CELL(lp); rs[rp++] = CELL(memory.hostMark()); handler = rp",
    )
    .replace(/\bWIDTH\b/g, String(bytes))
    .replace(/\bSHIFT\b/g, String(shift))
    .replace(/\bSIGN\b/g, `${bits - 1}c`)
    .replace(/\b(\d+)c\b/g, (_, digits: string) => text.literal(digits))
    .replace(/\bL\b/g, text.operand);
  return replaceCalls(plain, {
    WRAP: text.wrap,
    U: text.unsigned,
    FLAG: text.flag,
    NUM: text.number,
    CELL: text.cell,
    LOW: text.low,
    TIMES: text.times,
    RSHIFT: text.shiftRight,
    LOCAL: (a) => text.orZero(`M[${a} >> ${shift}]`),
  });
}
