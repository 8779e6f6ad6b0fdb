// Exact arithmetic for floats: doubles as integers times powers of two, rounded once, to even.

/** Fixed point: integers in units of 2^-bits. */
export const ONE = (bits: number): bigint => 1n << BigInt(bits);

const view = new DataView(new ArrayBuffer(8));

/** |value| = `significand` × 2^`exponent`, of a finite one. */
export interface Decomposed {
  readonly significand: bigint;
  readonly exponent: number;
}

export function decompose(value: number): Decomposed {
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const biased = Number(bits >> 52n);
  const fraction = bits & 0xfffffffffffffn;
  return biased === 0 ? { significand: fraction, exponent: -1074 } : { significand: fraction | (1n << 52n), exponent: biased - 1075 };
}

/** The nearest integer to a fraction of positive numbers, the even one of two. */
export function roundedQuotient(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = 2n * (numerator - quotient * denominator);
  const up = twice > denominator || (twice === denominator && (quotient & 1n) === 1n);
  return up ? quotient + 1n : quotient;
}

export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/** The double nearest to `significand` × 2^`exponent`. */
export function roundedDouble(significand: bigint, exponent: number): number {
  if (significand < 0n) return -roundedDouble(-significand, exponent);
  const length = bitLength(significand);
  const top = length + exponent;
  if (significand === 0n || top < -1080) return 0;
  if (top > 1025) return Number.POSITIVE_INFINITY;
  const dropped = Math.max(length - 53, -1074 - exponent, 0);
  const rounded = Number(roundedQuotient(significand, 1n << BigInt(dropped)));
  const scale = exponent + dropped;
  // In two steps, because 2^1024 is none; both are exact.
  const half = Math.trunc(scale / 2);
  return rounded * 2 ** half * 2 ** (scale - half);
}

/** A finite double in fixed point, cut. */
export function toFixedPoint(value: number, bits: number): bigint {
  const { significand, exponent } = decompose(value);
  const shift = BigInt(Math.abs(exponent + bits));
  const size = exponent + bits >= 0 ? significand << shift : significand >> shift;
  return value < 0 ? -size : size;
}
