// Replays branches through a predictor as the contract says that the lab does: predict, train, track.
import { CONDITIONAL, NONE, RETURN } from "../../dist/src/branch.js";
import type { Parameters, Values } from "../../dist/src/parameters.js";
import type { PredictorDefinition } from "../../dist/src/predictor.js";

export interface Branches {
  readonly count: number;
  readonly pcs: ArrayLike<number>;
  readonly targets: ArrayLike<number>;
  readonly taken: ArrayLike<number>;
  readonly kinds: ArrayLike<number>;
  /** Addresses after the branches; without them a call pushes its own, as in traces without lengths. */
  readonly nexts?: ArrayLike<number>;
}

/** The defaults of a model's parameters, some of them changed. */
export function valuesOf<P extends Parameters>(definition: PredictorDefinition<P>, changed: Partial<Values<P>> = {}): Values<P> {
  const defaults = Object.fromEntries(Object.entries(definition.parameters).map(([key, { default: value }]) => [key, value]));
  return { ...defaults, ...changed } as Values<P>;
}

export function coversOf<P extends Parameters>(definition: PredictorDefinition<P>, values: Values<P>): number {
  return typeof definition.covers === "function" ? definition.covers(values) : definition.covers;
}

export function tracksOf<P extends Parameters>(definition: PredictorDefinition<P>, values: Values<P>): number {
  return typeof definition.tracks === "function" ? definition.tracks(values) : (definition.tracks ?? 0);
}

/** What a fresh instance answers, branch by branch; undefined for kinds that it does not cover. */
export function answersOf<P extends Parameters>(
  definition: PredictorDefinition<P>,
  values: Values<P>,
  branches: Branches,
  { tracks = tracksOf(definition, values), meddle = (_predict: (pc: number) => number): void => {} } = {},
): (number | undefined)[] {
  const predictor = definition.create(values);
  const covers = coversOf(definition, values);
  const answers: (number | undefined)[] = [];
  for (let i = 0; i < branches.count; i++) {
    const pc = branches.pcs[i];
    const target = branches.targets[i];
    const taken = branches.taken[i];
    const kind = branches.kinds[i];
    meddle((other) => predictor.predict(other, NONE));
    answers.push(kind & covers ? predictor.predict(pc, NONE) : undefined);
    if (kind & covers) predictor.train(pc, target, taken);
    if (kind & tracks) predictor.track?.(pc, target, taken, kind, branches.nexts?.[i] ?? pc);
  }
  return answers;
}

/** For each branch that the model covers, whether it was mispredicted (1) or not (0); others are left out. */
export function missesOf<P extends Parameters>(
  definition: PredictorDefinition<P>,
  changed: Partial<Values<P>>,
  branches: Branches,
): number[] {
  const answers = answersOf(definition, valuesOf(definition, changed), branches);
  const misses: number[] = [];
  answers.forEach((answer, i) => {
    if (answer === undefined) return;
    const past = (branches.targets[i] - answer) | 0;
    let right = answer === branches.targets[i];
    if (branches.kinds[i] === CONDITIONAL) right = answer === branches.taken[i];
    else if (branches.kinds[i] === RETURN && branches.nexts === undefined) right = answer !== NONE && past >= 1 && past <= 15;
    misses.push(right ? 0 : 1);
  });
  return misses;
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

/** Branches of one kind, all taken, from pairs of address and target. */
export function branchesOf(kind: number, pairs: readonly (readonly [pc: number, target: number])[]): Branches {
  const count = pairs.length;
  const pcs = pairs.map(([pc]) => pc);
  return {
    count,
    pcs,
    targets: pairs.map(([, target]) => target),
    taken: Array(count).fill(1),
    kinds: Array(count).fill(kind),
  };
}

/** Conditionals from pairs of address and outcome. */
export function conditionalsOf(pairs: readonly (readonly [pc: number, taken: number])[]): Branches {
  const count = pairs.length;
  const pcs = pairs.map(([pc]) => pc);
  const targets = pairs.map(([pc, taken]) => (taken ? pc + 64 : pc + 2));
  return { count, pcs, targets, taken: pairs.map(([, taken]) => taken), kinds: Array(count).fill(CONDITIONAL) };
}

/** Numbers below n, always the same for the same seed. */
export function seeded(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return Math.floor(((state >>> 0) / 2 ** 32) * n);
  };
}
