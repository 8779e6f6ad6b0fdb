// The models of one replay: instances that no other replay uses, made anew at a flush; and errors of users' models.
import { ALL_KINDS } from "../branch.ts";
import { messageInUserCode, RunError } from "../errors.ts";
import { printingToStderr } from "../files/user-output.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import { type Predictor, type Statistics, statisticsTrouble } from "../models/predictor.ts";
import { trainedLate } from "./update-delay.ts";

/** What models of a front end say of themselves, by their names. */
export type ModelStatistics = Readonly<Record<string, Statistics>>;

export interface Instances {
  /** In the order of the front end's list. A flush replaces them. */
  readonly models: readonly Predictor[];
  /** Kinds of branches for which some model's `predict` is called, and those for which any of its functions is called. */
  readonly asked: number;
  readonly wanted: number;
  /** Called after every branch, if the models are trained late. */
  readonly tick: (() => void) | undefined;
  /** Replaces all models by new instances. */
  renew(): void;
  /** Runs an action that may run a user's code; does nothing after that has failed. */
  attempt(action: () => void): void;
  /** The error of a user's predictor; the counts of its replay are then invalid. */
  failure(): RunError | undefined;
  /** What models say of themselves at the end of a run, by their names; undefined where none says anything. */
  statistics(): ModelStatistics | undefined;
}

/** Kinds of branches whose owner is an oracle that sees every outcome. */
function kindsSeen({ ownerOf, spareOf, models }: FrontEnd): number {
  return [...ownerOf, ...spareOf].reduce((kinds, [kind, owner]) => (models[owner].seesOutcomes ? kinds | kind : kinds), 0);
}

/** Kinds of branches for which some function of a front end's models is called. */
export function kindsWanted(frontEnd: FrontEnd): number {
  const asked = frontEnd.covers & ~kindsSeen(frontEnd);
  return frontEnd.models.reduce((kinds, { tracks }) => kinds | tracks, asked | frontEnd.fetches | frontEnd.answersFirst);
}

/**
 * @param brief       whether they share the code of all others like them: right for few branches
 * @param updateDelay branches between one and its training; undefined or 0: none
 */
export async function createInstances(frontEnd: FrontEnd, brief = false, updateDelay = 0): Promise<Instances> {
  const makers = await Promise.all(frontEnd.models.map((model) => model.load(brief)));
  let failure: RunError | undefined;
  const models: Predictor[] = [];
  let tick = (): void => {};
  const foreign = frontEnd.models.filter((model) => model.foreign).map(({ name }) => name);
  function attempt(action: () => void): void {
    if (failure !== undefined) return;
    try {
      if (foreign.length > 0) printingToStderr(action);
      else action();
    } catch (error) {
      if (foreign.length === 0) throw error;
      failure = error instanceof RunError ? error : new RunError(`predictor ${foreign.join("+")} failed: ${messageInUserCode(error)}`);
    }
  }
  const renew = (): void =>
    attempt(() => {
      if (updateDelay === 0) for (const [i, make] of makers.entries()) models[i] = make();
      else {
        const late = trainedLate(
          frontEnd,
          makers.map((make) => make()),
          updateDelay,
        );
        models.splice(0, models.length, ...late.models);
        tick = late.tick;
      }
    });
  renew();
  function statistics(): ModelStatistics | undefined {
    const all: Record<string, Statistics> = {};
    attempt(() => {
      for (const [i, { name }] of frontEnd.models.entries()) {
        const said = models[i].finish?.();
        if (said === undefined && models[i].finish === undefined) continue;
        const trouble = statisticsTrouble(said);
        if (trouble !== undefined) throw new RunError(`predictor ${name}: ${trouble}`);
        all[name] = { ...said };
      }
    });
    return Object.keys(all).length === 0 ? undefined : all;
  }
  return {
    models,
    asked: frontEnd.covers & ~kindsSeen(frontEnd),
    wanted: updateDelay === 0 ? kindsWanted(frontEnd) : ALL_KINDS,
    tick: updateDelay === 0 ? undefined : () => tick(),
    renew,
    attempt,
    failure: () => failure,
    statistics,
  };
}
