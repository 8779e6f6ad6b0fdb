// The contract of engines: an engine gets an items file, and has its items done by `runItem` in this process or by
// `bplab sweep run-item FILE INDEX` on any machine. The output is result files and failure files.

/** A sweep to run. */
export interface SweepRun {
  /** The folder of the sweep, absolute. */
  readonly folder: string;
  /** The items file, absolute; items are identified by their line, from 0. */
  readonly file: string;
  /** Items to do, ascending. All others are done, or have failed and are left alone. */
  readonly pending: readonly number[];
  /** Most simultaneous worker threads or cluster tasks; undefined: one for every core, or the cluster's limit. */
  readonly jobs: number | undefined;
  /** Whether programs play from tapes of earlier runs, and are taped. */
  readonly cache: boolean;
  /** Reports progress: units of work done, their total, and a few words. */
  readonly onProgress: (done: number, total: number, words: string) => void;
  /** Arguments after `--` on the command line, for the scheduler. */
  readonly passedOn: readonly string[];
}

export interface Engine {
  /** How it does items, for `--help`. */
  readonly description: string;
  /** Whether all items are done, or have failed, when `run` returns. */
  readonly waits: boolean;
  /** @throws UsageError when it cannot run at all; an item that fails gives a failure file */
  run(sweep: SweepRun): Promise<void>;
}
