// Int32, Int64, Nativeint: boxes around integers that wrap at 32 and 64 bits.

import { bitsOfFloat, floatOfBits, floatOfSingleBits, singleBitsOfFloat } from "../float-bits.ts";
import { formatInteger, parseInteger } from "../runtime/integer-text.ts";
import { Custom, Float, type Integer, type Primitives, type Runtime, toInteger } from "../value.ts";

const int32 = (value: number): Custom => new Custom("_i", value | 0);
const int64 = (value: bigint): Custom => new Custom("_j", BigInt.asIntN(64, value));
const native = (value: bigint): Custom => new Custom("_n", BigInt.asIntN(64, value));
const low32 = (value: Integer | bigint): number => Number(BigInt.asIntN(32, BigInt(value)));
const num = (box: Custom): number => box.data as number;
const big = (box: Custom): bigint => box.data as bigint;

/** What the processor's conversion makes of a double: the lowest integer when it does not fit. */
export function truncate(value: number): bigint {
  return value >= -(2 ** 63) && value < 2 ** 63 ? BigInt(Math.trunc(value)) : -(2n ** 63n);
}

const converting = new DataView(new ArrayBuffer(8));

function swap64(value: bigint): bigint {
  converting.setBigInt64(0, value);
  return converting.getBigInt64(0, true);
}

function int32s(runtime: Runtime): Primitives {
  const byZero = (divisor: number): void => {
    if (divisor === 0) runtime.raise("Division_by_zero");
  };
  return {
    caml_int32_add: (a: Custom, b: Custom) => int32(num(a) + num(b)),
    caml_int32_sub: (a: Custom, b: Custom) => int32(num(a) - num(b)),
    caml_int32_mul: (a: Custom, b: Custom) => int32(Math.imul(num(a), num(b))),
    caml_int32_div(a: Custom, b: Custom) {
      byZero(num(b));
      return int32(num(a) / num(b));
    },
    caml_int32_mod(a: Custom, b: Custom) {
      byZero(num(b));
      return int32(num(a) % num(b));
    },
    caml_int32_neg: (a: Custom) => int32(-num(a)),
    caml_int32_and: (a: Custom, b: Custom) => int32(num(a) & num(b)),
    caml_int32_or: (a: Custom, b: Custom) => int32(num(a) | num(b)),
    caml_int32_xor: (a: Custom, b: Custom) => int32(num(a) ^ num(b)),
    caml_int32_shift_left: (a: Custom, count: number) => int32(num(a) << count),
    caml_int32_shift_right: (a: Custom, count: number) => int32(num(a) >> count),
    caml_int32_shift_right_unsigned: (a: Custom, count: number) => int32(num(a) >>> count),
    caml_int32_compare: (a: Custom, b: Custom) => (num(a) < num(b) ? -1 : num(a) > num(b) ? 1 : 0),
    caml_int32_bswap(a: Custom) {
      converting.setInt32(0, num(a));
      return int32(converting.getInt32(0, true));
    },
    caml_int32_of_int: (a: Integer) => int32(low32(a)),
    caml_int32_to_int: (a: Custom) => num(a),
    caml_int32_of_float: ({ value }: Float) => int32(value > -(2 ** 31) - 1 && value < 2 ** 31 ? value : low32(truncate(value))),
    caml_int32_to_float: (a: Custom) => new Float(num(a)),
    caml_int32_format: (format: Uint8Array, a: Custom) => formatInteger(format, num(a), 32),
    caml_int32_of_string(text: Uint8Array) {
      const value = parseInteger(text, 32);
      return value === undefined ? runtime.raiseWith("Failure", "Int32.of_string") : int32(low32(value));
    },
    caml_int32_bits_of_float: (value: Float) => int32(singleBitsOfFloat(value)),
    caml_int32_float_of_bits: (bits: Custom) => floatOfSingleBits(num(bits)),
  };
}

/** What Int64 and Nativeint have in common: both have 64 bits. */
function wide(runtime: Runtime, name: "int64" | "nativeint", module: string, box: (value: bigint) => Custom): Primitives {
  const byZero = (divisor: bigint): void => {
    if (divisor === 0n) runtime.raise("Division_by_zero");
  };
  return {
    [`caml_${name}_add`]: (a: Custom, b: Custom) => box(big(a) + big(b)),
    [`caml_${name}_sub`]: (a: Custom, b: Custom) => box(big(a) - big(b)),
    [`caml_${name}_mul`]: (a: Custom, b: Custom) => box(big(a) * big(b)),
    [`caml_${name}_div`](a: Custom, b: Custom) {
      byZero(big(b));
      return box(big(a) / big(b));
    },
    [`caml_${name}_mod`](a: Custom, b: Custom) {
      byZero(big(b));
      return box(big(a) % big(b));
    },
    [`caml_${name}_neg`]: (a: Custom) => box(-big(a)),
    [`caml_${name}_and`]: (a: Custom, b: Custom) => box(big(a) & big(b)),
    [`caml_${name}_or`]: (a: Custom, b: Custom) => box(big(a) | big(b)),
    [`caml_${name}_xor`]: (a: Custom, b: Custom) => box(big(a) ^ big(b)),
    // The processor takes six bits of a shift's count.
    [`caml_${name}_shift_left`]: (a: Custom, count: number) => box(big(a) << BigInt(count & 63)),
    [`caml_${name}_shift_right`]: (a: Custom, count: number) => box(big(a) >> BigInt(count & 63)),
    [`caml_${name}_shift_right_unsigned`]: (a: Custom, count: number) => box(BigInt.asUintN(64, big(a)) >> BigInt(count & 63)),
    [`caml_${name}_compare`]: (a: Custom, b: Custom) => (big(a) < big(b) ? -1 : big(a) > big(b) ? 1 : 0),
    [`caml_${name}_bswap`]: (a: Custom) => box(swap64(big(a))),
    [`caml_${name}_of_int`]: (a: Integer) => box(BigInt(a)),
    [`caml_${name}_to_int`]: (a: Custom) => toInteger(big(a)),
    [`caml_${name}_of_int32`]: (a: Custom) => box(BigInt(num(a))),
    [`caml_${name}_to_int32`]: (a: Custom) => int32(low32(big(a))),
    [`caml_${name}_of_float`]: ({ value }: Float) => box(truncate(value)),
    [`caml_${name}_to_float`]: (a: Custom) => new Float(Number(big(a))),
    [`caml_${name}_format`]: (format: Uint8Array, a: Custom) => formatInteger(format, big(a), 64),
    [`caml_${name}_of_string`](text: Uint8Array) {
      const value = parseInteger(text, 64);
      return value === undefined ? runtime.raiseWith("Failure", `${module}.of_string`) : box(value);
    },
  };
}

export function boxedIntegers(runtime: Runtime): Primitives {
  return {
    ...int32s(runtime),
    ...wide(runtime, "int64", "Int64", int64),
    ...wide(runtime, "nativeint", "Nativeint", native),
    caml_int64_of_nativeint: (a: Custom) => int64(big(a)),
    caml_int64_to_nativeint: (a: Custom) => native(big(a)),
    caml_int64_bits_of_float: (a: Float) => int64(bitsOfFloat(a)),
    caml_int64_float_of_bits: (a: Custom) => floatOfBits(big(a)),
  };
}
