// Exponential, logarithm, power and the circular functions, rounded correctly but for one result in millions. The C library
// that ocamlrun calls rounds nearly all correctly, the host's own one in ten wrongly: it would show in last digits.
import { add, type Double2, divide, multiply, negate, product, ratio, scale, squareRoot, sum, toDouble } from "./double-double.ts";

const of = (value: number): Double2 => ({ hi: value, lo: 0 });
const ONE = of(1);

/** ln 2 and π/2 in parts of 33 bits, so that each but the last times a small integer is exact. */
const LN2_PARTS = [0.6931471804855391, 7.440617109802979e-11, 2.0941744292700725e-21];
const HALF_PI_PARTS = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32];
const LN2: Double2 = { hi: Math.LN2, lo: 2.3190468138462996e-17 };

/** 1/n!, up to 27. */
const INVERSE_FACTORIALS: Double2[] = [ONE];
for (let n = 1; n < 28; n++) INVERSE_FACTORIALS.push(divide(INVERSE_FACTORIALS[n - 1], of(n)));

/** x − k × what the parts are of. */
function reduce(x: Double2, k: number, parts: readonly number[]): Double2 {
  let rest = x;
  for (const part of parts) rest = add(rest, product(-k, part));
  return rest;
}

/** Terms of a power series: those that matter beyond a double's precision in two doubles, the others in one. */
function series(z: Double2, terms: readonly Double2[], precise: number): Double2 {
  let tail = 0;
  for (let i = terms.length - 1; i >= precise; i--) tail = tail * z.hi + (terms[i] as Double2).hi;
  let result = of(tail);
  for (let i = precise - 1; i >= 0; i--) result = add(multiply(result, z), terms[i] as Double2);
  return result;
}

const EXPONENTIAL = INVERSE_FACTORIALS.slice(1, 12);
const HALVINGS = 7;

/** e^x as a number around 1 and an exponent of two. */
function exponential(x: Double2): { readonly value: Double2; readonly exponent: number } {
  const exponent = Math.round(x.hi / LN2.hi);
  const small = scale(reduce(x, exponent, LN2_PARTS), 2 ** -HALVINGS);
  // e^x − 1, which doubles its argument without losing what is small.
  let less = multiply(small, series(small, EXPONENTIAL, 4));
  for (let i = 0; i < HALVINGS; i++) less = add(scale(less, 2), multiply(less, less));
  return { value: add(ONE, less), exponent };
}

/** Where the result is 0 or infinite anyway. */
const OVERFLOW = 710;
const UNDERFLOW = -746;

function exponentialOf(x: Double2): number {
  if (x.hi > OVERFLOW) return Number.POSITIVE_INFINITY;
  if (x.hi < UNDERFLOW) return 0;
  const { value, exponent } = exponential(x);
  return toDouble(value, exponent);
}

export function exp(x: number): number {
  return Number.isNaN(x) ? x : exponentialOf(of(x));
}

/** ln(1 + t), for |t| below 2^-10. */
const LOGARITHM = Array.from({ length: 12 }, (_, n) => ratio(n % 2 === 0 ? 1 : -1, n + 1));

/** Of a positive, finite number. */
function logarithm(x: number): Double2 {
  let exponent = 0;
  let value = x;
  if (x < 0.7 || x > 1.4) {
    exponent = Math.round(Math.log2(x));
    // In two steps, because some powers are no doubles.
    value = x * 2 ** -Math.trunc(exponent / 2) * 2 ** -(exponent - Math.trunc(exponent / 2));
  }
  const above = value - 1;
  let result: Double2;
  if (Math.abs(above) < 2 ** -10) result = multiply(of(above), series(of(above), LOGARITHM, 7));
  else {
    const guess = Math.log(value);
    const inverse = exponential(of(-guess));
    const off = add(multiply(scale(inverse.value, 2 ** inverse.exponent), of(value)), of(-1));
    result = add(of(guess), add(off, of((-off.hi * off.hi) / 2)));
  }
  return exponent === 0 ? result : add(result, multiply(LN2, of(exponent)));
}

export function log(x: number): number {
  return x > 0 && x < Number.POSITIVE_INFINITY ? logarithm(x).hi : Math.log(x);
}

export function pow(x: number, y: number): number {
  // C defines both even if the other one is NaN or infinite.
  if (x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY)) return 1;
  const size = Math.abs(x);
  const plain = x ** y;
  if (Number.isNaN(plain) || y === 0 || y === 1 || size === 1 || size === 0 || !Number.isFinite(x) || !Number.isFinite(y)) return plain;
  const result = exponentialOf(multiply(logarithm(size), of(Math.max(-1e300, Math.min(1e300, y)))));
  return plain < 0 || Object.is(plain, -0) ? -result : result;
}

/** Below, the last digits of a cube are lost. */
const SMALL_CUBE = 2 ** -900;

export function cbrt(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  if (Math.abs(x) < SMALL_CUBE) return cbrt(x * 2 ** 300) * 2 ** -100;
  const guess = Math.cbrt(x);
  const cube = multiply(product(guess, guess), of(guess));
  return guess + add(of(x), negate(cube)).hi / (3 * guess * guess);
}

const odd = (n: number): Double2 => scale(INVERSE_FACTORIALS[n] as Double2, n % 4 === 1 ? 1 : -1);
const even = (n: number): Double2 => scale(INVERSE_FACTORIALS[n] as Double2, n % 4 === 0 ? 1 : -1);
const SINE = Array.from({ length: 13 }, (_, i) => odd(2 * i + 1));
const COSINE = Array.from({ length: 13 }, (_, i) => even(2 * i));

interface Circular {
  readonly sine: Double2;
  readonly cosine: Double2;
}

/** Sine and cosine; of numbers up to `FAR`. */
function circular(x: number): Circular {
  const quarter = Math.round(x / HALF_PI_PARTS.reduce((a, b) => a + b));
  const rest = reduce(of(x), quarter, HALF_PI_PARTS);
  const square = multiply(rest, rest);
  const sine = multiply(rest, series(square, SINE, 5));
  const cosine = series(square, COSINE, 6);
  switch (quarter & 3) {
    case 0:
      return { sine, cosine };
    case 1:
      return { sine: cosine, cosine: negate(sine) };
    case 2:
      return { sine: negate(sine), cosine: negate(cosine) };
    default:
      return { sine: negate(cosine), cosine: sine };
  }
}

/** Beyond, quarters no longer fit; the host's functions are right to the last digit or the one before. */
const FAR = 2 ** 20;
/** Below, a function that goes through 0 is its argument, but for the last digit. */
const NEAR = 2 ** -400;

const isNear = (x: number): boolean => Math.abs(x) < NEAR;

export function sin(x: number): number {
  return isNear(x) || !(Math.abs(x) < FAR) ? Math.sin(x) : circular(x).sine.hi;
}

export function cos(x: number): number {
  return Math.abs(x) < FAR ? circular(x).cosine.hi : Math.cos(x);
}

export function tan(x: number): number {
  if (isNear(x) || !(Math.abs(x) < FAR)) return Math.tan(x);
  const { sine, cosine } = circular(x);
  return divide(sine, cosine).hi;
}

/** The angle of a point on the unit circle, from one that is nearly right. */
function angle(sine: Double2, cosine: Double2, guess: number): number {
  const near = circular(guess);
  // The sine of what is missing.
  const missing = add(multiply(sine, near.cosine), negate(multiply(cosine, near.sine)));
  return sum(guess, missing.hi + missing.lo).hi;
}

export function asin(x: number): number {
  if (isNear(x) || !(Math.abs(x) <= 1)) return Math.asin(x);
  return angle(of(x), squareRoot(multiply(sum(1, -x), sum(1, x))), Math.asin(x));
}

export function acos(x: number): number {
  if (!(Math.abs(x) < 1)) return Math.acos(x);
  return angle(squareRoot(multiply(sum(1, -x), sum(1, x))), of(x), Math.acos(x));
}

/** Sizes between which squares neither overflow nor vanish. */
const isModerate = (x: number): boolean => Math.abs(x) > 2 ** -400 && Math.abs(x) < 2 ** 400;

export function atan2(y: number, x: number): number {
  const guess = Math.atan2(y, x);
  if (!isModerate(y) || !isModerate(x) || isNear(guess)) return guess;
  const radius = squareRoot(add(product(x, x), product(y, y)));
  return angle(divide(of(y), radius), divide(of(x), radius), guess);
}

export function atan(x: number): number {
  return isModerate(x) ? atan2(x, 1) : Math.atan(x);
}

// C computes these from the functions above, by the textbook's formulas.

const LARGE = 2 ** 28;

export function cosh(x: number): number {
  const size = Math.abs(x);
  if (size < LN2.hi / 2) return Math.cosh(x);
  if (size >= 22) return size < 709 ? exp(size) / 2 : (exp(size / 2) / 2) * exp(size / 2);
  const power = exp(size);
  return power / 2 + 0.5 / power;
}

export function asinh(x: number): number {
  const size = Math.abs(x);
  if (!(size > 2)) return Math.asinh(x);
  const result = size > LARGE ? log(size) + LN2.hi : log(2 * size + 1 / (Math.sqrt(x * x + 1) + size));
  return x < 0 ? -result : result;
}

export function acosh(x: number): number {
  if (!(x > 2)) return Math.acosh(x);
  return x > LARGE ? log(x) + LN2.hi : log(2 * x - 1 / (x + Math.sqrt(x * x - 1)));
}
