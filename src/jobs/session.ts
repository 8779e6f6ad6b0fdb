// State shared by calls of `simulate`: workers, started when there is work, and front ends that only workers may load.
import { availableParallelism } from "#platform/os";
import { HAS_THREADS } from "#platform/threads";
import type { ProfiledRun } from "../dispatch/profile.ts";
import { RunError, UsageError } from "../errors.ts";
import { cacheFolder } from "../files/cache-folder.ts";
import { type FrontEnd, predictorFiles, readFrontEnds } from "../front-end/front-end.ts";
import type { OwnDefinitions } from "../front-end/load-predictor.ts";
import type { Program } from "../guests/programs.ts";
import { createTrainer, MOST_TRAINING_INSTRUCTIONS, type Profiler, profileHere, type Trainer } from "../lab/training.ts";
import { createPool, type Pool, WorkerEnded } from "./pool.ts";
import { createSharedTapes, type SharedTapes } from "./shared-tape.ts";

/** More threads are taken for a mistake: no machine has that many cores. */
const MOST_JOBS = 1024;

export interface Session {
  readonly jobs: number;
  /** The folder of tapes; undefined to keep none. */
  readonly tapeFolder: string | undefined;
  readonly tapes: SharedTapes;
  /** The workers, started on first use. */
  pool(): Pool;
  /**
   * Makes profiles of training programs, each once.
   * @param asked   the programs that the user named; by default the lab's, which are found once: a dozen simulations in a row find
   *                them a dozen times otherwise, 2 % of the CPU time of `advise`
   * @param spreads whether workers run them
   */
  trainer(asked: readonly Program[] | undefined, spreads: boolean): Trainer;
  close(): Promise<void>;
}

/** @throws UsageError for an invalid number of jobs */
export function openSession({ jobs, cache }: { readonly jobs?: number; readonly cache?: boolean }, patienceSeconds?: number): Session {
  const count = jobs ?? availableParallelism();
  if (!Number.isInteger(count) || count < 1 || count > MOST_JOBS)
    throw new UsageError(`jobs must be a number of worker threads from 1 to ${MOST_JOBS}, got ${count}`);
  const folder = cache === false ? undefined : cacheFolder();
  let pool: Pool | undefined;
  const profiles = new Map<string, Promise<readonly ProfiledRun[]>>();
  const profileThere: Profiler = (program) =>
    session
      .pool()
      .run("profile", { input: program.id, size: "test", maxInstructions: MOST_TRAINING_INSTRUCTIONS, tapeFolder: folder })
      .catch((error) => {
        throw error instanceof WorkerEnded
          ? new RunError(`${program.id}: the worker that ran it for training ended: ${error.message}`)
          : error;
      });
  const profiler =
    (spreads: boolean): Profiler =>
    (program) => {
      const key = JSON.stringify([program.path, program.sha256]);
      const profile = profiles.get(key) ?? (spreads ? profileThere : profileHere(session.tapes.start))(program);
      profiles.set(key, profile);
      return profile;
    };
  /** Of the lab's own programs, by whether workers run them. */
  const trainers = new Map<boolean, Trainer>();
  const session: Session = {
    jobs: count,
    tapeFolder: folder,
    tapes: createSharedTapes(folder),
    pool() {
      pool ??= createPool(count, patienceSeconds);
      return pool;
    },
    trainer(asked, spreads) {
      const known = asked === undefined ? trainers.get(spreads) : undefined;
      if (known !== undefined) return known;
      const trainer = createTrainer(asked, profiler(spreads));
      if (asked === undefined) trainers.set(spreads, trainer);
      return trainer;
    },
    close: async () => pool?.close(),
  };
  return session;
}

/** Reads front ends; users' files are loaded only in a worker, because they may not return. */
export async function readFrontEndsIn(session: Session, text: string, definitions?: OwnDefinitions): Promise<FrontEnd[]> {
  const files = predictorFiles(text);
  if (files.length > 0 && definitions !== undefined)
    throw new UsageError(`definitions run in this thread, files of predictors in others: name ${files.join(", ")} in another call`);
  if (files.length === 0 || !HAS_THREADS) return readFrontEnds(text, definitions);
  const facts = await session
    .pool()
    .run("front ends", { text }, text)
    .catch((error) => {
      if (!(error instanceof WorkerEnded)) throw error;
      const what = error.hung ? "does not return while it is loaded" : "ended its worker while it was loaded";
      throw new UsageError(`predictor ${files.join(" or ")}: it ${what}: ${error.message}`);
    });
  const load = (): never => {
    throw new Error("a user's predictor is loaded by workers alone");
  };
  return facts.map((frontEnd) => ({ ...frontEnd, models: frontEnd.models.map((model) => ({ ...model, load })) }));
}
