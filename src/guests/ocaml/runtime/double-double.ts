// Numbers as unevaluated sums of two doubles: some 100 bits, at the speed of doubles. (Dekker, A floating-point technique for
// extending the available precision, Numerische Mathematik 1971.)
import { roundedDouble, toFixedPoint } from "./exact.ts";

/** hi + lo; hi is the double nearest to it. */
export interface Double2 {
  readonly hi: number;
  readonly lo: number;
}

/** For a larger than b in size, or 0. */
function quickSum(a: number, b: number): Double2 {
  const hi = a + b;
  return { hi, lo: b - (hi - a) };
}

/** Exact. */
export function sum(a: number, b: number): Double2 {
  const hi = a + b;
  const part = hi - a;
  return { hi, lo: a - (hi - part) + (b - part) };
}

/** Splits a double into halves of 26 bits. */
const SPLITTER = 2 ** 27 + 1;

/** Exact, below 2^996. */
export function product(a: number, b: number): Double2 {
  const hi = a * b;
  const leftPart = SPLITTER * a;
  const left = leftPart - (leftPart - a);
  const leftLow = a - left;
  const rightPart = SPLITTER * b;
  const right = rightPart - (rightPart - b);
  const rightLow = b - right;
  return { hi, lo: leftLow * rightLow - (hi - left * right - left * rightLow - leftLow * right) };
}

export function add(a: Double2, b: Double2): Double2 {
  const high = sum(a.hi, b.hi);
  const low = sum(a.lo, b.lo);
  const middle = quickSum(high.hi, high.lo + low.hi);
  return quickSum(middle.hi, middle.lo + low.lo);
}

export function multiply(a: Double2, b: Double2): Double2 {
  const high = product(a.hi, b.hi);
  return quickSum(high.hi, high.lo + (a.hi * b.lo + a.lo * b.hi));
}

export function negate(a: Double2): Double2 {
  return { hi: -a.hi, lo: -a.lo };
}

export function scale(a: Double2, power: number): Double2 {
  return { hi: a.hi * power, lo: a.lo * power };
}

export function divide(a: Double2, b: Double2): Double2 {
  const first = a.hi / b.hi;
  const rest = add(a, negate(multiply({ hi: first, lo: 0 }, b)));
  return quickSum(first, rest.hi / b.hi);
}

export function squareRoot(a: Double2): Double2 {
  const first = Math.sqrt(a.hi);
  if (first === 0) return { hi: 0, lo: 0 };
  const rest = add(a, negate(product(first, first)));
  return quickSum(first, rest.hi / (2 * first));
}

/** The fraction of two integers. */
export function ratio(numerator: number, denominator: number): Double2 {
  return divide({ hi: numerator, lo: 0 }, { hi: denominator, lo: 0 });
}

/** Bits after the binary point that hold a Double2 near 1 exactly. */
const BITS = 160;

/** a × 2^exponent as a double, rounded once even if that is subnormal. */
export function toDouble(a: Double2, exponent: number): number {
  if (exponent > -1000 && exponent < 1000) return a.hi * 2 ** exponent;
  return roundedDouble(toFixedPoint(a.hi, BITS) + toFixedPoint(a.lo, BITS), exponent - BITS);
}
