// Integers as text: literals as OCaml writes them, conversions as C's printf makes them.
import { bytesToText, toBytes } from "./text.ts";

const BASES: Readonly<Record<string, number>> = { x: 16, o: 8, b: 2, u: 10 };
const PREFIXES: Readonly<Record<number, string>> = { 16: "0x", 10: "", 8: "0o", 2: "0b" };
const DIGITS: Readonly<Record<number, RegExp>> = {
  16: /^[0-9a-f][0-9a-f_]*$/,
  10: /^[0-9][0-9_]*$/,
  8: /^[0-7][0-7_]*$/,
  2: /^[01][01_]*$/,
};

/**
 * Reads a literal: a sign, a base (`0x`, `0o`, `0b`, `0u`), digits and underscores.
 * @param bits of the type. With a base other than plain decimal, all of its unsigned values are allowed, with either sign.
 * @returns undefined when it is none or too large; else not yet cut to the type
 */
export function parseInteger(bytes: Uint8Array, bits: number): bigint | undefined {
  const [, sign = "", given = "", text = ""] = /^([-+]?)(0[xobu])?(.*)$/is.exec(bytesToText(bytes)) ?? [];
  const letter = given.slice(1).toLowerCase();
  const base = BASES[letter] ?? 10;
  const digits = (letter in BASES || letter === "" ? text : given + text).toLowerCase();
  if (!(DIGITS[base] as RegExp).test(digits)) return undefined;
  const magnitude = BigInt((PREFIXES[base] as string) + digits.replaceAll("_", ""));
  const signed = letter === "";
  const limit = signed ? (1n << BigInt(bits - 1)) - (sign === "-" ? 0n : 1n) : (1n << BigInt(bits)) - 1n;
  // The runtime reads all of them into a word of 64 bits.
  if (magnitude > limit || magnitude >= 1n << 64n) return undefined;
  return sign === "-" ? -magnitude : magnitude;
}

/** A conversion of printf: what stands before it, flags, width, precision (undefined: none), letter. */
export interface Conversion {
  readonly before: string;
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly letter: string;
  readonly after: string;
}

const CONVERSION = /^([^%]*)%([-+ #0]*)([0-9]*)(\.[0-9]*)?[lLn]?([a-zA-Z])(.*)$/s;

/** The only conversion of a format; undefined when there is none. */
export function parseConversion(format: Uint8Array): Conversion | undefined {
  const match = CONVERSION.exec(bytesToText(format));
  if (match === null) return undefined;
  const [, before = "", flags = "", width = "", point, letter = "", after = ""] = match;
  return { before, flags, width: Number(width), precision: point === undefined ? undefined : Number(point.slice(1)), letter, after };
}

/** @param prefix sign or base; zeros that fill the width follow it */
export function pad({ before, flags, width, after }: Conversion, prefix: string, digits: string, zeros: boolean): Uint8Array {
  const missing = Math.max(0, width - prefix.length - digits.length);
  let text = prefix + digits;
  if (flags.includes("-")) text += " ".repeat(missing);
  else if (zeros && flags.includes("0")) text = prefix + "0".repeat(missing) + digits;
  else text = " ".repeat(missing) + text;
  return toBytes(before + text + after);
}

/** @param negative whether it is, to a conversion that knows signs */
export function signOf(flags: string, negative: boolean): string {
  return negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
}

/** @param bits of the type: what unsigned conversions see of a negative number */
export function formatInteger(format: Uint8Array, value: number | bigint, bits: number): Uint8Array {
  // What string_of_int asks for.
  if (format.length === 2 && format[1] === 100) return toBytes(String(value));
  const conversion = parseConversion(format);
  if (conversion === undefined) return format;
  const { flags, precision, letter } = conversion;
  const signed = letter === "d" || letter === "i";
  const base = letter === "o" ? 8 : letter === "x" || letter === "X" ? 16 : 10;
  const magnitude = signed ? (value < 0 ? -value : value) : value < 0 ? BigInt.asUintN(bits, BigInt(value)) : value;
  let digits = precision === 0 && (magnitude === 0 || magnitude === 0n) ? "" : magnitude.toString(base).padStart(precision ?? 0, "0");
  let prefix = signed ? signOf(flags, value < 0) : "";
  if (flags.includes("#") && base === 8 && !digits.startsWith("0")) digits = `0${digits}`;
  if (flags.includes("#") && base === 16 && magnitude > 0) prefix = "0x";
  if (letter === "X") return pad(conversion, prefix.toUpperCase(), digits.toUpperCase(), precision === undefined);
  return pad(conversion, prefix, digits, precision === undefined);
}
