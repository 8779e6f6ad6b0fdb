// What users ask of `simulate`; the lab's own callers ask for a few things more.
import type { OptionValues } from "../options/request.ts";

/** What to simulate, on what assumptions, and how; everything has a default. docs/options.md says what each option does. */
export interface SimulateRequest extends OptionValues {
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

/** How the lab's own commands have a request done. */
export interface Manner {
  /** Inputs that the session works on at the same time, if workers do it in any case; default: the request's, and workers do it
   * where that is worth it. */
  readonly many?: number;
  /** Whether one technique goes through one front end, both by their names in rows; default: each through each. */
  readonly pairs?: (technique: string, predictor: string) => boolean;
  /** Whether to replay switch as well, for speedups; default: yes. */
  readonly baseline?: boolean;
  /**
   * Whether rows hold the SHA-256 of recordings; default: yes. Of a large file that is not compressed it takes longer than the
   * replay, on another core.
   */
  readonly hashed?: boolean;
}
