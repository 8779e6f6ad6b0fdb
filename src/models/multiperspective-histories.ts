// The histories of the multiperspective perceptron, and how they are hashed to 32 bits: what one branch was like is seen from many
// sides, each of which indexes a table of its own.
import { fixedArray } from "./afresh.ts";
import { createFoldedHistory } from "./history.ts";

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

export const LOCAL_BITS = 11;
const BLOCK = 21; // outcomes in a word
const RECENCY_DEPTH = 31;
const PATH_SIZE = 128; // a ring
const MODULO_SIZE = 32;
const ADDRESS_BITS = 16; // of an address in a path

const greatest = (numbers: readonly number[]): number => Math.max(0, ...numbers);

/** Depths of the modulo histories by modulus, of the features that `which` selects. */
function moduloDepths(features: readonly Feature[], which: (of: string) => boolean): ReadonlyMap<number, number> {
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

// Thomas Wang's hashes of 32 bits, as in the author's code.
function firstHash(address: number): number {
  let a = ((address ^ 0xdeadbeef) + (address << 4)) | 0;
  a ^= a >>> 10;
  a = (a + (a << 7)) | 0;
  return a ^ (a >>> 13);
}
function secondHash(address: number): number {
  let key = address ^ 61 ^ (address >>> 16);
  key = (key + (key << 3)) | 0;
  key ^= key >>> 4;
  key = Math.imul(key, 0x27d4eb2d);
  return key ^ (key >>> 15);
}

/** An address as 16 hashed bits. */
export const hashedAddress = (pc: number): number => (Math.imul(secondHash(pc), 10) + firstHash(pc)) & 0xffff;

export interface MultiperspectiveHistories {
  /** Hash of the i-th feature for this branch. */
  hash(i: number, pc: number): number;
  /** The place of a branch among the most recent ones, or -1. */
  recency(pc: number): number;
  local(pc: number): number;
  takenBackward(): number;
  notTakenForward(): number;
  /** @param counts whether the outcome enters the local history */
  pushConditional(pc: number, taken: number, isBackward: boolean, counts: boolean): void;
  pushOther(pc: number): void;
}

const KINDS = [
  "nothing",
  "outcomes",
  "path",
  "path and outcomes",
  "folded path and outcomes",
  "modulo path",
  "modulo path and outcomes",
  "modulo outcomes",
  "acyclic outcomes",
  "regions",
  "recency",
  "local outcomes",
  "taken backward",
  "not taken forward",
] as const;
const [
  NOTHING,
  OUTCOMES,
  PATH,
  PATH_AND_OUTCOMES,
  FOLDED,
  MODULO_PATH,
  MODULO_BOTH,
  MODULO_OUTCOMES,
  ACYCLIC,
  REGIONS,
  RECENCY,
  LOCAL,
  BACKWARD,
] = KINDS.keys();

/** How many of the oldest entries of a path are still within 32 bits when each is shifted by this much more than the next. */
const within = (depth: number, shift: number): number => Math.max(0, depth - Math.ceil(32 / shift));

export function createMultiperspectiveHistories(features: readonly Feature[], locals: number): MultiperspectiveHistories {
  const kinds = fixedArray(features.map(([of]) => Math.max(0, KINDS.indexOf(of as (typeof KINDS)[number]))));
  const number = (i: number): Int32Array => fixedArray(features.map((feature) => Number(feature[i] ?? 0)));
  const [firsts, seconds, thirds] = [number(1), number(2), number(3)];
  const words = new Int32Array(
    Math.ceil((greatest(features.map(([of, , oldest]) => (of === "outcomes" ? Number(oldest) : 0))) + 1) / BLOCK) + 1,
  );
  // a ring of the last branches, the newest first from `head`: | address, 16 bits | outcome |
  const path = new Int32Array(PATH_SIZE);
  const folded = features.map((feature) =>
    feature[0] === "folded path and outcomes" ? createFoldedHistory(BLOCK, [feature[1]]) : undefined,
  );
  const foldedFeatures = folded.flatMap((history, i) => (history === undefined ? [] : [i]));
  const moduli = [...moduloDepths(features, () => true).keys()];
  const moduloStarts = fixedArray(
    features.map(([of, modulus]) => (of.startsWith("modulo") ? moduli.indexOf(Number(modulus)) * MODULO_SIZE : 0)),
  );
  const modulo = new Int32Array(moduli.length * MODULO_SIZE); // like `path`, the newest of each modulus first
  const acyclic = fixedArray(features.map(() => 0));
  const regions = features.map((feature) => new Int32Array(feature[0] === "regions" ? feature[2] : 0));
  const recent = new Int32Array(RECENCY_DEPTH);
  const localOutcomes = new Int32Array(locals);
  const state = fixedArray([0, 0, 0]);
  const HEAD = 0;
  const TAKEN_BACKWARD = 1;
  const NOT_TAKEN_FORWARD = 2;

  /** The sum of the words, those at both ends cut: the newest ones moved right, as a machine shifts that takes the distance modulo 32. */
  function outcomes(newest: number, oldest: number): number {
    const first = Math.floor(newest / BLOCK);
    const last = Math.floor(oldest / BLOCK);
    const rest = oldest - last * BLOCK;
    let sum = words[first] >>> (newest - (first + 1) * BLOCK);
    for (let i = first + 1; i < last; i++) sum += words[i];
    return (sum + ((words[last] & ((1 << rest) - 1)) << (BLOCK - rest))) | 0;
  }

  function ofPath(depth: number, shift: number, without: number): number {
    let sum = 0;
    for (let i = within(depth, shift); i < depth; i++) sum = ((sum << shift) + (path[(state[HEAD] + i) & (PATH_SIZE - 1)] >> without)) | 0;
    return sum;
  }

  function ofModulo(start: number, depth: number, shift: number, without: number): number {
    let sum = 0;
    for (let i = start; i < start + depth; i++) sum = ((sum << shift) + (modulo[i] >> without)) | 0;
    return sum;
  }

  function moduloOutcomes(start: number, depth: number): number {
    let bits = 0;
    for (let i = 0; i < depth; i++) bits ^= (modulo[start + i] & 1) << (i % BLOCK);
    return bits;
  }

  function recency(depth: number, shift: number): number {
    let sum = 0;
    for (let i = within(depth, shift); i < depth; i++) sum = ((sum << shift) + recent[i]) | 0;
    return sum;
  }

  function sumOf(numbers: Int32Array): number {
    let sum = 0;
    for (let i = 0; i < numbers.length; i++) sum = (sum + numbers[i]) | 0;
    return sum;
  }

  const addressOf = (pc: number): number => (pc >>> 2) & 0xffff;
  const localAt = (pc: number): number => (pc >>> 2) % locals;
  function placeOf(pc: number): number {
    const address = addressOf(pc);
    let place = 0;
    while (place < RECENCY_DEPTH && recent[place] !== address) place++;
    return place;
  }

  /** What enters the history of all branches. */
  function push(pc: number, outcome: number): void {
    let carried = outcome;
    for (let i = 0; i < words.length; i++) {
      const word = words[i];
      words[i] = ((word << 1) | carried) & (2 ** BLOCK - 1);
      carried = word >>> (BLOCK - 1);
    }
    const address = addressOf(pc);
    state[HEAD] = (state[HEAD] - 1) & (PATH_SIZE - 1);
    path[state[HEAD]] = (address << 1) | outcome;
    for (let k = 0; k < foldedFeatures.length; k++) {
      const i = foldedFeatures[k];
      folded[i]?.push(((address >>> seconds[i]) & 1) ^ outcome, 1);
    }
  }

  return {
    hash(i, pc) {
      const [a, b] = [firsts[i], seconds[i]];
      switch (kinds[i]) {
        case NOTHING:
          return 0;
        case OUTCOMES:
          return outcomes(a, b);
        case PATH:
          return ofPath(a, b, 1);
        case PATH_AND_OUTCOMES:
          return ofPath(a, b, 0);
        case FOLDED:
          return folded[i]?.fold(0) ?? 0;
        case MODULO_PATH:
          return ofModulo(moduloStarts[i], b, thirds[i], 1);
        case MODULO_BOTH:
          return ofModulo(moduloStarts[i], b, thirds[i], 0);
        case MODULO_OUTCOMES:
          return moduloOutcomes(moduloStarts[i], b);
        case ACYCLIC:
          return acyclic[i];
        case REGIONS:
          return sumOf(regions[i]);
        case RECENCY:
          return recency(a, b);
        case LOCAL:
          return localOutcomes[localAt(pc)];
        case BACKWARD:
          return state[TAKEN_BACKWARD];
        default:
          return state[NOT_TAKEN_FORWARD];
      }
    },
    recency(pc) {
      const place = placeOf(pc);
      return place < RECENCY_DEPTH ? place : -1;
    },
    local: (pc) => localOutcomes[localAt(pc)],
    takenBackward: () => state[TAKEN_BACKWARD],
    notTakenForward: () => state[NOT_TAKEN_FORWARD],
    pushConditional(pc, taken, isBackward, counts) {
      if (isBackward) state[TAKEN_BACKWARD] = taken !== 0 ? state[TAKEN_BACKWARD] + 1 : 0;
      else state[NOT_TAKEN_FORWARD] = taken !== 0 ? 0 : state[NOT_TAKEN_FORWARD] + 1;
      push(pc, taken);
      const hashed = hashedAddress(pc);
      const address = addressOf(pc);
      for (let k = 0; k < moduli.length; k++) {
        if (hashed % moduli[k] !== 0) continue;
        const start = k * MODULO_SIZE;
        modulo.copyWithin(start + 1, start, start + MODULO_SIZE - 1);
        modulo[start] = (address << 1) | taken;
      }
      for (let i = 0; i < kinds.length; i++) {
        if (kinds[i] === ACYCLIC) {
          const bit = hashed % firsts[i];
          acyclic[i] = (acyclic[i] & ~(1 << bit)) | (taken << bit);
        } else if (kinds[i] === REGIONS) {
          const region = pc >>> firsts[i];
          if (regions[i][0] === region) continue;
          regions[i].copyWithin(1, 0);
          regions[i][0] = region;
        }
      }
      recent.copyWithin(1, 0, Math.min(placeOf(pc), RECENCY_DEPTH - 1));
      recent[0] = address;
      if (counts) localOutcomes[localAt(pc)] = ((localOutcomes[localAt(pc)] << 1) | taken) & (2 ** LOCAL_BITS - 1);
    },
    pushOther(pc) {
      push(pc, (pc & 4) === 0 ? 1 : 0);
    },
  };
}
