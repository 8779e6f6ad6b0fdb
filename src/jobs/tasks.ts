// What a worker is asked and what it answers: plain data, so that it can cross to another thread. Names are resolved there
// by the same functions as here.

import type { Profile, ProfiledRun } from "../dispatch/profile.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { Size } from "../guests/programs.ts";
import type { ProgramSubject } from "../lab/lab.ts";
import type { CostParameters, Settings } from "../options/request.ts";
import type { InputResults, RecordingNotes } from "../results/rows.ts";
import type { Explanation, explain } from "../workbench/explain.ts";

/** A front end by its name in rows, which its machine has too. */
export interface FrontEndName {
  readonly name: string;
  readonly machine: boolean;
}

/** A front end without what runs. */
export type FrontEndFacts = Omit<FrontEnd, "models"> & { readonly models: readonly Omit<FrontEnd["models"][number], "load">[] };

/** A program as users name it, and the folder with tapes, if there is one. */
export interface ProgramName {
  readonly input: string;
  readonly size: Size;
  readonly maxInstructions: number;
  readonly tapeFolder: string | undefined;
}

/** A whole tape that all threads share; undefined where it is too long for that: then it is the cache's, or the guest runs again. */
export type SharedTape = SharedArrayBuffer | undefined;

/** What is asked of every input alike. */
interface ReplayRequest {
  readonly settings: Settings;
  readonly costs: readonly Partial<CostParameters>[];
  /** Whether rows of sites are wanted: they are many. */
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
  /** Whether the SHA-256 of the file is wanted. */
  readonly hashed: boolean;
  readonly frontEnds: readonly FrontEndName[];
}

/** What there is to do, with what it asks and what it gives. */
export interface Tasks {
  /** Reads front ends that name users' files: nothing else ever loads these. */
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
  /** What a predictor must do: the titles of its checks; one of them, and what it did instead. */
  readonly checks: { readonly asks: string; readonly gives: readonly string[] };
  readonly check: { readonly asks: { readonly predictor: string; readonly index: number }; readonly gives: string | undefined };
}

export type TaskKind = keyof Tasks;

/** A task on its way to a worker. */
export type Asked = { readonly [K in TaskKind]: { readonly kind: K; readonly asks: Tasks[K]["asks"] } }[TaskKind];

/** What comes back: what was given, or what was thrown and whose mistake that is. */
export type Answer =
  | { readonly given: unknown }
  | { readonly thrown: { readonly whose: "usage" | "run" | "ours"; readonly message: string; readonly stack: string | undefined } };

/** What a worker's pulse counts: stretches of blocks replayed, and whatever else shows that it goes on. */
export const PULSE_BYTES = 4;
