// Arithmetic of double cells of 64 bits: on bigints, which have as many bits as it takes.
import { type Doubles, divided } from "./arithmetic.ts";

const signed = (x: bigint): bigint => BigInt.asIntN(64, x);
const unsigned = (x: bigint): bigint => BigInt.asUintN(64, x);

export function createWideDoubles(): Doubles<bigint> {
  function divide(dividend: bigint, divisor: bigint, floored: boolean): void {
    const { quotient, remainder } = divided(dividend, divisor, floored);
    doubles.low = signed(remainder);
    doubles.high = signed(quotient);
  }
  const join = (l: bigint, h: bigint): bigint => (h << 64n) | unsigned(l);
  const doubles: Doubles<bigint> = {
    low: 0n,
    high: 0n,
    umulHigh: (a, b) => signed((unsigned(a) * unsigned(b)) >> 64n),
    mulHigh: (a, b) => (a * b) >> 64n,
    unsignedDivide: (l, h, u) => divide(join(l, unsigned(h)), unsigned(u), true),
    floorDivide: (l, h, n) => divide(join(l, h), n, true),
    truncDivide: (l, h, n) => divide(join(l, h), n, false),
    mulDivMod: (a, b, c) => divide(a * b, c, true),
  };
  return doubles;
}
