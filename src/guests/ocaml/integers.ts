// OCaml's 63-bit integers where doubles are not enough: beyond 2^53, and operations on the upper bits.
import { type Integer, toInteger, type Value } from "./value.ts";

/** An error that no compiled program makes: its code is damaged, or a value was cast to a wrong type. */
export class Corrupt extends Error {}

function exact(value: Value): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return BigInt(value);
  throw new Corrupt("arithmetic on what is no integer");
}

/** Shift counts are taken as x86-64 takes them. */
const count = (value: Value): bigint => exact(value) & 63n;

export const add = (a: Value, b: Value): Integer => toInteger(exact(a) + exact(b));
export const subtract = (a: Value, b: Value): Integer => toInteger(exact(a) - exact(b));
export const multiply = (a: Value, b: Value): Integer => toInteger(exact(a) * exact(b));
export const divide = (a: Value, b: Value): Integer => toInteger(exact(a) / exact(b));
export const remainder = (a: Value, b: Value): Integer => toInteger(exact(a) % exact(b));

/** A bitwise operation; for two doubles, on the upper and lower 32 bits separately. */
const bitwise =
  (onHalves: (a: number, b: number) => number, onAll: (a: bigint, b: bigint) => bigint) =>
  (a: Value, b: Value): Integer => {
    if (typeof a !== "number" || typeof b !== "number") return toInteger(onAll(exact(a), exact(b)));
    const result = onHalves(Math.floor(a / 2 ** 32), Math.floor(b / 2 ** 32)) * 2 ** 32 + (onHalves(a, b) >>> 0);
    // -2^53 itself is no safe integer
    return result >= -Number.MAX_SAFE_INTEGER ? result : toInteger(BigInt(result));
  };
export const and = bitwise(
  (a, b) => a & b,
  (a, b) => a & b,
);
export const or = bitwise(
  (a, b) => a | b,
  (a, b) => a | b,
);
export const xor = bitwise(
  (a, b) => a ^ b,
  (a, b) => a ^ b,
);

export const shiftLeft = (a: Value, b: Value): Integer => toInteger(exact(a) << count(b));
export const shiftRightSigned = (a: Value, b: Value): Integer => toInteger(exact(a) >> count(b));
/** OCaml shifts the word that holds the integer in its upper 63 bits: by nothing, the sign stays where it is. */
export function shiftRight(a: Value, b: Value): Integer {
  const word = BigInt.asUintN(64, exact(a) << 1n);
  return toInteger(BigInt.asIntN(64, word >> count(b)) >> 1n);
}

/** Compares values that may be too large for numbers. Other values have addresses, on which nothing may depend. */
export function compare(a: Value, b: Value, how: (a: bigint, b: bigint) => boolean): 0 | 1 {
  return how(exact(a), exact(b)) ? 1 : 0;
}
