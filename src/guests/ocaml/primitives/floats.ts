// Floating-point arithmetic, conversions and functions.

import { bitsOfFloat, copy, floatOfBits, INVALID, isNegative, isSignalling, nanOf, negate, withSign } from "../float-bits.ts";
import * as elementary from "../runtime/elementary.ts";
import { formatFloat, hexadecimalText, parseFloatText } from "../runtime/float-text.ts";
import { erf, erfc, exp2, fma, hypot } from "../runtime/mathematics.ts";
import { fromHost } from "../runtime/text.ts";
import { Float, type Integer, makeHeapBlock, type Primitives, type Runtime, toInteger, type Value } from "../value.ts";
import { truncate } from "./boxed-integers.ts";

type Unary = (value: number) => number;
type Binary = (a: number, b: number) => number;

const unary =
  (compute: Unary, invalid = INVALID) =>
  (a: Float): Float => {
    const result = compute(a.value);
    if (!Number.isNaN(result)) return new Float(result);
    return Number.isNaN(a.value) ? nanOf(a) : invalid;
  };
const binary =
  (compute: Binary) =>
  (a: Float, b: Float): Float => {
    const result = compute(a.value, b.value);
    return Number.isNaN(result) ? nanOf(a, b) : new Float(result);
  };
/** Of one that knows an answer for some NaNs, as long as they are quiet. OCaml's own `nan` was not, before 5.1. */
function forgiving(compute: Binary): (a: Float, b: Float) => Float {
  const plain = binary(compute);
  return (a, b) => (isSignalling(a) || isSignalling(b) ? nanOf(a, b) : plain(a, b));
}
/** A function that returns a NaN unchanged. */
const rounding =
  (compute: Unary) =>
  (a: Float): Float =>
    Number.isNaN(a.value) ? copy(a) : new Float(compute(a.value));
/** What glibc's acos, asin and log10 make of what they are not defined for. */
const PLAIN_NAN = new Float(Number.NaN);

/** Halves away from zero. */
function round(value: number): number {
  const whole = Math.trunc(value);
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole || value * 0;
}

/** Value = significand × 2^exponent, the significand from 0.5 up to 1. */
function splitExponent(value: number): readonly [number, number] {
  if (value === 0 || !Number.isFinite(value)) return [value, 0];
  const exponent = Number((bitsOfFloat(new Float(value)) >> 52n) & 0x7ffn);
  // In two steps: no double is 2^1022 times some of them.
  if (exponent !== 0)
    return [value * 2 ** Math.trunc((1022 - exponent) / 2) * 2 ** (1022 - exponent - Math.trunc((1022 - exponent) / 2)), exponent - 1022];
  const [significand, below] = splitExponent(value * 2 ** 54);
  return [significand, below - 54];
}

/** Value × 2^exponent, rounded once. */
function scale(value: number, exponent: Integer): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const [significand, own] = splitExponent(value);
  // C takes an int; beyond this all is 0 or infinite anyway.
  const total = Math.max(-3000, Math.min(3000, own + Number(BigInt.asIntN(32, BigInt(exponent)))));
  if (total > 1024) return significand * Number.POSITIVE_INFINITY;
  // Exact down to the last step.
  return total >= -1021 ? significand * 2 * 2 ** (total - 1) : significand * 2 ** -1000 * 2 ** Math.max(-1074, total + 1000);
}

function nextAfter(from: Float, to: Float): Float {
  const [a, b] = [from.value, to.value];
  if (Number.isNaN(a) || Number.isNaN(b)) return nanOf(from, to);
  if (a === b) return copy(to);
  if (a === 0) return new Float(b < 0 ? -Number.MIN_VALUE : Number.MIN_VALUE);
  return floatOfBits(bitsOfFloat(from) + (a < b === a > 0 ? 1n : -1n));
}

const CLASSES = { normal: 0, subnormal: 1, zero: 2, infinite: 3, nan: 4 };

function classify(value: number): number {
  const size = Math.abs(value);
  if (Number.isNaN(size)) return CLASSES.nan;
  if (size === Number.POSITIVE_INFINITY) return CLASSES.infinite;
  return size === 0 ? CLASSES.zero : size < 2 ** -1022 ? CLASSES.subnormal : CLASSES.normal;
}

function compare(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  // NaN equals itself and is below everything else.
  return a === b ? 0 : Number(!Number.isNaN(a)) - Number(!Number.isNaN(b));
}

function conversions(runtime: Runtime): Primitives {
  return {
    caml_float_of_int: (value: Integer) => new Float(Number(value)),
    caml_int_of_float: ({ value }: Float) => (Math.abs(value) < 2 ** 53 ? Math.trunc(value) + 0 : toInteger(truncate(value))),
    caml_format_float: formatFloat,
    caml_hexstring_of_float: (value: Float, precision: number, style: number) =>
      fromHost(hexadecimalText(value, precision, String.fromCharCode(style))),
    caml_float_of_string(text: Uint8Array) {
      const value = parseFloatText(text);
      if (value === undefined) return runtime.raiseWith("Failure", "float_of_string");
      return typeof value === "number" ? new Float(value) : value;
    },
    caml_classify_float: ({ value }: Float) => classify(value),
    caml_frexp_float(value: Float) {
      const [significand, exponent] = splitExponent(value.value);
      return makeHeapBlock(0, Number.isNaN(significand) ? nanOf(value) : new Float(significand), exponent);
    },
    caml_ldexp_float: (value: Float, exponent: Integer) =>
      Number.isNaN(value.value) ? nanOf(value) : new Float(scale(value.value, exponent)),
    caml_modf_float(float: Float) {
      const { value } = float;
      if (Number.isNaN(value)) return makeHeapBlock(0, nanOf(float), nanOf(float));
      const whole = Math.trunc(value);
      const fraction = Number.isFinite(value) ? value - whole : 0;
      return makeHeapBlock(0, withSign(new Float(fraction), value < 0 || Object.is(value, -0)), new Float(whole));
    },
  };
}

const flag = (condition: boolean): Value => (condition ? 1 : 0);

export function floats(runtime: Runtime): Primitives {
  const sign = (value: Float): Value => flag(isNegative(value));
  return {
    ...conversions(runtime),
    caml_neg_float: negate,
    caml_abs_float: (value: Float) => withSign(value, false),
    caml_add_float: binary((a, b) => a + b),
    caml_sub_float: binary((a, b) => a - b),
    caml_mul_float: binary((a, b) => a * b),
    caml_div_float: binary((a, b) => a / b),
    caml_fmod_float: binary((a, b) => a % b),
    caml_power_float: forgiving(elementary.pow),
    caml_atan2_float: binary(elementary.atan2),
    caml_hypot_float: forgiving(hypot),
    caml_fma_float: (a: Float, b: Float, c: Float) => {
      const result = fma(a.value, b.value, c.value);
      return Number.isNaN(result) ? nanOf(a, b, c) : new Float(result);
    },
    caml_exp_float: unary(elementary.exp),
    caml_exp2_float: unary(exp2),
    caml_expm1_float: unary(Math.expm1),
    caml_log_float: unary(elementary.log),
    caml_log2_float: unary(Math.log2),
    caml_log10_float: unary(Math.log10, PLAIN_NAN),
    caml_log1p_float: unary(Math.log1p),
    caml_sqrt_float: unary(Math.sqrt),
    caml_cbrt_float: unary(elementary.cbrt),
    caml_sin_float: unary(elementary.sin),
    caml_cos_float: unary(elementary.cos),
    caml_tan_float: unary(elementary.tan),
    caml_asin_float: unary(elementary.asin, PLAIN_NAN),
    caml_acos_float: unary(elementary.acos, PLAIN_NAN),
    caml_atan_float: unary(elementary.atan),
    caml_sinh_float: unary(Math.sinh),
    caml_cosh_float: unary(elementary.cosh),
    caml_tanh_float: unary(Math.tanh),
    caml_asinh_float: unary(elementary.asinh),
    caml_acosh_float: unary(elementary.acosh),
    caml_atanh_float: unary(Math.atanh),
    caml_erf_float: unary(erf),
    caml_erfc_float: unary(erfc),
    caml_ceil_float: rounding(Math.ceil),
    caml_floor_float: rounding(Math.floor),
    caml_trunc_float: rounding(Math.trunc),
    caml_round_float: unary(round),
    caml_nextafter_float: nextAfter,
    caml_copysign_float: (value: Float, sign: Float) => withSign(value, isNegative(sign)),
    caml_signbit_float: sign,
    caml_signbit: sign,
    caml_eq_float: (a: Float, b: Float) => flag(a.value === b.value),
    caml_neq_float: (a: Float, b: Float) => flag(a.value !== b.value),
    caml_lt_float: (a: Float, b: Float) => flag(a.value < b.value),
    caml_le_float: (a: Float, b: Float) => flag(a.value <= b.value),
    caml_gt_float: (a: Float, b: Float) => flag(a.value > b.value),
    caml_ge_float: (a: Float, b: Float) => flag(a.value >= b.value),
    caml_float_compare: (a: Float, b: Float) => compare(a.value, b.value),
  };
}
