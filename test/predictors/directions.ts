// What the tests of predictors of directions with a history have in common.
import { expect, it } from "vitest";
import { CONDITIONAL, NONE } from "../../dist/src/branch.js";
import type { Predictor, PredictorDefinition } from "../../dist/src/index.js";
import type { Parameters } from "../../dist/src/parameters.js";
import { conditionalsOf, seeded, valuesOf } from "./replay.ts";

/** A loop of three iterations, met three times; and what a history of three outcomes misses of it, each history with its counter. */
export const LOOP = [1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0];
export const LOOP_MISSES = [1, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0];

const random = seeded(12);

/** Many branches, some of which follow a pattern. */
export const MIXED = conditionalsOf(Array.from({ length: 5000 }, (_, i) => [random(300), random(5) ? (i >> 2) & 1 : random(2)] as const));

/** Lets a model see outcomes of the branch at 64, the oldest first, without training it. */
export function see(model: Predictor, outcomes: readonly number[]): void {
  for (const taken of outcomes) model.track?.(64, 0, taken, CONDITIONAL, 66);
}

export function itForgetsOldOutcomes<P extends Parameters>(definition: PredictorDefinition<P>): void {
  it("forgets an outcome that is older than the history is long", () => {
    const model = definition.create(valuesOf(definition, { historyBits: 3 } as never));
    see(model, [1, 0, 0]);
    model.train(64, 0, 1);
    see(model, [1, 1, 0, 0]);
    expect(model.predict(64, NONE)).toBe(1);
    see(model, [0]);
    expect(model.predict(64, NONE)).toBe(0);
  });
}

/** @param changed makes four of what the low bits of an address select; 5 and -3 select what 1 selects */
export function itSharesByAddress<P extends Parameters>(what: string, definition: PredictorDefinition<P>, changed: object): void {
  it(`has one ${what} for addresses that are alike modulo four`, () => {
    const model = definition.create(valuesOf(definition, changed as never));
    model.track?.(1, 0, 1, CONDITIONAL, 3);
    model.train(1, 0, 1);
    expect([1, 5, -3, 2, 0].map((pc) => model.predict(pc, NONE))).toEqual([1, 1, 1, 0, 0]);
  });
}

/** @param most values that need just 2^26 counters */
export function itRefusesTooManyCounters<P extends Parameters>(
  definition: PredictorDefinition<P>,
  most: Readonly<Record<string, number>>,
): void {
  it("refuses more counters than fit into memory", () => {
    const more = { ...most, historyBits: most.historyBits + 1 };
    const [[first, count]] = Object.entries(most);
    expect(definition.check?.(valuesOf(definition, more as never))).toBe(
      `${first}=${count} with historyBits=${more.historyBits} needs more than 2^26 counters`,
    );
    expect(definition.check?.(valuesOf(definition, most as never))).toBeUndefined();
  });
}
