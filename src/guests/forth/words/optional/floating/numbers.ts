// Floating-point numbers as texts: how programs write them, what >FLOAT takes, digits as REPRESENT leaves them, and the ways in which
// they are shown. JavaScript converts between decimal and binary exactly rounded, as glibc does.

/** What the text interpreter takes for a floating-point number: a significand and an E (Forth 2012, 12.3.7). */
export const FLOAT_LITERAL = /^[-+]?(?:\d+\.?\d*|\.\d+)e[-+]?\d*$/i;

/** The value of such a literal; undefined if it is none. */
export function readFloat(text: string): number | undefined {
  return FLOAT_LITERAL.test(text) ? Number(/\d$/.test(text) ? text : `${text}0`) : undefined;
}

/** What >FLOAT makes of a text (12.6.1.0558); undefined where it is no number. Blanks alone are 0. */
export function toFloat(text: string): number | undefined {
  if (/^ *$/.test(text)) return 0;
  const parts = /^([-+]?(?:\d+\.?\d*|\.\d+))(?:([ed][-+]?\d*)|([-+]\d+))?$/i.exec(text);
  if (parts === null) return undefined;
  const [, significand, marked, signed] = parts;
  const exponent = signed ?? marked?.slice(1) ?? "";
  return Number(`${significand}e${/\d/.test(exponent) ? exponent : 0}`);
}

/** Digits of a number: 0.DIGITS × 10^exponent. */
export interface Digits {
  readonly digits: string;
  readonly exponent: number;
  readonly negative: boolean;
}

/** A name instead of digits for what has none. */
export function nameOf(x: number): string | undefined {
  if (Number.isNaN(x)) return "nan";
  if (Number.isFinite(x)) return undefined;
  return x < 0 ? "-inf" : "inf";
}

/** JavaScript computes so many digits; zeros follow. */
const MOST_DIGITS = 101;

/** The first `count` digits of a finite number, rounded, the even one where two are as near. Zero has the exponent 1, as in Gforth. */
export function digitsOf(x: number, count: number): Digits {
  const negative = x < 0 || Object.is(x, -0);
  if (x === 0) return { digits: "0".repeat(count), exponent: 1, negative };
  const [exact, exactPower] = decimal(x, MOST_DIGITS);
  // JavaScript rounds up what lies in the middle
  const middle = /^50*$/.test(exact.slice(count)) && Number(exact[count - 1] ?? 0) % 2 === 0;
  if (middle || count <= 0) return { digits: exact.slice(0, count), exponent: exactPower + 1, negative };
  const [digits, power] = decimal(x, Math.min(count, MOST_DIGITS));
  return { digits: digits.padEnd(count, "0"), exponent: power + 1, negative };
}
function decimal(x: number, count: number): readonly [digits: string, power: number] {
  const [mantissa, power] = Math.abs(x)
    .toExponential(count - 1)
    .split("e");
  return [mantissa.replace(".", ""), Number(power)];
}

/** The exponent before anything is rounded. */
const exponentOf = (x: number): number => (x === 0 ? 1 : decimal(x, MOST_DIGITS)[1] + 1);

/** F. with so many significant digits: no exponent, no zeros at the end. */
export function plain(x: number, precision: number): string {
  const { digits, exponent, negative } = digitsOf(x, precision);
  const before = exponent <= 0 ? "0" : digits.slice(0, exponent).padEnd(exponent, "0");
  const after = exponent <= 0 ? "0".repeat(-exponent) + digits : digits.slice(exponent);
  return `${negative ? "-" : ""}${before}.${after.replace(/0+$/, "")} `;
}

/** FS., or FE. where the exponent is a multiple of 3. @param show how an exponent is written, in BASE */
export function scientific(x: number, precision: number, multiple: 1 | 3, show: (exponent: number) => string): string {
  const { digits, exponent, negative } = digitsOf(x, precision);
  const power = Math.floor((exponent - 1) / multiple) * multiple;
  const before = exponent - power;
  return `${negative ? "-" : ""}${digits.slice(0, before).padEnd(before, "0")}.${digits.slice(before)}E${show(power)} `;
}

/** A number with so many digits after the point. */
function fixed(x: number, places: number): string {
  const count = exponentOf(x) + places;
  // nothing of it is left before the last place, or its first digit is rounded up to there
  const { digits, exponent, negative } = count < 0 ? digitsOf(0, 1) : count === 0 ? roundedUp(x, places) : digitsOf(x, count);
  const all = exponent > 0 ? digits : "0".repeat(1 - exponent) + digits;
  const before = Math.max(1, exponent);
  return `${negative || x < 0 ? "-" : ""}${all.slice(0, before)}.${all.slice(before).padEnd(places, "0").slice(0, places)}`;
}
function roundedUp(x: number, places: number): Digits {
  const up = Math.abs(x) > 0.5 * 10 ** -places;
  return { digits: up ? "1" : "0", exponent: 1 - places, negative: x < 0 };
}

/**
 * F.RDP of Gforth: a number in a field of `width` characters, with `places` digits after the point if that shows `significant` digits
 * and fits, else with an exponent, else stars.
 */
export function inField(x: number, width: number, places: number, significant: number): string {
  const name = nameOf(x);
  if (name !== undefined) return name.length <= width ? name.padStart(width) : "*".repeat(width);
  const exponent = exponentOf(x);
  if (exponent + places >= significant && exponent + places < width) {
    const text = fixed(x, places);
    if (text.length <= width) return text.padStart(width);
  }
  // as many digits as the field has room for
  for (let count = width; count > 0; count--) {
    const all = scientific(x, count, 1, String).trimEnd().replace(".E", "E");
    if (all.length <= width) return all.padStart(width);
  }
  return "*".repeat(width);
}
