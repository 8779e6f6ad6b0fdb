// Floats as bits. The host hides which of the many NaNs it holds, and they differ when printed: x86 makes a negative one for invalid
// operations, which C prints as "-nan". So we store the bits of unusual NaNs beside them, and read and write NaNs in float arrays as
// integers.
import { Float } from "./value.ts";

const QUIET = 1n << 51n;
const HIGHEST = 1n << 63n;
const EXPONENT = 0x7ffn << 52n;

const converting = new DataView(new ArrayBuffer(8));
const nans = new WeakMap<Float, bigint>();

/** @param bits of 64, signed or not */
export function floatOfBits(bits: bigint): Float {
  converting.setBigUint64(0, BigInt.asUintN(64, bits));
  const float = new Float(converting.getFloat64(0));
  if (Number.isNaN(float.value)) nans.set(float, BigInt.asUintN(64, bits));
  return float;
}

/** Bits of single precision become the upper ones of a NaN. */
const SINGLE_SHIFT = 29n;

/** @param bits of 32, signed */
export function floatOfSingleBits(bits: number): Float {
  converting.setInt32(0, bits);
  const value = converting.getFloat32(0);
  if (!Number.isNaN(value)) return new Float(value);
  return floatOfBits((bits < 0 ? HIGHEST : 0n) | EXPONENT | QUIET | (BigInt(bits & 0x7fffff) << SINGLE_SHIFT));
}

/** Its nearest value of single precision, as 32 bits, signed. */
export function singleBitsOfFloat(float: Float): number {
  converting.setFloat32(0, float.value);
  if (!Number.isNaN(float.value)) return converting.getInt32(0);
  const payload = Number((bitsOfFloat(float) >> SINGLE_SHIFT) & 0x3fffffn);
  return (isNegative(float) ? -0x80000000 : 0) | 0x7fc00000 | payload;
}

/** Its 64 bits, unsigned. */
export function bitsOfFloat(float: Float): bigint {
  if (Number.isNaN(float.value)) return nans.get(float) ?? EXPONENT | QUIET;
  converting.setFloat64(0, float.value);
  return converting.getBigUint64(0);
}

/** The result of an invalid operation on x86. */
export const INVALID = floatOfBits(HIGHEST | EXPONENT | QUIET);

/** The result of an operation on NaNs: the first one, made quiet; a negative one if there was none. */
export function nanOf(...operands: Float[]): Float {
  for (const operand of operands) if (Number.isNaN(operand.value)) return floatOfBits(bitsOfFloat(operand) | QUIET);
  return INVALID;
}

export function isNegative(float: Float): boolean {
  return bitsOfFloat(float) >= HIGHEST;
}

/** Whether a NaN is signalling. */
export function isSignalling(float: Float): boolean {
  return Number.isNaN(float.value) && (bitsOfFloat(float) & QUIET) === 0n;
}

export function negate(float: Float): Float {
  return Number.isNaN(float.value) ? floatOfBits(bitsOfFloat(float) ^ HIGHEST) : new Float(-float.value);
}

/** A new box with the same bits. */
export function copy(float: Float): Float {
  return Number.isNaN(float.value) ? floatOfBits(bitsOfFloat(float)) : new Float(float.value);
}

export function withSign(float: Float, negative: boolean): Float {
  return isNegative(float) === negative ? copy(float) : negate(float);
}

/** The element of a float array. */
export function readFloat(array: Float64Array, index: number): Float {
  const value = array[index] as number;
  return !Number.isNaN(value) ? new Float(value) : floatOfBits(new BigUint64Array(array.buffer, array.byteOffset)[index] ?? 0n);
}

export function writeFloat(array: Float64Array, index: number, float: Float): void {
  const { value } = float;
  if (!Number.isNaN(value)) array[index] = value;
  else new BigUint64Array(array.buffer, array.byteOffset)[index] = bitsOfFloat(float);
}
