// Tasks other than simulations that run a user's predictor: in a worker, because it may not return.
import { RunError } from "../errors.ts";
import { createPool, PATIENCE_SECONDS, WorkerEnded } from "./pool.ts";
import type { TaskKind, Tasks } from "./tasks.ts";

/**
 * Does tasks one after the other; a task that does not return is ended.
 * @param predictor name of the user's code that they run
 */
export function watchedTasks(predictor: string, patienceSeconds = PATIENCE_SECONDS) {
  const pool = createPool(1, patienceSeconds);
  return {
    /** @throws UsageError, RunError as the task does; RunError when the predictor ends the worker or does not return */
    async run<K extends TaskKind>(kind: K, asks: Tasks[K]["asks"]): Promise<Tasks[K]["gives"]> {
      try {
        return await pool.run(kind, asks, predictor);
      } catch (error) {
        if (!(error instanceof WorkerEnded)) throw error;
        throw new RunError(`predictor ${predictor} ${error.hung ? "does not return" : "ended its worker"}: ${error.message}`);
      }
    },
    close: () => pool.close(),
  };
}
