import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calculator, session } from "./session.ts";

const run = calculator();
const int32 = fc.oneof(
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  fc.constantFrom(0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 65536, -65536),
);
const divisor = int32.filter((n) => n !== 0);
const low = (n: bigint): number => Number(BigInt.asIntN(32, n));
const floorDiv = (a: bigint, b: bigint): bigint => a / b - (a % b !== 0n && a < 0n !== b < 0n ? 1n : 0n);
const seeded = { seed: 4711, numRuns: 200 };

describe("division", () => {
  it("rounds down for every combination of signs", () => {
    expect(run("7 2 / -7 2 / 7 -2 / -7 -2 /")).toEqual([3, -4, -4, 3]);
    expect(run("7 2 mod -7 2 mod 7 -2 mod -7 -2 mod")).toEqual([1, 1, -1, -1]);
    expect(run("-8 2 /mod 8 -2 /mod")).toEqual([0, -4, 0, -4]);
  });

  it("is symmetric or floored as SM/REM and FM/MOD say", () => {
    expect(run("-7 s>d 2 sm/rem -7 s>d 2 fm/mod 7 s>d -2 sm/rem 7 s>d -2 fm/mod")).toEqual([-1, -3, 1, -4, 1, -3, -1, -4]);
  });

  it("wraps where the quotient does not fit", () => {
    expect(run("$80000000 -1 / $80000000 -1 mod")).toEqual([-(2 ** 31), 0]);
  });

  it("by zero is exception -10 in every word that divides", () => {
    for (const text of [
      "1 0 /",
      "1 0 mod",
      "1 0 /mod",
      "1 2 0 */",
      "1 2 0 */mod",
      "1. 0 um/mod",
      "1. 0 fm/mod",
      "1. 0 sm/rem",
      "1. 2 0 m*/",
    ]) {
      expect(session(text).error, text).toMatch(/division by zero/);
    }
  });

  it("agrees with exact arithmetic on random numbers", () => {
    fc.assert(
      fc.property(int32, divisor, (a, b) => {
        const quotient = floorDiv(BigInt(a), BigInt(b));
        expect(run(`${a} ${b} /mod`)).toEqual([low(BigInt(a) - quotient * BigInt(b)), low(quotient)]);
      }),
      seeded,
    );
  });
});

describe("products of 64 bits", () => {
  it("keep what */ multiplies before it divides", () => {
    expect(run("1000000000 1000000000 1000000000 */ -1000000000 3 2 */ 2147483647 2147483647 2147483647 */mod")).toEqual([
      1000000000, -1500000000, 0, 2147483647,
    ]);
  });

  it("come out of UM* and M* for the largest factors", () => {
    expect(run("-1 -1 um* -1 -1 m* $80000000 $80000000 um* $80000000 $80000000 m* $7fffffff $80000000 m*")).toEqual([
      1,
      -2,
      1,
      0,
      0,
      0x40000000,
      0,
      0x40000000,
      -(2 ** 31),
      -0x40000000,
    ]);
  });

  it("agree with exact arithmetic on random numbers", () => {
    fc.assert(
      fc.property(int32, int32, divisor, (a, b, c) => {
        const product = BigInt(a) * BigInt(b);
        expect(run(`${a} ${b} m*`)).toEqual([low(product), low(product >> 32n)]);
        const quotient = floorDiv(product, BigInt(c));
        expect(run(`${a} ${b} ${c} */mod`)).toEqual([low(product - quotient * BigInt(c)), low(quotient)]);
      }),
      seeded,
    );
  });

  it("are divided by UM/MOD without signs", () => {
    fc.assert(
      fc.property(int32, int32, divisor, (h, l, u) => {
        const [dividend, by] = [(BigInt(h >>> 0) << 32n) | BigInt(l >>> 0), BigInt(u >>> 0)];
        expect(run(`${l} ${h} ${u} um/mod`)).toEqual([low(dividend % by), low(dividend / by)]);
      }),
      seeded,
    );
  });

  it("pass through M*/ with 96 bits between", () => {
    expect(run("-1 $7fffffff 1000000 1000000 m*/")).toEqual([-1, 0x7fffffff]);
    expect(run("-7. 1 2 m*/")).toEqual([-4, -1]);
  });
});

describe("double numbers", () => {
  it("carry and borrow across the middle", () => {
    expect(run("-1 0 1. d+ 0 1 1. d- 0. 1. d- -1 0 1 m+ 5. dnegate $80000000 0 d2* 1 1 d2/")).toEqual([
      0,
      1,
      -1,
      0,
      -1,
      -1,
      0,
      1,
      -5,
      -1,
      0,
      1,
      -(2 ** 31),
      0,
    ]);
  });

  it("compare by sign first, then by magnitude", () => {
    expect(run("-1. 1. d< 1. -1. d< 0 1 -1 0 d< -1 0 0 1 d< -1. 1. du< 1. 2. dmax -1. -2. dmin")).toEqual([-1, 0, 0, -1, 0, 2, 0, -2, -1]);
    expect(run("1. 1. d<= 2. 1. d>= 0. d0> -1. d0<= -1. 1. du> -3. dabs")).toEqual([-1, -1, 0, -1, -1, 3, 0]);
  });

  it("divide by a single cell with UD/MOD", () => {
    expect(run("-1 -1 10 ud/mod")).toEqual([5, -1717986919, 0x19999999]);
  });
});

describe("single cells", () => {
  it("shift to nothing from 32 places on", () => {
    expect(run("1 31 lshift 1 32 lshift 1 -1 lshift -1 31 rshift -1 32 rshift -1 -1 rshift -8 2 arshift -8 99 arshift")).toEqual([
      -(2 ** 31),
      0,
      0,
      1,
      0,
      0,
      -2,
      -1,
    ]);
  });

  it("wrap around", () => {
    expect(run("$7fffffff 1+ $80000000 1- $80000000 negate $80000000 abs $7fffffff 2* -1 2/ 65537 65537 *")).toEqual([
      -(2 ** 31),
      2 ** 31 - 1,
      -(2 ** 31),
      -(2 ** 31),
      -2,
      -1,
      131073,
    ]);
  });

  it("compare with and without sign", () => {
    expect(run("-1 1 < -1 1 u< 1 -1 u> -1 1 u>= 5 0 10 within -1 0 10 within 5 10 0 within -1 1 umax -1 1 umin")).toEqual([
      -1, 0, 0, -1, -1, 0, 0, -1, 1,
    ]);
  });
});

describe("numbers in a text", () => {
  it("take prefixes, signs, characters and dots", () => {
    expect(run("$ff %101 #10 &10 0x1F $-1 -$1 'a' 'a 12. 1.5 -1.")).toEqual([255, 5, 10, 10, 31, -1, -1, 97, 97, 12, 0, 15, 0, -1, -1]);
    expect(run("hex ff decimal 2 base ! 101 decimal 36 base ! zz decimal")).toEqual([255, 5, 1295]);
  });

  it("are undefined words where a digit does not fit the base", () => {
    for (const text of ["1a", "$g", "%2", "--1", "1..2", ".5", "$", "-", "1 base ! 1"]) expect(session(text).error, text).toBeDefined();
  });
});
