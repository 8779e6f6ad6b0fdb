// Addresses of recorded branches: 64 bits, as two halves or as a whole.

/** All 64 bits of an address, signed. */
export const wholeOf = (low: number, high: number): bigint => BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low >>> 0));

/** The same, unsigned. */
export const unsignedOf = (low: number, high: number): bigint => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);

/** An address, or a difference of two, signed: a number where that holds it exactly, which takes a fifth of the time. */
export type Address = number | bigint;

/** Modulo 2^64. */
export function sumOf(one: Address, other: Address): Address {
  if (typeof one === "number" && typeof other === "number") {
    const sum = one + other;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return BigInt.asIntN(64, BigInt(one) + BigInt(other));
}

/** The lower 32 bits of an address, signed. */
export const lowOf = (address: Address): number => (typeof address === "number" ? address | 0 : Number(BigInt.asIntN(32, address)));

/** The upper 32 bits of an address, signed. */
export const highOf = (address: Address): number =>
  typeof address === "number" ? Math.floor(address / 2 ** 32) | 0 : Number(BigInt.asIntN(32, address >> 32n));

/** All 64 bits of an address, hexadecimal. */
export function hexOf(low: number, high: number): string {
  const digits = (low >>> 0).toString(16);
  return high === 0 ? `0x${digits}` : `0x${(high >>> 0).toString(16)}${digits.padStart(8, "0")}`;
}

/** The halves of an address in hexadecimal digits, at most 16 of them. */
export const lowOfDigits = (digits: string): number => Number.parseInt(digits.slice(-8), 16) | 0;
export const highOfDigits = (digits: string): number => (digits.length <= 8 ? 0 : Number.parseInt(digits.slice(0, -8), 16) | 0);
