// What tests of predictors of directions compare with: models written straight from the paper's text, in maps and lists, and slow.
import { expect, it } from "vitest";
import { CONDITIONAL } from "../../dist/src/branch.js";
import type { PredictorDefinition } from "../../dist/src/index.js";
import { mixture } from "../../dist/src/models/sample-branches.js";
import type { Parameters, Values } from "../../dist/src/parameters.js";
import { MIXED } from "./directions.ts";
import { type Branches, missesOf } from "./replay.ts";

/** A model in words: what it says, how it learns, and what it does at any branch. */
export interface Naive {
  predict(pc: number): boolean;
  train(pc: number, taken: boolean): void;
  track(pc: number, taken: boolean): void;
}

/** A saturating counter for every key, from 0 to `top`. */
export class Counters {
  private readonly values = new Map<string | number, number>();
  private readonly start: number;
  private readonly top: number;
  constructor(start: number, top = 3) {
    this.start = start;
    this.top = top;
  }
  get(key: string | number): number {
    return this.values.get(key) ?? this.start;
  }
  taken(key: string | number): boolean {
    return this.get(key) > this.top / 2;
  }
  move(key: string | number, up: boolean): void {
    this.values.set(key, up ? Math.min(this.get(key) + 1, this.top) : Math.max(this.get(key) - 1, 0));
  }
}

/** The newest outcomes as a number, the newest in bit 0. */
export const numberOf = (outcomes: readonly boolean[], bits: number): number =>
  outcomes.slice(0, bits).reduce((sum, taken, age) => sum + (taken ? 2 ** age : 0), 0);

export const low = (address: number, count: number): number => ((address % count) + count) % count;

const missesOfNaive = (model: Naive, branches: Branches, all: boolean): number[] => {
  const misses: number[] = [];
  for (let i = 0; i < branches.count; i++) {
    const [pc, taken] = [branches.pcs[i], branches.taken[i] === 1];
    if (branches.kinds[i] === CONDITIONAL) {
      misses.push(model.predict(pc) === taken ? 0 : 1);
      model.train(pc, taken);
    }
    if (all || branches.kinds[i] === CONDITIONAL) model.track(pc, taken);
  }
  return misses;
};

/** Compares a predictor with a naive one, branch by branch, with conditionals alone and with all branches in its histories. */
export function itIsWhatThePaperSays<P extends Parameters>(
  definition: PredictorDefinition<P>,
  changed: Partial<Values<P>>,
  naive: () => Naive,
): void {
  it.each(["conditional", "all"])(`is what the paper says, branch by branch, with ${JSON.stringify(changed)} and history=%s`, (history) => {
    for (const branches of [MIXED, mixture(6000, 5)]) {
      const values = { ...changed, ...("history" in definition.parameters ? { history } : {}) } as Partial<Values<P>>;
      const misses = missesOfNaive(naive(), branches, history === "all");
      expect(missesOf(definition, values, branches)).toEqual(misses);
      expect(new Set(misses).size).toBe(2);
    }
  });
}
