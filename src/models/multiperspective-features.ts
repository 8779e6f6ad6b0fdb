// What the multiperspective perceptron sees the past by: its features, and the bits of history that they need.

/**
 * A side from which the past is seen. Depths are branches, shifts are bits by which an older entry is left of the next younger one.
 *
 * - outcomes: of all branches, from a newest to an oldest one; a branch that is not a conditional counts by a bit of its address
 * - path: addresses of the last branches. And outcomes: each with its outcome as the lowest bit
 * - folded path and outcomes: one bit of each address, xor the outcome, folded to 21 bits
 * - modulo …: of those conditionals only whose hashed address is divisible by the modulus
 * - acyclic outcomes: the last outcome of a conditional by its hashed address modulo a number
 * - regions: the last different addresses without their low bits
 * - recency: addresses of conditionals, the most recently executed first. Recency position: the branch's own place among them
 * - taken backward: how often in a row backward conditionals were taken; not taken forward: forward ones not
 */
export type Feature =
  | readonly ["outcomes", newest: number, oldest: number]
  | readonly ["path" | "path and outcomes", depth: number, shift: number]
  | readonly ["folded path and outcomes", depth: number, bit: number]
  | readonly ["modulo path" | "modulo path and outcomes", modulus: number, depth: number, shift: number]
  | readonly ["modulo outcomes", modulus: number, depth: number]
  | readonly ["acyclic outcomes", modulus: number]
  | readonly ["regions", shift: number, depth: number]
  | readonly ["recency", depth: number, shift: number]
  | readonly ["recency position" | "local outcomes" | "taken backward" | "not taken forward" | "nothing"];

/** Outcomes in a local history. */
export const LOCAL_BITS = 11;
/** Addresses that recency remembers. */
const RECENCY_DEPTH = 31;
const ADDRESS_BITS = 16; // of an address in a path

export const greatest = (numbers: readonly number[]): number => Math.max(0, ...numbers);

/** Depths of the modulo histories by modulus, of the features that `which` selects. */
export function moduloDepths(features: readonly Feature[], which: (of: string) => boolean): ReadonlyMap<number, number> {
  const depths = new Map<number, number>();
  for (const [of, modulus, depth] of features as readonly (readonly [string, number, number])[])
    if (of.startsWith("modulo") && which(of)) depths.set(modulus, Math.max(depths.get(modulus) ?? 0, depth));
  return depths;
}

/** Bits of the histories of these features without local ones, as their author counts them: each has room for one branch more. */
export function multiperspectiveBits(features: readonly Feature[]): number {
  const of = (...names: readonly Feature[0][]) =>
    features.filter(([name]) => names.includes(name)) as readonly (readonly [string, ...number[]])[];
  const paths = of("path", "path and outcomes", "folded path and outcomes").map(([, depth]) => depth + 1);
  const moduloPaths = [...moduloDepths(features, (name) => name.includes("path")).values()].map((depth) => depth + 1);
  const moduloOutcomes = [...moduloDepths(features, (name) => name.includes("outcomes")).values()].map((depth) => depth + 1);
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  return (
    greatest(of("outcomes").map(([, , oldest]) => oldest + 1)) +
    ADDRESS_BITS * greatest([...paths, ...moduloPaths]) +
    sum(moduloOutcomes) +
    ADDRESS_BITS * sum(moduloPaths) +
    sum(of("acyclic outcomes").map(([, modulus]) => modulus)) +
    sum(of("regions").map(([, shift, depth]) => depth * (32 - shift))) +
    32 * of("taken backward", "not taken forward").length +
    ADDRESS_BITS * (of("recency", "recency position").length > 0 ? RECENCY_DEPTH : 0)
  );
}
