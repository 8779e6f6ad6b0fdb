// Functions of C's mathematical library that the host lacks, computed in integers and rounded once.
import { bitLength, decompose, ONE, roundedDouble, toFixedPoint } from "./exact.ts";

/** Bits after the binary point: fewer than one result in 2^60 is rounded wrongly. */
const BITS = 130;

/** arctan(1 / n). */
function inverseTangent(n: bigint, bits: number): bigint {
  let power = ONE(bits) / n;
  let sum = power;
  for (let k = 3n, sign = -1n; power !== 0n; k += 2n, sign = -sign) {
    power /= n * n;
    sum += (sign * power) / k;
  }
  return sum;
}

/** Machin's formula. */
function pi(bits: number): bigint {
  const guarded = bits + 16;
  return (16n * inverseTangent(5n, guarded) - 4n * inverseTangent(239n, guarded)) >> 16n;
}

/** ln 2 as twice the inverse hyperbolic tangent of 1/3. */
function logarithmOfTwo(bits: number): bigint {
  let power = ONE(bits) / 3n;
  let sum = 0n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += power / k;
    power /= 9n;
  }
  return 2n * sum;
}

const LN2 = logarithmOfTwo(BITS);

function squareRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let root = 1n << BigInt(Math.ceil(bitLength(value) / 2));
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** e^x in fixed point, for small x. */
function exponential(x: bigint): bigint {
  let term = ONE(BITS);
  let sum = 0n;
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    sum += term;
    term = ((term * x) >> BigInt(BITS)) / k;
  }
  return sum;
}

export function exp2(value: number): number {
  if (Number.isNaN(value)) return value;
  if (value > 1024) return Number.POSITIVE_INFINITY;
  if (value < -1080) return 0;
  const whole = Math.floor(value);
  const fraction = toFixedPoint(value, BITS) - BigInt(whole) * ONE(BITS);
  const x = (fraction * LN2) >> BigInt(BITS);
  return roundedDouble(exponential(x), whole - BITS);
}

/** x·y + z, rounded once. */
export function fma(x: number, y: number, z: number): number {
  if (!Number.isFinite(x) || !Number.isFinite(y) || !Number.isFinite(z)) return Number.isFinite(x) && Number.isFinite(y) ? z : x * y + z;
  if (x === 0 || y === 0) return x * y + z;
  const [a, b, c] = [decompose(x), decompose(y), decompose(z)];
  const exponent = Math.min(a.exponent + b.exponent, c.exponent);
  const product = (a.significand * b.significand) << BigInt(a.exponent + b.exponent - exponent);
  const addend = c.significand << BigInt(c.exponent - exponent);
  const sum = (x < 0 === y < 0 ? product : -product) + (z < 0 ? -addend : addend);
  if (sum === 0n) return z === 0 ? x * y + z : 0;
  const result = roundedDouble(sum, exponent);
  // A product below what doubles hold keeps its sign.
  return result === 0 && sum < 0n ? -0 : result;
}

export function hypot(x: number, y: number): number {
  if (Math.abs(x) === Number.POSITIVE_INFINITY || Math.abs(y) === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const [a, b] = [decompose(x), decompose(y)];
  const exponent = Math.min(a.exponent, b.exponent);
  const square = (a.significand << BigInt(a.exponent - exponent)) ** 2n + (b.significand << BigInt(b.exponent - exponent)) ** 2n;
  // 64 bits more than are shown, and the lowest says whether the root is exact.
  const shift = 2n * BigInt(Math.max(0, 120 - (bitLength(square) >> 1)));
  const root = squareRoot(square << shift);
  const odd = root * root === square << shift ? root : root | 1n;
  return roundedDouble(odd, exponent - Number(shift / 2n));
}

/** The error function, in fixed point, by its power series. */
function errorFunction(x: number, bits: number): bigint {
  const square = (toFixedPoint(x, bits) * toFixedPoint(x, bits)) >> BigInt(bits);
  let power = toFixedPoint(x, bits);
  let sum = 0n;
  for (let n = 0n; power !== 0n; n++) {
    sum += (n % 2n === 0n ? power : -power) / (2n * n + 1n);
    power = ((power * square) >> BigInt(bits)) / (n + 1n);
  }
  return (2n * sum * ONE(bits)) / squareRoot(pi(bits) << BigInt(bits));
}

/** Where its terms grow to e^(x²) before they shrink, and the complement is as small as e^(−x²). */
function bitsFor(x: number): number {
  return BITS + Math.ceil(3 * x * x);
}

export function erf(x: number): number {
  if (Number.isNaN(x) || x === 0) return x;
  if (Math.abs(x) > 6) return Math.sign(x);
  if (x < 0) return -erf(-x);
  // What is too small for fixed point is a straight line.
  const tiny = Math.max(0, -Math.floor(Math.log2(x)));
  const bits = bitsFor(x) + 2 * tiny;
  return roundedDouble(errorFunction(x, bits), -bits);
}

export function erfc(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 28) return 0;
  if (x < -6) return 2;
  const bits = bitsFor(x) + 64;
  const value = errorFunction(Math.abs(x), bits);
  return roundedDouble(ONE(bits) - (x < 0 ? -value : value), -bits);
}
