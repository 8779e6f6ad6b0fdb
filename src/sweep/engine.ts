// What an engine is: it has the items of a sweep done, by `runItem` in this process or by `bplab sweep run-item FILE INDEX`
// anywhere. What it is told is an items file; what it leaves behind are result files, and failure files.

/** What `bplab sweep` asks of an engine. */
export interface SweepRun {
  /** The folder of the sweep, absolute. */
  readonly folder: string;
  /** The items file, absolute: items are known by the number of their line, from 0. */
  readonly file: string;
  /** Which items are to be done, ascending. All others are done, or have failed and are left alone. */
  readonly pending: readonly number[];
  /** Worker threads, or tasks of a cluster, at most at a time; undefined: one for every core, or as many as the cluster lets. */
  readonly jobs: number | undefined;
  /** Whether programs play from tapes of earlier runs, and are taped. */
  readonly cache: boolean;
  /** Says how far it has come: units of work done, of how many, and a few words. */
  readonly onProgress: (done: number, total: number, words: string) => void;
  /** What stood behind `--` on the command line, for whatever the engine starts. */
  readonly passedOn: readonly string[];
}

export interface Engine {
  /** What it does with the items, for `--help`. */
  readonly description: string;
  /** Whether all items are done, or have failed, when `run` returns. */
  readonly waits: boolean;
  /** @throws UsageError when it cannot have them done at all; what fails of an item is a failure file */
  run(sweep: SweepRun): Promise<void>;
}
