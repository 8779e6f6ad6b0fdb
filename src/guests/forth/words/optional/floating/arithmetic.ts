// FLOATING: arithmetic, comparisons, the stack, memory, and conversions between floating point and integers. Bodies are those that
// were measured in Gforth.

import type { Forth } from "../../../forth.ts";
import type { Cell, Cells } from "../../../machine/cells.ts";
import type { Machine } from "../../../machine/machine.ts";
import { moveLocals } from "../../../machine/stack-addresses.ts";
import type { OptionalWord } from "../../../optional-words.ts";

const unary = (name: string, body: string, compute: (a: number) => number): OptionalWord<Forth> => [
  name,
  "--",
  ({ floats }) => floats.push(compute(floats.pop())),
  { body },
];
const binary = (name: string, body: string, compute: (a: number, b: number) => number): OptionalWord<Forth> => [
  name,
  "--",
  ({ floats }) => {
    const b = floats.pop();
    floats.push(compute(floats.pop(), b));
  },
  { body },
];
const test = (name: string, body: string, holds: (a: number) => boolean): OptionalWord<Forth> => [
  name,
  "-- f",
  (m) => m.push(holds(m.floats.pop()) ? -1 : 0),
  { body },
];
const compare = (name: string, body: string, holds: (a: number, b: number) => boolean): OptionalWord<Forth> => [
  name,
  "-- f",
  (m) => {
    const b = m.floats.pop();
    m.push(holds(m.floats.pop(), b) ? -1 : 0);
  },
  { body },
];
/** Takes `count` numbers and leaves some of them again, by their places from the top; the new top last. */
const shuffle = (name: string, body: string, count: number, leaves: readonly number[]): OptionalWord<Forth> => {
  return [
    name,
    "--",
    ({ floats }) => {
      const taken: number[] = [];
      for (let i = 0; i < count; i++) taken.push(floats.pop());
      for (const place of leaves) floats.push(taken[place]);
    },
    { body },
  ];
};

/** From here on doubles are whole. */
const WHOLE = 2 ** 52;

/** The nearest integer, the even one of two: adding so much rounds. */
function roundToEven(x: number): number {
  if (!(Math.abs(x) < WHOLE)) return x;
  const rounded = Math.abs(x) + WHOLE - WHOLE;
  return x < 0 || Object.is(x, -0) ? -rounded : rounded;
}
/** C's pow: 1 to any power is 1, and -1 to an infinite one. */
const power = (a: number, b: number): number => (a === 1 || (a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) ? 1 : a ** b);

const arithmetic: readonly OptionalWord<Forth>[] = [
  binary("f+", "f_plus", (a, b) => a + b),
  binary("f-", "f_minus", (a, b) => a - b),
  binary("f*", "f_star", (a, b) => a * b),
  binary("f/", "f_slash", (a, b) => a / b),
  binary("f**", "f_star_star", power),
  binary("fmax", "f_max", (a, b) => (a >= b ? a : b)),
  binary("fmin", "f_min", (a, b) => (a <= b ? a : b)),
  ["fnegate", "--", ({ floats }) => floats.sign("negate"), { body: "f_negate" }],
  ["fabs", "--", ({ floats }) => floats.sign("clear"), { body: "f_abs" }],
  unary("floor", "floor", Math.floor),
  unary("fround", "f_round", roundToEven),
  unary("ftrunc", "floor", Math.trunc),
  unary("fsqrt", "f_square_root", Math.sqrt),
  unary("fexp", "f_e_x_p", Math.exp),
  unary("fexpm1", "f_e_x_p_m_one", Math.expm1),
  unary("fln", "f_l_n", Math.log),
  unary("flnp1", "f_l_n_p_one", Math.log1p),
  unary("flog", "f_log", Math.log10),
  unary("falog", "f_a_log", (a) => power(10, a)),
  unary("fsin", "f_sine", Math.sin),
  unary("fcos", "f_cos", Math.cos),
  unary("ftan", "f_tan", Math.tan),
  unary("fasin", "f_a_sine", Math.asin),
  unary("facos", "f_a_cos", Math.acos),
  unary("fatan", "f_a_tan", Math.atan),
  binary("fatan2", "f_a_tan_two", Math.atan2),
  unary("fsinh", "f_cinch", Math.sinh),
  unary("fcosh", "f_cosh", Math.cosh),
  unary("ftanh", "f_tan_h", Math.tanh),
  unary("fasinh", "f_a_cinch", Math.asinh),
  unary("facosh", "f_a_cosh", Math.acosh),
  unary("fatanh", "f_a_tan_h", Math.atanh),
  ["fm*", "n --", (m) => m.floats.push(m.floats.pop() * m.pop()), { body: "fm_star" }],
  ["fm/", "n --", (m) => m.floats.push(m.floats.pop() / m.pop()), { body: "fm_slash" }],
  [
    "fm*/",
    "n n --",
    (m) => {
      const divisor = m.pop();
      m.floats.push((m.floats.pop() * m.pop()) / divisor);
    },
    { body: "fm_star_slash" },
  ],
  unary("f**2", "fm_square", (a) => a * a),
  [
    "fsincos",
    "--",
    ({ floats }) => {
      const a = floats.pop();
      floats.push(Math.sin(a));
      floats.push(Math.cos(a));
    },
    { body: "f_sine_cos" },
  ],
];

const comparisons: readonly OptionalWord<Forth>[] = [
  compare("f=", "f_equals", (a, b) => a === b),
  compare("f<>", "f_not_equals", (a, b) => a !== b),
  compare("f<", "f_less_than", (a, b) => a < b),
  compare("f>", "f_greater_than", (a, b) => a > b),
  compare("f<=", "f_less_or_equal", (a, b) => a <= b),
  compare("f>=", "f_greater_or_equal", (a, b) => a >= b),
  test("f0=", "f_zero_equals", (a) => a === 0),
  test("f0<>", "f_zero_not_equals", (a) => a !== 0),
  test("f0<", "f_zero_less_than", (a) => a < 0),
  test("f0>", "f_zero_greater_than", (a) => a > 0),
  test("f0<=", "f_zero_less_or_equal", (a) => a <= 0),
  test("f0>=", "f_zero_greater_or_equal", (a) => a >= 0),
  // the same bits: -0 is not 0, and a NaN is itself. Gforth's F~ compares the stack's memory as strings
  ["(f~bits)", "-- f", (m) => m.push(m.floats.popSameBits() ? -1 : 0), { body: "compare" }],
];

/** Bytes of the floating-point stack as FP@ counts them: it grows down, as in Gforth. */
const FLOAT_BYTES = 8;

const stack: readonly OptionalWord<Forth>[] = [
  shuffle("fdrop", "f_drop", 1, []),
  ["fdup", "--", ({ floats }) => floats.push(floats.peek(0)), { body: "f_dupe" }],
  shuffle("fswap", "f_swap", 2, [0, 1]),
  ["fover", "--", ({ floats }) => floats.push(floats.peek(1)), { body: "f_over" }],
  shuffle("frot", "f_rote", 3, [1, 0, 2]),
  shuffle("f-rot", "f_rote", 3, [0, 2, 1]),
  shuffle("fnip", "f_nip", 2, [0]),
  shuffle("ftuck", "f_tuck", 2, [0, 1, 0]),
  ["fpick", "u --", (m) => m.floats.push(m.floats.peek(m.pop())), { body: "fpick" }],
  ["fdepth", "-- n", (m) => m.push(m.floats.depth), { body: "fp_fetch" }],
  ["fp@", "-- a", (m) => m.push(-FLOAT_BYTES * m.floats.depth), { body: "fp_fetch" }],
  [
    "fp!",
    "a --",
    (m) => {
      m.floats.depth = Math.trunc(-m.pop() / FLOAT_BYTES);
    },
    { body: "fp_store" },
  ],
];

const fetch = (name: string, body: string, bytes: 4 | 8): OptionalWord<Forth> => [
  name,
  "a --",
  (m) => m.floats.push(m.memory.float(m.pop(), bytes)),
  { body },
];
const store = (name: string, body: string, bytes: 4 | 8): OptionalWord<Forth> => [
  name,
  "a --",
  (m) => m.memory.setFloat(m.pop(), bytes, m.floats.pop()),
  { body },
];
const size = (name: string, body: string, compute: (n: number) => number): OptionalWord<Forth> => [
  name,
  "n -- n",
  (m) => m.push(compute(m.pop())),
  { body },
];

const memory: readonly OptionalWord<Forth>[] = [
  fetch("f@", "f_fetch", 8),
  store("f!", "f_store", 8),
  fetch("df@", "d_f_fetch", 8),
  store("df!", "d_f_store", 8),
  fetch("sf@", "s_f_fetch", 4),
  store("sf!", "s_f_store", 4),
  size("float+", "float_plus", (n) => n + 8),
  size("dfloat+", "float_plus", (n) => n + 8),
  size("sfloat+", "float_plus", (n) => n + 4),
  size("floats", "floats", (n) => n * 8),
  size("dfloats", "d_floats", (n) => n * 8),
  size("sfloats", "s_floats", (n) => n * 4),
  size("faligned", "f_aligned", (n) => Math.ceil(n / 8) * 8),
  size("dfaligned", "d_f_aligned", (n) => Math.ceil(n / 8) * 8),
  size("sfaligned", "s_f_aligned", (n) => Math.ceil(n / 4) * 4),
];

/** Towards zero; what no integer of so many bits holds is the least of them, as on x86-64. */
const toInteger = (x: number, bits: number): bigint => (Math.abs(x) < 2 ** (bits - 1) ? BigInt(Math.trunc(x)) : -(2n ** BigInt(bits - 1)));

/** Towards zero, modulo what a cell holds. */
const toUnsigned = (x: number, cell: Cells): Cell => (Number.isFinite(x) ? cell.of(BigInt(Math.trunc(x))) : cell.from(0));

const conversions: readonly OptionalWord<Forth>[] = [
  ["d>f", "d d --", (m) => m.floats.push(Number(m.popDouble())), { body: "d_to_f" }],
  ["f>d", "-- d d", (m) => m.pushDouble(toInteger(m.floats.pop(), 2 * m.cell.bits)), { body: "f_to_d" }],
  ["s>f", "n --", (m) => m.floats.push(m.pop()), { body: "s_to_f" }],
  ["f>s", "-- n", (m) => m.push(m.cell.of(toInteger(m.floats.pop(), 64))), { body: "f_to_s" }],
  ["u>f", "u --", (m) => m.floats.push(m.popUnsigned()), { body: "s_to_f" }],
  ["f>u", "-- u", (m) => m.push(toUnsigned(m.floats.pop(), m.cell)), { body: "f_to_s" }],
];

/** Locals: a frame below lp, which the compiler makes. */
const locals: readonly OptionalWord<Forth>[] = [
  [
    "f>l",
    "--",
    (m) => {
      m.lp -= 8;
      m.memory.check(m.lp, 8);
      m.memory.view.setFloat64(m.lp, m.floats.pop(), true);
    },
    { body: "f_to_l" },
  ],
  ["f@local0", "--", (m) => m.floats.push(m.memory.float(m.lp, 8)), { body: "f_fetch_local_zero" }],
  ["f@local1", "--", (m) => m.floats.push(m.memory.float(m.lp + 8, 8)), { body: "f_fetch_local_eight" }],
  [
    "f@local#",
    "--",
    (m) => m.floats.push(m.memory.float(m.lp + m.operand, 8)),
    { body: "f_fetch_local_number", hidden: true, operands: 1 },
  ],
];

/** Calls `visit` with the addresses of `count` numbers, `stride` bytes apart. */
function walk(m: Machine, at: number, stride: number, count: number, visit: (address: number, index: number) => void): void {
  for (let i = 0; i < count; i++) {
    const address = at + i * stride;
    m.memory.check(address, 8);
    visit(address, i);
  }
}

/** Frees a number on the locals stack. */
const freeLocal: OptionalWord<Forth> = ["lp+", "--", (m) => moveLocals(m, m.lp + 8), { body: "eight_lp_plus_store" }];

/** Gforth's vectors: numbers some bytes apart. */
const vectors: readonly OptionalWord<Forth>[] = [
  [
    "v*",
    "a n b m u --",
    (m) => {
      const [count, strideB, b, strideA, a] = [m.popUnsigned(), m.pop(), m.pop(), m.pop(), m.pop()];
      let sum = 0;
      walk(m, a, strideA, count, (address, i) => {
        m.memory.check(b + i * strideB, 8);
        sum += m.memory.view.getFloat64(address, true) * m.memory.view.getFloat64(b + i * strideB, true);
      });
      m.floats.push(sum);
    },
    { body: "v_star" },
  ],
  [
    "faxpy",
    "a n b m u --",
    (m) => {
      const [count, strideB, b, strideA, a] = [m.popUnsigned(), m.pop(), m.pop(), m.pop(), m.pop()];
      const factor = m.floats.pop();
      walk(m, a, strideA, count, (address, i) => {
        const to = b + i * strideB;
        m.memory.check(to, 8);
        m.memory.view.setFloat64(to, m.memory.view.getFloat64(to, true) + factor * m.memory.view.getFloat64(address, true), true);
      });
    },
    { body: "faxpy" },
  ],
];

export const floatArithmetic: readonly OptionalWord<Forth>[] = [
  ...arithmetic,
  ...comparisons,
  ...stack,
  ...memory,
  ...conversions,
  ...locals,
  freeLocal,
  ...vectors,
];
