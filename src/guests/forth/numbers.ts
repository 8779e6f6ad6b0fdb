// Numbers as the text interpreter reads them (Forth 2012, 3.4.1.3): an optional prefix for the base (# $ % or 0x), a
// sign before or after it, 'c' for a character, a dot at the end for a double (Gforth: dots after the first digit).

import { ForthException } from "./exceptions.ts";
import type { Cell, CellBits, Cells } from "./machine/cells.ts";

export interface ReadNumber {
  readonly value: bigint;
  readonly double: boolean;
  /** Whether its one or two cells hold it, with a sign or without. */
  readonly fits: boolean;
}

const PREFIXES: Record<string, number> = { "#": 10, "&": 10, $: 16, "%": 2 };

export function readNumber(text: string, base: number, cellBits: CellBits): ReadNumber | undefined {
  const char = /^'(.|[\xc0-\xff][\x80-\xbf]+)'?$/s.exec(text);
  if (char !== null) {
    const code = Buffer.from(char[1], "latin1").toString("utf8").codePointAt(0) ?? 0;
    return { value: BigInt(char[1].length === 1 ? char[1].charCodeAt(0) : code), double: false, fits: true };
  }
  let rest = text;
  let negative = false;
  const takeSign = (): void => {
    if (!negative && rest[0] === "-") {
      negative = true;
      rest = rest.slice(1);
    }
  };
  takeSign();
  if (PREFIXES[rest[0]] !== undefined) {
    base = PREFIXES[rest[0]];
    rest = rest.slice(1);
    takeSign();
  } else if (/^0x[0-9a-f]/i.test(rest)) {
    base = 16;
    rest = rest.slice(2);
  }
  const double = rest.includes(".", 1);
  if (double) {
    if (rest.includes("..") || rest[0] === ".") return undefined;
    rest = rest.replaceAll(".", "");
  }
  if (rest === "") return undefined;
  let value = 0n;
  const bigBase = BigInt(base);
  for (const digit of rest) {
    const d = digitValue(digit.charCodeAt(0));
    if (d < 0 || d >= base) return undefined;
    value = value * bigBase + BigInt(d);
  }
  if (negative) value = -value;
  const bits = BigInt(double ? 2 * cellBits : cellBits);
  const fits = value >= -(1n << (bits - 1n)) && value < 1n << bits;
  return { value, double, fits };
}

/** The one or two cells of a number, the high one last. */
export function cellsOfNumber({ value, double }: ReadNumber, cell: Cells): readonly Cell[] {
  return double ? [cell.of(value), cell.of(value >> BigInt(cell.bits))] : [cell.of(value)];
}

/** The value of a digit character in bases up to 36, or -1. */
export function digitValue(char: number): number {
  if (char >= 48 && char <= 57) return char - 48;
  if (char >= 65 && char <= 90) return char - 55;
  if (char >= 97 && char <= 122) return char - 87;
  return -1;
}

/** A literal of a program. @throws ForthException -24 for one that its cells do not hold: nothing is cut silently */
export function readLiteral(text: string, base: number, cellBits: CellBits): ReadNumber | undefined {
  const number = readNumber(text, base, cellBits);
  if (number?.fits === false) {
    throw new ForthException(-24, `${text} does not fit ${number.double ? "two cells" : "a cell"} of ${cellBits} bits`);
  }
  return number;
}
