// Does items on this machine: worker threads compute them, this thread writes the results, which stay after any interruption.
import { openSession, type Session } from "../../jobs/session.ts";
import { MOST_INSTRUCTIONS } from "../../lab/lab.ts";
import { readSettings } from "../../options/request.ts";
import type { Engine, SweepRun } from "../engine.ts";
import type { Item } from "../folder/item.ts";
import { openItems } from "../folder/items-file.ts";
import { runItem } from "../folder/run-item.ts";
import { createStopwatch, duration } from "../stopwatch.ts";

/** Tapes each program once, before the first of its items; the other items play the tape. */
function createTapes(session: Session): (item: Item) => Promise<void> {
  const tapes = new Map<string, Promise<void>>();
  return async ({ input, size, options }) => {
    const { tapeFolder } = session;
    if (size === undefined || tapeFolder === undefined) return;
    const key = JSON.stringify([input, size]);
    const { maxInstructions = MOST_INSTRUCTIONS } = readSettings(options);
    const tape = tapes.get(key) ?? session.pool().run("tape", { input, size, maxInstructions, tapeFolder }).then(ignore, ignore);
    tapes.set(key, tape);
    await tape;
  };
}

/** Errors of taping are ignored here, because the program's items will report them. */
const ignore = (): void => {};

async function run({ folder, file, pending, jobs, cache, onProgress }: SweepRun): Promise<void> {
  const items = openItems(file);
  const session = openSession({ jobs, cache });
  const tape = createTapes(session);
  const seconds = createStopwatch();
  const total = pending.reduce((sum, index) => sum + items.item(index).weight, 0);
  let done = 0;
  let ended = 0;
  let begun = 0;
  let stopped = false;

  function show(): void {
    // the speed is computed only from items done in this run
    const left = done === 0 || ended === pending.length ? "" : `, about ${duration(((total - done) * seconds()) / done)} left`;
    onProgress(Math.round(done), Math.round(total), `${ended} of ${pending.length} items${left}`);
  }

  /** Takes one item after the other. */
  async function work(): Promise<void> {
    while (!stopped && begun < pending.length) {
      const item = items.item(pending[begun++]);
      try {
        await tape(item);
        await runItem(folder, item, session, { many: pending.length });
      } catch (error) {
        stopped = true;
        throw error;
      }
      done += item.weight;
      ended++;
      show();
    }
  }

  try {
    show();
    // one more than there are workers, so that the next item is prepared while all are busy
    const workers = await Promise.allSettled(Array.from({ length: session.jobs + 1 }, work));
    const failed = workers.find((worker) => worker.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  } finally {
    items.close();
    await session.close();
  }
}

export const local: Engine = { description: "worker threads of this process", waits: true, run };
