// What a primitive does when it takes more than an expression: arithmetic of double cells of 32 bits (those of 64: wide-arithmetic.ts).
// Results of two cells come back in `low` and `high`, because the interpreter allocates nothing.
import { ForthException } from "../exceptions.ts";

const TWO_32 = 4294967296;
const EXACT = Number.MAX_SAFE_INTEGER;

/** Arithmetic of double cells. @typeParam C a cell: number or bigint */
export interface Doubles<C> {
  /** A remainder, or the low cell of a result. */
  low: C;
  /** A quotient, or the high cell of a result. */
  high: C;
  umulHigh(a: C, b: C): C;
  mulHigh(a: C, b: C): C;
  unsignedDivide(l: C, h: C, u: C): void;
  floorDivide(l: C, h: C, n: C): void;
  truncDivide(l: C, h: C, n: C): void;
  mulDivMod(a: C, b: C, c: C): void;
}

/** The quotient and remainder of numbers of any length, rounded down or to zero. @throws ForthException -10, division by zero */
export function divided(dividend: bigint, divisor: bigint, floored: boolean): { readonly quotient: bigint; readonly remainder: bigint } {
  if (divisor === 0n) throw new ForthException(-10);
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const isAbove = floored && remainder !== 0n && remainder < 0n !== divisor < 0n;
  return isAbove ? { quotient: quotient - 1n, remainder: remainder + divisor } : { quotient, remainder };
}

export function createNarrowDoubles(): Doubles<number> {
  /** remainder to `low`, quotient to `high`; both as they are, wrapped to 32 bits */
  function leave(remainder: number, quotient: number): void {
    doubles.low = remainder | 0;
    doubles.high = quotient | 0;
  }
  function divide(dividend: number, divisor: number, floored: boolean): void {
    if (divisor === 0) throw new ForthException(-10);
    let quotient = floored ? Math.floor(dividend / divisor) : Math.trunc(dividend / divisor);
    let remainder = dividend - quotient * divisor;
    // dividend / divisor is rounded to 53 bits and may land on the next integer
    if (remainder !== 0 && Math.abs(remainder) >= Math.abs(divisor)) {
      quotient += Math.sign(remainder) * Math.sign(divisor);
      remainder = dividend - quotient * divisor;
    }
    if (remainder !== 0 && remainder < 0 !== (floored ? divisor < 0 : dividend < 0)) {
      const away = Math.sign(remainder) * Math.sign(divisor);
      quotient += away;
      remainder = dividend - quotient * divisor;
    }
    leave(remainder, quotient);
  }
  function divideBig(dividend: bigint, divisor: bigint, floored: boolean): void {
    const { quotient, remainder } = divided(dividend, divisor, floored);
    leave(Number(BigInt.asIntN(32, remainder)), Number(BigInt.asIntN(32, quotient)));
  }
  const big = (l: number, h: number): bigint => (BigInt(h) << 32n) | BigInt(l >>> 0);
  function divideDouble(l: number, h: number, n: number, floored: boolean): void {
    const dividend = h * TWO_32 + (l >>> 0);
    if (Math.abs(dividend) <= EXACT - TWO_32) divide(dividend, n, floored);
    else divideBig(big(l, h), BigInt(n), floored);
  }
  function umulHigh(a: number, b: number): number {
    const aHigh = a >>> 16;
    const aLow = a & 0xffff;
    const bHigh = b >>> 16;
    const bLow = b & 0xffff;
    const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
    const carry = aLow * bHigh + (middle & 0xffff);
    return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carry / 65536)) | 0;
  }
  const doubles: Doubles<number> = {
    low: 0,
    high: 0,
    umulHigh,
    mulHigh: (a, b) => (umulHigh(a, b) - (a < 0 ? b : 0) - (b < 0 ? a : 0)) | 0,
    unsignedDivide(l, h, u) {
      const dividend = (h >>> 0) * TWO_32 + (l >>> 0);
      if (dividend <= EXACT) divide(dividend, u >>> 0, true);
      else divideBig((BigInt(h >>> 0) << 32n) | BigInt(l >>> 0), BigInt(u >>> 0), true);
    },
    floorDivide: (l, h, n) => divideDouble(l, h, n, true),
    truncDivide: (l, h, n) => divideDouble(l, h, n, false),
    mulDivMod(a, b, c) {
      const product = a * b;
      if (Math.abs(product) <= EXACT - TWO_32) divide(product, c, true);
      else divideBig(BigInt(a) * BigInt(b), BigInt(c), true);
    },
  };
  return doubles;
}
