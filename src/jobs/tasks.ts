// Messages to and from workers: plain data, so that it can be sent to another thread. Names are resolved there by the same
// functions as here.

import type { Profile, ProfiledRun } from "../dispatch/profile.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { Size } from "../guests/programs.ts";
import type { ProgramSubject } from "../lab/lab.ts";
import type { CostParameters, Settings } from "../options/request.ts";
import type { InputResults, RecordingNotes } from "../results/rows.ts";
import type { explain } from "../workbench/explain.ts";
import type { ProgramWindow } from "../workbench/explain-program.ts";
import type { Explanation, ProgramExplanation } from "../workbench/explanation.ts";

/** A front end by its name in rows, which its machine has too. */
export interface FrontEndName {
  readonly name: string;
  readonly machine: boolean;
}

/** A front end without functions. */
export type FrontEndFacts = Omit<FrontEnd, "models"> & { readonly models: readonly Omit<FrontEnd["models"][number], "load">[] };

/** A program as users name it, and the folder with tapes, if there is one. */
export interface ProgramName {
  readonly input: string;
  readonly size: Size;
  readonly maxInstructions: number;
  readonly tapeFolder: string | undefined;
}

/** A whole tape shared by all threads; undefined if it is too long: then it is read from the cache, or the guest runs again. */
export type SharedTape = SharedArrayBuffer | undefined;

/** Options for every input. */
interface ReplayRequest {
  readonly settings: Settings;
  readonly costs: readonly Partial<CostParameters>[];
  /** Whether to make rows of sites, which are many. */
  readonly sites: boolean;
}

/** One technique under one front end. */
export interface PairName {
  readonly technique: string;
  readonly frontEnd: FrontEndName;
}

export interface ProgramRequest extends ReplayRequest {
  readonly program: ProgramName;
  readonly subject: ProgramSubject;
  /** Whether the run is known to be short. */
  readonly brief: boolean;
  /** Without one the program is started. */
  readonly tape: SharedTape;
  readonly pairs: readonly PairName[];
  readonly profile: Profile;
}

export interface RecordingRequest extends ReplayRequest {
  readonly path: string;
  /** Whether to compute the SHA-256 of the file. */
  readonly hashed: boolean;
  readonly frontEnds: readonly FrontEndName[];
}

/** Kinds of tasks, with their requests and results. */
export interface Tasks {
  /** Reads front ends that name users' files, which are loaded nowhere else. */
  readonly "front ends": { readonly asks: { readonly text: string }; readonly gives: readonly FrontEndFacts[] };
  /** Runs a program once, or finds its tape. */
  readonly tape: { readonly asks: ProgramName; readonly gives: { readonly tape: SharedTape; readonly executedBlocks: number } };
  /** Runs a training program. */
  readonly profile: { readonly asks: ProgramName; readonly gives: readonly ProfiledRun[] };
  /** Replays a program through some techniques and front ends. */
  readonly program: { readonly asks: ProgramRequest; readonly gives: InputResults & { readonly executedBlocks: number } };
  /** Replays a recording through some front ends. */
  readonly recording: { readonly asks: RecordingRequest; readonly gives: InputResults & { readonly notes: RecordingNotes } };
  /** A small loop, dispatch by dispatch. */
  readonly explanation: { readonly asks: Parameters<typeof explain>; readonly gives: Explanation };
  readonly "program explanation": {
    readonly asks: readonly [program: string, technique: string, predictor: string, window: ProgramWindow];
    readonly gives: ProgramExplanation;
  };
  /** Conformance checks of a predictor: their titles; and the result of one of them. */
  readonly checks: { readonly asks: string; readonly gives: readonly string[] };
  readonly check: { readonly asks: { readonly predictor: string; readonly index: number }; readonly gives: string | undefined };
}

export type TaskKind = keyof Tasks;

/** A task on its way to a worker. */
export type Asked = { readonly [K in TaskKind]: { readonly kind: K; readonly asks: Tasks[K]["asks"] } }[TaskKind];

/** A worker's reply: the result, or the error with its class. */
export type Answer =
  | { readonly given: unknown }
  | { readonly thrown: { readonly whose: "usage" | "run" | "ours"; readonly message: string; readonly stack: string | undefined } };

/** A worker's pulse counter, incremented after every group of replayed blocks and at other signs of progress. */
export const PULSE_BYTES = 4;
