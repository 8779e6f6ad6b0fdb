// Floats as text, exactly as C has them: every conversion of printf, rounded to even where a decimal lies halfway; literals
// in decimal and hexadecimal.

import { bitsOfFloat, INVALID, isNegative } from "../float-bits.ts";
import type { Float } from "../value.ts";
import { bitLength, decompose, roundedDouble, roundedQuotient } from "./exact.ts";
import { type Conversion, pad, parseConversion, signOf } from "./integer-text.ts";
import { bytesToText } from "./text.ts";

const FRACTION_BITS = 52;
const FRACTION = (1n << 52n) - 1n;
/** Digits after the point that the host writes, at most. */
const HOST_DIGITS = 100;

/** `value` × 10^`power`, rounded to an integer. */
function scaled(value: number, power: number): bigint {
  const { significand, exponent } = decompose(value);
  const numerator = significand * 10n ** BigInt(Math.max(0, power)) * 2n ** BigInt(Math.max(0, exponent));
  return roundedQuotient(numerator, 10n ** BigInt(Math.max(0, -power)) * 2n ** BigInt(Math.max(0, -exponent)));
}

/** %f of a number that is not negative. The host rounds halves up: only numbers that lie halfway come here the long way. */
function fixed(value: number, precision: number): string {
  if (precision <= HOST_DIGITS && value < 1e21 && !Number.isInteger(value * 2 ** (precision + 1))) return value.toFixed(precision);
  const digits = scaled(value, precision)
    .toString()
    .padStart(precision + 1, "0");
  return precision === 0 ? digits : `${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
}

interface Scientific {
  /** Without a point. */
  readonly digits: string;
  readonly exponent: number;
}

/** A number that is not negative in `count` significant digits. */
function scientific(value: number, count: number): Scientific {
  if (value === 0) return { digits: "0".repeat(count), exponent: 0 };
  const host = value.toExponential(Math.min(count - 1, HOST_DIGITS));
  const mark = host.indexOf("e");
  const exponent = Number(host.slice(mark + 1));
  // Halfway only if so many binary digits after the point suffice; one more, for what was rounded up to a power of ten.
  const behind = count - 1 - exponent;
  const halfway = behind < 0 || Number.isInteger(value * 2 ** (behind + 2));
  if (!halfway && count - 1 <= HOST_DIGITS) return { digits: host.slice(0, mark).replace(".", ""), exponent };
  for (let guess = exponent - 1; ; guess++) {
    const digits = scaled(value, count - 1 - guess).toString();
    if (digits.length <= count) return { digits, exponent: guess };
  }
}

function exponentText(exponent: number): string {
  return `e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

function withPoint(digits: string, alternate: boolean): string {
  const fraction = digits.slice(1);
  return fraction === "" && !alternate ? digits : `${digits.slice(0, 1)}.${fraction}`;
}

function general(value: number, precision: number, alternate: boolean): string {
  const count = Math.max(1, precision);
  const { digits, exponent } = scientific(value, count);
  const kept = alternate ? digits : digits.replace(/0+$/, "") || "0";
  if (exponent < -4 || exponent >= count) return withPoint(kept, alternate) + exponentText(exponent);
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${value === 0 ? "" : kept}`;
  const whole = kept.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = kept.slice(exponent + 1);
  return fraction === "" && !alternate ? whole : `${whole}.${fraction}`;
}

/** Hexadecimal, as %a and %h have it, without its sign. @param precision digits after the point, undefined: as many as needed */
function hexadecimal(bits: bigint, precision: number | undefined): string {
  const biased = Number((bits >> 52n) & 0x7ffn);
  let significand = bits & FRACTION;
  let exponent = 0;
  if (biased !== 0) {
    exponent = biased - 1023;
    significand |= 1n << 52n;
  } else if (significand !== 0n) exponent = -1022;
  if (precision !== undefined && precision < FRACTION_BITS / 4) {
    const unit = 1n << BigInt(FRACTION_BITS - 4 * precision);
    significand = roundedQuotient(significand, unit) * unit;
  }
  const fraction = (significand & FRACTION).toString(16).padStart(FRACTION_BITS / 4, "0");
  const shown = precision === undefined ? fraction.replace(/0+$/, "") : fraction.padEnd(precision, "0").slice(0, precision);
  return `0x${significand >> 52n}${shown === "" ? "" : "."}${shown}p${exponent < 0 ? "" : "+"}${exponent}`;
}

function unsignedText({ letter, flags, precision }: Conversion, float: Float): string {
  const value = Math.abs(float.value);
  const alternate = flags.includes("#");
  switch (letter.toLowerCase()) {
    case "f":
      return fixed(value, precision ?? 6) + (alternate && precision === 0 ? "." : "");
    case "e": {
      const { digits, exponent } = scientific(value, (precision ?? 6) + 1);
      return withPoint(digits, alternate) + exponentText(exponent);
    }
    case "a":
      return hexadecimal(bitsOfFloat(float), precision);
    default:
      return general(value, precision ?? 6, alternate);
  }
}

/** @param format with one conversion, as C's printf has them */
export function formatFloat(format: Uint8Array, float: Float): Uint8Array {
  const conversion = parseConversion(format);
  if (conversion === undefined) return format;
  const finite = Number.isFinite(float.value);
  let sign = signOf(conversion.flags, isNegative(float));
  let text = finite ? unsignedText(conversion, float) : Number.isNaN(float.value) ? "nan" : "inf";
  if (finite && text.startsWith("0x")) {
    sign += "0x";
    text = text.slice(2);
  }
  if (conversion.letter < "a") return pad(conversion, sign.toUpperCase(), text.toUpperCase(), finite);
  return pad(conversion, sign, text, finite);
}

/** %h. @param style the character "+" or " " for how positive numbers are marked, else "-" */
export function hexadecimalText(float: Float, precision: number, style: string): string {
  const sign = signOf(style, isNegative(float));
  if (Number.isNaN(float.value)) return `${sign}nan`;
  if (!Number.isFinite(float.value)) return `${sign}infinity`;
  return sign + hexadecimal(bitsOfFloat(float), precision < 0 ? undefined : precision);
}

const DECIMAL = /^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)?$/i;
const HEXADECIMAL = /^([0-9a-f]*)(\.([0-9a-f]*))?(p([-+]?[0-9]+))?$/i;
/** Exponents beyond give 0 or infinity whatever the digits are, as long as there are fewer of them. */
const FAR = 1 << 30;

function parseHexadecimal(text: string): number | undefined {
  const [, whole = "", , fraction = "", , power = "0"] = HEXADECIMAL.exec(text) ?? [];
  if (whole + fraction === "") return undefined;
  const exponent = Math.max(-FAR, Math.min(FAR, Number(power)));
  const significand = BigInt(`0x${whole}${fraction}`);
  // Rounded twice where the result is subnormal, as the runtime does.
  const dropped = Math.max(0, bitLength(significand) - 53);
  return roundedDouble(roundedQuotient(significand, 1n << BigInt(dropped)), exponent - 4 * fraction.length + dropped);
}

/** A literal, as C's strtod and OCaml have them; undefined when it is none. */
export function parseFloatText(bytes: Uint8Array): number | Float | undefined {
  const text = bytesToText(bytes).replaceAll("_", "");
  const unsigned = text.replace(/^[-+]/, "");
  const negative = text.startsWith("-");
  if (/^0x/i.test(unsigned)) {
    const value = parseHexadecimal(unsigned.slice(2));
    return value === undefined ? undefined : negative ? -value : value;
  }
  const decimal = text.replace(/^[ \t-\r]+/, "");
  if (DECIMAL.test(decimal)) return Number(decimal);
  if (/^[-+]?inf(inity)?$/i.test(decimal)) return decimal.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^[-+]?nan(\([a-z0-9]*\))?$/i.test(decimal)) return decimal.startsWith("-") ? INVALID : Number.NaN;
  return undefined;
}
