// Trains predictors late, as a processor does: a branch moves the histories when it is predicted, but tables learn from it only when
// it retires, after the branches that were fetched meanwhile. The histories never hold a wrong path, as if every misprediction were
// repaired at once.
//
//     branch       1      2      3      4      5        with a delay of 2
//     predict      1      2      3      4      5        with the histories of now ...
//     track        1      2      3      4      5
//     train                      1      2      3        ... and with those that they were predicted with

import { NONE } from "../branch.ts";
import { UsageError } from "../errors.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { Predictor } from "../models/predictor.ts";

/** Numbers that a pending branch takes besides its histories: its time, address, target, outcome, static target and three contexts. */
const FIELDS = 8;
const MOST_CONTEXTS = 3;

export interface DelayedModels {
  readonly models: readonly Predictor[];
  /** One branch is over: trains those that are due. */
  tick(): void;
}

/**
 * The same models, trained late.
 * @param delay branches of all kinds between a branch and its training, above 0
 * @throws UsageError for a model that tracks branches and does not say what its histories are
 */
export function trainedLate(frontEnd: FrontEnd, models: readonly Predictor[], delay: number): DelayedModels {
  const late = models.map((model, i) => lateModel(model, frontEnd.models[i].name, delay, frontEnd.models[i].declares.length));
  let now = 0;
  return {
    models: late.map(({ model }) => model),
    tick() {
      for (const { retire, stamp } of late) {
        retire(now);
        stamp[0] = now + 1;
      }
      now++;
    },
  };
}

function lateModel(model: Predictor, name: string, delay: number, contexts: number) {
  if (model.track !== undefined && model.histories === undefined)
    throw new UsageError(`update-delay: predictor ${name} cannot be trained late, it does not say what its histories are: take another`);
  if (contexts > MOST_CONTEXTS)
    throw new UsageError(
      `update-delay: predictor ${name} cannot be trained late, it is told more than ${MOST_CONTEXTS} things of a branch`,
    );
  // branches that are trained late cannot be merged
  const { separates: _, absorbsPairs: __, ...shown } = model;
  const histories = model.histories ?? [];
  // a branch may be trained twice, by the predictor and as its spare
  const slots = 2 * (delay + 2);
  const pending = new Float64Array(slots * FIELDS);
  const kept = histories.map((history) => new Int32Array(history.length * slots));
  const current = histories.map((history) => new Int32Array(history.length));
  const stamp = new Float64Array(1);
  let [first, count, asked] = [0, 0, NONE];

  function exchange(slot: number): void {
    for (const [i, history] of histories.entries()) {
      current[i].set(history);
      history.set(kept[i].subarray(slot * history.length, (slot + 1) * history.length));
    }
  }
  return {
    stamp,
    retire(now: number): void {
      while (count > 0 && pending[first * FIELDS] + delay <= now) {
        const [, pc, target, taken, staticTarget, ...context] = pending.subarray(first * FIELDS, (first + 1) * FIELDS);
        exchange(first);
        // what a model remembers of its last prediction is of another branch
        model.predict(pc, staticTarget, ...context.slice(0, contexts));
        model.train(pc, target, taken, ...context.slice(0, contexts));
        for (const [i, history] of histories.entries()) history.set(current[i]);
        first = (first + 1) % slots;
        count--;
      }
    },
    model: {
      ...shown,
      predict(pc: number, staticTarget: number, ...context: number[]): number {
        asked = staticTarget;
        return model.predict(pc, staticTarget, ...context);
      },
      train(pc: number, target: number, taken: number, ...context: number[]): void {
        const slot = (first + count) % slots;
        pending.set([stamp[0], pc, target, taken, asked, ...context], slot * FIELDS);
        for (const [i, history] of histories.entries()) kept[i].set(history, slot * history.length);
        count++;
      },
    } satisfies Predictor,
  };
}
