// The histories of the multiperspective perceptron, and how they are hashed to 32 bits: what one branch was like is seen from many
// sides, each of which indexes a table of its own.
import { afresh, fixedArray } from "./afresh.ts";
import { createFoldedHistory, type FoldedHistory } from "./history.ts";
import { type Feature, greatest, moduloDepths } from "./multiperspective-features.ts";

const BLOCK = 21; // outcomes in a word
const MODULO_SIZE = 32;

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
  /** Everything that both change. */
  readonly arrays: readonly Int32Array[];
}

/** Kinds of features by number, as `historiesOf` has them; the last one is recency's position, which has no hash. */
const KINDS: readonly Feature[0][] = [
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
];

/** What the features need, computed once. */
interface Layout {
  readonly kinds: Int32Array;
  /** Numbers of each feature after its name. */
  readonly firsts: Int32Array;
  readonly seconds: Int32Array;
  readonly thirds: Int32Array;
  readonly words: Int32Array;
  readonly folded: readonly (FoldedHistory | undefined)[];
  readonly foldedFeatures: readonly number[];
  readonly moduli: readonly number[];
  readonly moduloStarts: Int32Array;
  readonly modulo: Int32Array;
  readonly acyclic: Int32Array;
  readonly regions: readonly Int32Array[];
  readonly localOutcomes: Int32Array;
  readonly state: Int32Array;
  readonly hashedAddress: (pc: number) => number;
}

export function createMultiperspectiveHistories(features: readonly Feature[], locals: number): MultiperspectiveHistories {
  const number = (i: number): Int32Array => fixedArray(features.map((feature) => Number(feature[i] ?? 0)));
  const folded = features.map((feature) =>
    feature[0] === "folded path and outcomes" ? createFoldedHistory(BLOCK, [feature[1]]) : undefined,
  );
  const moduli = [...moduloDepths(features, () => true).keys()];
  const oldest = greatest(features.map(([of, , last]) => (of === "outcomes" ? Number(last) : 0)));
  return afresh(historiesOf)({
    kinds: fixedArray(features.map(([of]) => Math.max(0, KINDS.indexOf(of)))),
    firsts: number(1),
    seconds: number(2),
    thirds: number(3),
    words: new Int32Array(Math.ceil((oldest + 1) / BLOCK) + 1),
    folded,
    foldedFeatures: folded.flatMap((history, i) => (history === undefined ? [] : [i])),
    moduli,
    moduloStarts: fixedArray(
      features.map(([of, modulus]) => (of.startsWith("modulo") ? moduli.indexOf(Number(modulus)) * MODULO_SIZE : 0)),
    ),
    modulo: new Int32Array(moduli.length * MODULO_SIZE),
    acyclic: fixedArray(features.map(() => 0)),
    regions: features.map((feature) => new Int32Array(feature[0] === "regions" ? feature[2] : 0)),
    localOutcomes: new Int32Array(locals),
    state: fixedArray([0, 0, 0]),
    hashedAddress,
  });
}

/**
 * Self-contained, because it is compiled anew for each instance: beside 40 other predictors, and a second instance of itself, the
 * perceptron had 0.39 of its speed alone.
 */
function historiesOf({
  kinds,
  firsts,
  seconds,
  thirds,
  words,
  folded,
  foldedFeatures,
  moduli,
  moduloStarts,
  modulo, // like `path`, the newest of each modulus first
  acyclic,
  regions,
  localOutcomes,
  state,
  hashedAddress,
}: Layout): MultiperspectiveHistories {
  const NOTHING = 0;
  const OUTCOMES = 1;
  const PATH = 2;
  const PATH_AND_OUTCOMES = 3;
  const FOLDED = 4;
  const MODULO_PATH = 5;
  const MODULO_BOTH = 6;
  const MODULO_OUTCOMES = 7;
  const ACYCLIC = 8;
  const REGIONS = 9;
  const RECENCY = 10;
  const LOCAL = 11;
  const BACKWARD = 12;
  const BLOCK = 21; // as above: outcomes in a word, ...
  const MODULO_SIZE = 32;
  const LOCAL_BITS = 11;
  const RECENCY_DEPTH = 31;
  const PATH_SIZE = 128; // a ring
  // of the last branches, the newest first from `head`: | address, 16 bits | outcome |
  const path = new Int32Array(PATH_SIZE);
  const recent = new Int32Array(RECENCY_DEPTH);
  const locals = localOutcomes.length;
  const HEAD = 0;
  const TAKEN_BACKWARD = 1;
  const NOT_TAKEN_FORWARD = 2;

  /** How many of the oldest entries of a path are still within 32 bits when each is shifted by this much more than the next. */
  const within = (depth: number, shift: number): number => Math.max(0, depth - Math.ceil(32 / shift));

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
    arrays: [
      ...[words, path, recent, modulo, acyclic, localOutcomes, state],
      ...regions.filter(({ length }) => length > 0),
      ...folded.flatMap((history) => history?.arrays ?? []),
    ],
  };
}
