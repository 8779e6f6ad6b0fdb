// The request that users pass to `simulate`, and further settings for the lab's own callers.

import type { OwnDefinitions } from "../front-end/load-predictor.ts";
import type { Starter } from "../guests/programs.ts";
import type { OptionValues } from "../options/request.ts";

/** Options that take several names: the command takes them separated by commas, programs also as arrays. */
type ListOption = "technique" | "predictor" | "machine";

/** A request for a simulation; everything has a default. docs/options.md describes each option. */
export interface SimulateRequest extends Omit<OptionValues, ListOption> {
  readonly technique?: string | readonly string[];
  readonly predictor?: string | readonly string[];
  readonly machine?: string | readonly string[];
  /** Predictors as objects, by names that `predictor` uses: `{ predictor: "mine:entries=64", definitions: { mine } }`. They run in the
   * caller's thread, as does all that is simulated with them. */
  readonly definitions?: OwnDefinitions;
  /** Program ids, files of programs, files of recorded branches; default: all programs of the lab. */
  readonly inputs?: readonly string[];
  /** Whether results have `sites`, which take most of the memory and some of the time; default: yes. */
  readonly sites?: boolean;
  /** Worker threads at most; default: one for every core. Small work is done without any, and results are the same. */
  readonly jobs?: number;
  /** Whether programs play from tapes of earlier runs, and are taped; default: yes. */
  readonly cache?: boolean;
  /** Called as the work goes on. */
  readonly onProgress?: (program: string, programsDone: number, programs: number, blocks: number) => void;
}

const joined = (names: string | readonly string[] | undefined): string | undefined =>
  names === undefined || typeof names === "string" ? names : names.join(",");

/** The options as the command has them: lists are texts. */
export const optionsOf = ({ technique, predictor, machine, ...others }: SimulateRequest): SimulateRequest & OptionValues => ({
  ...others,
  technique: joined(technique),
  predictor: joined(predictor),
  machine: joined(machine),
});

/** Further settings for the lab's own commands. */
export interface Manner {
  /** Number of inputs that the session works on at the same time, always with workers; default: the request's inputs, with workers
   * only if that pays off. */
  readonly many?: number;
  /** Whether to replay a technique through a front end, both by their names in rows; default: all pairs. */
  readonly pairs?: (technique: string, predictor: string) => boolean;
  /** Starts programs where this thread does the work; default: from tapes, or on their guests. */
  readonly start?: Starter;
  /** Whether to replay switch as well, for speedups; default: yes. */
  readonly baseline?: boolean;
  /** Whether the runs are short for so many replays: all replays of the same models then share their code; default: for our programs at size test. */
  readonly brief?: boolean;
  /**
   * Whether rows hold the SHA-256 of recordings; default: yes. Of a large file that is not compressed it takes longer than the
   * replay, on another core.
   */
  readonly hashed?: boolean;
}
