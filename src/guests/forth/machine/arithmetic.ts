// What a primitive does when it takes more than an expression: double-cell arithmetic and blocks of memory.
// Results of two cells come back in `low` and `high`, because the interpreter allocates nothing.
import { ForthException } from "../exceptions.ts";
import type { DataMemory } from "./data-memory.ts";

const TWO_32 = 4294967296;
const EXACT = Number.MAX_SAFE_INTEGER;

/** What primitives need of the machine that they run on. */
export interface ArithmeticMachine {
  readonly bytes: Uint8Array;
  readonly memory: DataMemory;
  hostMark: () => number;
  caught: ForthException | undefined;
}

export interface Arithmetic {
  low: number;
  high: number;
  umulHigh(a: number, b: number): number;
  mulHigh(a: number, b: number): number;
  unsignedDivide(l: number, h: number, u: number): void;
  floorDivide(l: number, h: number, n: number): void;
  truncDivide(l: number, h: number, n: number): void;
  mulDivMod(a: number, b: number, c: number): void;
  move(from: number, to: number, length: number): void;
  cmove(from: number, to: number, length: number): void;
  cmoveUp(from: number, to: number, length: number): void;
  fill(at: number, length: number, char: number): void;
  compare(a: number, aLength: number, b: number, bLength: number): number;
  hostMark(): number;
  abortMessage(address: number, length: number): void;
}

export function createArithmetic(machine: ArithmeticMachine): Arithmetic {
  const { bytes } = machine;
  /** remainder to `low`, quotient to `high`; both as they are, wrapped to 32 bits */
  function leave(remainder: number, quotient: number): void {
    memory.low = remainder | 0;
    memory.high = quotient | 0;
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
    if (divisor === 0n) throw new ForthException(-10);
    let quotient = dividend / divisor;
    let remainder = dividend % divisor;
    if (floored && remainder !== 0n && remainder < 0n !== divisor < 0n) {
      quotient -= 1n;
      remainder += divisor;
    }
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
  const memory: Arithmetic = {
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
    move(from, to, length) {
      if (length === 0) return;
      machine.memory.check(from, length);
      machine.memory.check(to, length);
      bytes.copyWithin(to, from, from + length);
    },
    cmove(from, to, length) {
      if (length === 0) return;
      machine.memory.check(from, length);
      machine.memory.check(to, length);
      // upwards, byte by byte where the ranges overlap: that propagates, and programs use it to fill
      if (to <= from || to >= from + length) bytes.copyWithin(to, from, from + length);
      else for (let i = 0; i < length; i++) bytes[to + i] = bytes[from + i];
    },
    cmoveUp(from, to, length) {
      if (length === 0) return;
      machine.memory.check(from, length);
      machine.memory.check(to, length);
      if (to >= from || to + length <= from) bytes.copyWithin(to, from, from + length);
      else for (let i = length - 1; i >= 0; i--) bytes[to + i] = bytes[from + i];
    },
    fill(at, length, char) {
      if (length === 0) return;
      machine.memory.check(at, length);
      bytes.fill(char, at, at + length);
    },
    compare(a, aLength, b, bLength) {
      const length = Math.min(aLength, bLength);
      if (length > 0) {
        machine.memory.check(a, length);
        machine.memory.check(b, length);
      }
      for (let i = 0; i < length; i++) {
        if (bytes[a + i] !== bytes[b + i]) return bytes[a + i] < bytes[b + i] ? -1 : 1;
      }
      return Math.sign(aLength - bLength);
    },
    hostMark: () => machine.hostMark(),
    abortMessage(address, length) {
      machine.caught = new ForthException(-2, machine.memory.text(address, length).trim() || "aborted");
    },
  };
  return memory;
}
