// Replays branches through a predictor as the contract says that the lab does: predict, train, track.
import { CONDITIONAL, NONE, RETURN } from "../../dist/src/branch.js";
import { answersOf, valuesOf } from "../../dist/src/models/answers.js";
import type { PredictorDefinition } from "../../dist/src/models/predictor.js";
import type { Branches } from "../../dist/src/models/sample-branches.js";
import type { Parameters, Values } from "../../dist/src/parameters.js";

export { answersOf, coversOf, tracksOf, valuesOf } from "../../dist/src/models/answers.js";
export { type Branches, seeded } from "../../dist/src/models/sample-branches.js";

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
