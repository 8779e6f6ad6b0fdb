// Floats as bits. The host does not say which of the many NaNs it holds, and they differ when printed: x86 makes a
// negative one of invalid operations, which C prints as "-nan". So we keep the bits of those that differ beside them; they
// are lost where floats lie unboxed, in float arrays.
import { Float } from "../value.ts";

const QUIET = 1n << 51n;
const HIGHEST = 1n << 63n;
const EXPONENT = 0x7ffn << 52n;

const converting = new DataView(new ArrayBuffer(8));
const nans = new WeakMap<Float, bigint>();

/** @param bits of 64, signed or not */
export function floatOfBits(bits: bigint): Float {
  converting.setBigInt64(0, bits);
  const float = new Float(converting.getFloat64(0));
  if (Number.isNaN(float.value)) nans.set(float, BigInt.asUintN(64, bits));
  return float;
}

/** Its 64 bits, unsigned. */
export function bitsOfFloat(float: Float): bigint {
  if (Number.isNaN(float.value)) return nans.get(float) ?? EXPONENT | QUIET;
  converting.setFloat64(0, float.value);
  return converting.getBigUint64(0);
}

/** What x86 makes of an invalid operation. */
export const INVALID = floatOfBits(HIGHEST | EXPONENT | QUIET);

/** What an operation makes of NaNs: the first one, quiet; a negative one when there was none. */
export function nanOf(...operands: Float[]): Float {
  for (const operand of operands) if (Number.isNaN(operand.value)) return floatOfBits(bitsOfFloat(operand) | QUIET);
  return INVALID;
}

export function isNegative(float: Float): boolean {
  return bitsOfFloat(float) >= HIGHEST;
}

export function negate(float: Float): Float {
  return Number.isNaN(float.value) ? floatOfBits(bitsOfFloat(float) ^ HIGHEST) : new Float(-float.value);
}

/** A box of its own around the same bits. */
export function copy(float: Float): Float {
  return Number.isNaN(float.value) ? floatOfBits(bitsOfFloat(float)) : new Float(float.value);
}

export function withSign(float: Float, negative: boolean): Float {
  return isNegative(float) === negative ? copy(float) : negate(float);
}
