// The models of one replay: instances that nobody else has, made anew at a flush, and what becomes of a user's that fails.
import { messageOf, RunError } from "../errors.ts";
import { printingToStderr } from "../files/user-output.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { LoadedPredictor } from "../front-end/load-predictor.ts";
import type { Predictor } from "../models/predictor.ts";

export interface Instances {
  /** In the order of the front end's list. A flush puts others in their places. */
  readonly models: readonly Predictor[];
  /** Kinds of branches that some model is asked about, and those that some model is asked about or told of. */
  readonly asked: number;
  readonly wanted: number;
  /** Kinds whose model sees virtual addresses in the place of native ones. */
  readonly virtual: number;
  /** Makes all models anew: they forget everything. */
  renew(): void;
  /** Does what may run a user's code; nothing once that has failed. */
  attempt(action: () => void): void;
  /** What a user's predictor did wrong; the counts of its replay then mean nothing. */
  failure(): RunError | undefined;
}

/** Kinds of branches whose owner is an oracle that sees something. */
function kindsSeen({ ownerOf, spareOf, models }: FrontEnd, what: NonNullable<LoadedPredictor["sees"]>): number {
  return [...ownerOf, ...spareOf].reduce((kinds, [kind, owner]) => (models[owner].sees === what ? kinds | kind : kinds), 0);
}

/** Kinds of branches that some model of a front end is asked about or told of. */
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
