// The models of one replay: instances that no other replay uses, made anew at a flush; and errors of users' models.
import { messageOf, RunError } from "../errors.ts";
import { printingToStderr } from "../files/user-output.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { LoadedPredictor } from "../front-end/load-predictor.ts";
import type { Predictor } from "../models/predictor.ts";

export interface Instances {
  /** In the order of the front end's list. A flush replaces them. */
  readonly models: readonly Predictor[];
  /** Kinds of branches for which some model's `predict` is called, and those for which any of its functions is called. */
  readonly asked: number;
  readonly wanted: number;
  /** Kinds whose model sees virtual addresses instead of native ones. */
  readonly virtual: number;
  /** Replaces all models by new instances. */
  renew(): void;
  /** Runs an action that may run a user's code; does nothing after that has failed. */
  attempt(action: () => void): void;
  /** The error of a user's predictor; the counts of its replay are then invalid. */
  failure(): RunError | undefined;
}

/** Kinds of branches that are predicted by an oracle with this knowledge. */
function kindsSeen({ ownerOf, spareOf, models }: FrontEnd, what: NonNullable<LoadedPredictor["sees"]>): number {
  return [...ownerOf, ...spareOf].reduce((kinds, [kind, owner]) => (models[owner].sees === what ? kinds | kind : kinds), 0);
}

/** Kinds of branches for which some function of a front end's models is called. */
export function kindsWanted(frontEnd: FrontEnd): number {
  const asked = frontEnd.covers & ~kindsSeen(frontEnd, "everything");
  return frontEnd.models.reduce((kinds, { tracks }) => kinds | tracks, asked | frontEnd.fetches | frontEnd.answersFirst);
}

/** @param brief whether they share the code of all others like them: right for few branches */
export async function createInstances(frontEnd: FrontEnd, brief = false): Promise<Instances> {
  const makers = await Promise.all(frontEnd.models.map((model) => model.load(brief)));
  let failure: RunError | undefined;
  const models: Predictor[] = [];
  const foreign = frontEnd.models.filter((model) => model.foreign).map(({ name }) => name);
  function attempt(action: () => void): void {
    if (failure !== undefined) return;
    try {
      if (foreign.length > 0) printingToStderr(action);
      else action();
    } catch (error) {
      if (foreign.length === 0) throw error;
      failure = error instanceof RunError ? error : new RunError(`predictor ${foreign.join("+")} failed: ${messageOf(error)}`);
    }
  }
  const renew = (): void =>
    attempt(() =>
      makers.forEach((make, i) => {
        models[i] = make();
      }),
    );
  renew();
  return {
    models,
    asked: frontEnd.covers & ~kindsSeen(frontEnd, "everything"),
    wanted: kindsWanted(frontEnd),
    virtual: kindsSeen(frontEnd, "virtual addresses"),
    renew,
    attempt,
    failure: () => failure,
  };
}
