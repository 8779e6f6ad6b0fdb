// Worker threads, one for each job, started when there is work. Tasks that finish something go first, so that few tapes are held
// at a time. If a worker dies, only its task is lost.
import { Worker } from "#platform/threads";
import { messageOf, RunError, UsageError } from "../errors.ts";
import { keptStandardInput } from "../files/kept-inputs.ts";
import { type Answer, type Asked, PULSE_BYTES, type TaskKind, type Tasks } from "./tasks.ts";

/** Seconds without a pulse after which users' code counts as hung: 1024 blocks take well under a second. */
export const PATIENCE_SECONDS = 20;

/** A worker ended before its task, whose results are lost. */
export class WorkerEnded extends Error {
  /** Whether it was ended because a user's code did not return. */
  readonly hung: boolean;
  constructor(message: string, hung: boolean) {
    super(message);
    this.hung = hung;
  }
}

export interface Pool {
  readonly jobs: number;
  /** Users' code that did not return, by name, with a message. It is not started again. */
  readonly hung: ReadonlyMap<string, string>;
  /**
   * Does a task in a worker.
   * @param watched name of the user's code that it runs, which may not return
   * @throws UsageError, RunError as the task does; WorkerEnded
   */
  run<K extends TaskKind>(kind: K, asks: Tasks[K]["asks"], watched?: string): Promise<Tasks[K]["gives"]>;
  /** Ends all workers, busy or not. */
  close(): Promise<void>;
}

interface Waiting {
  readonly asked: Asked;
  readonly watched: string | undefined;
  readonly done: (answer: Answer) => void;
  readonly failed: (error: Error) => void;
  /** Set on a second attempt, after the first worker died. */
  again?: true;
}

/** A slot for a worker, with the worker in it. */
interface WorkerSlot {
  readonly worker: Worker;
  readonly pulse: Int32Array;
  task: Waiting | undefined;
  /** Number of finished tasks. */
  tasks: number;
  /** Whether it takes no further task. */
  retiring: boolean;
  /** Seconds for which a watched task has had no pulse. */
  silentSeconds: number;
  lastPulse: number;
}

/** Priority of tasks: those that finish something before those that begin something. */
const ORDER: readonly TaskKind[] = [
  "front ends",
  "program",
  "recording",
  "profile",
  "tape",
  "explanation",
  "program explanation",
  "checks",
  "check",
];

function errorOf({ whose, message, stack }: Extract<Answer, { readonly thrown: unknown }>["thrown"]): Error {
  if (whose === "usage") return new UsageError(message);
  if (whose === "run") return new RunError(message);
  return Object.assign(new Error(message), { stack });
}

/**
 * Tasks after which a worker is replaced, because the modules of its replays are never freed: a sweep of 5400 small replays, 15
 * per task, took 420 MB with 100 tasks, 330 MB with 25, 270 MB with 5, the last with a seventh more CPU time.
 */
const MOST_TASKS = 25;

/**
 * Replays make little long-lived garbage: with the default young generation of 48 MB, all programs at size test took 410 MB with
 * two workers, with 4 MB 320 MB, in the same time.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 4 };

export function createPool(jobs: number, patienceSeconds = PATIENCE_SECONDS): Pool {
  const queues = new Map<TaskKind, Waiting[]>(ORDER.map((kind) => [kind, []]));
  const slots: WorkerSlot[] = [];
  const hung = new Map<string, string>();
  let closed = false;
  let clock: NodeJS.Timeout | undefined;

  function startWorker(): WorkerSlot {
    const shared = new SharedArrayBuffer(PULSE_BYTES);
    const worker = new Worker(new URL("./thread.js", import.meta.url), {
      workerData: { pulse: shared, standardInput: keptStandardInput() },
      resourceLimits,
    });
    const slot: WorkerSlot = {
      worker,
      pulse: new Int32Array(shared),
      task: undefined,
      tasks: 0,
      retiring: false,
      silentSeconds: 0,
      lastPulse: 0,
    };
    let reason: string | undefined;
    worker.on("message", (answer: Answer) => {
      const { task } = slot;
      slot.task = undefined;
      if (++slot.tasks === MOST_TASKS) {
        // its successor starts only after it has ended: both together would need the memory of both
        slot.retiring = true;
        void slot.worker.terminate();
      }
      task?.done(answer);
      next();
    });
    worker.on("error", (error) => {
      const { code } = error as NodeJS.ErrnoException;
      reason = code === "ERR_WORKER_OUT_OF_MEMORY" ? "out of memory" : messageOf(error);
    });
    worker.on("exit", (code) => {
      if (slots.includes(slot)) slots.splice(slots.indexOf(slot), 1);
      const { task } = slot;
      slot.task = undefined;
      if (closed) return;
      // leftovers of a user's code may end a worker later: our own tasks get a second attempt
      if (task !== undefined && task.watched === undefined && task.again === undefined) {
        task.again = true;
        queues.get(task.asked.kind)?.unshift(task);
      } else task?.failed(new WorkerEnded(reason ?? `exit code ${code}`, false));
      next();
    });
    slots.push(slot);
    return slot;
  }

  function next(): void {
    for (;;) {
      const queue = ORDER.map((kind) => queues.get(kind) ?? []).find(({ length }) => length > 0);
      if (queue === undefined) break;
      const [task] = queue;
      const known = task.watched === undefined ? undefined : hung.get(task.watched);
      if (known !== undefined) {
        queue.shift();
        task.failed(new WorkerEnded(known, true));
        continue;
      }
      const slot =
        slots.find(({ task: busy, retiring }) => busy === undefined && !retiring) ?? (slots.length < jobs ? startWorker() : undefined);
      if (slot === undefined) break;
      queue.shift();
      slot.task = task;
      slot.silentSeconds = 0;
      slot.worker.postMessage(task.asked);
    }
    // an idle pool does not keep the process alive
    for (const { worker, task, retiring } of slots) {
      if (task === undefined && !retiring) worker.unref();
      else worker.ref();
    }
    const watching = slots.some(({ task }) => task?.watched !== undefined);
    if (watching) clock ??= setInterval(checkPulses, 1000);
    else {
      clearInterval(clock);
      clock = undefined;
    }
  }

  /** Once a second: ends workers whose watched task has had no pulse for too long. */
  function checkPulses(): void {
    for (const slot of [...slots]) {
      const pulse = Atomics.load(slot.pulse, 0);
      // one that has not loaded the lab's modules yet, on a busy machine, has run nobody's code
      const silent = pulse !== 0 && pulse === slot.lastPulse;
      slot.silentSeconds = silent ? slot.silentSeconds + 1 : 0;
      slot.lastPulse = pulse;
      if (slot.task?.watched === undefined || slot.silentSeconds < patienceSeconds) continue;
      const said = `no sign of life for ${patienceSeconds} seconds`;
      hung.set(slot.task.watched, said);
      slot.task.failed(new WorkerEnded(said, true));
      slot.task = undefined;
      // it takes no further task while it ends
      slots.splice(slots.indexOf(slot), 1);
      void slot.worker.terminate();
    }
    next();
  }

  return {
    jobs,
    hung,
    run<K extends TaskKind>(kind: K, asks: Tasks[K]["asks"], watched?: string): Promise<Tasks[K]["gives"]> {
      return new Promise((resolve, reject) => {
        const done = (answer: Answer): void => {
          if ("thrown" in answer) reject(errorOf(answer.thrown));
          else resolve(answer.given as Tasks[K]["gives"]);
        };
        queues.get(kind)?.push({ asked: { kind, asks } as Asked, watched, done, failed: reject });
        next();
      });
    },
    async close() {
      closed = true;
      clearInterval(clock);
      for (const queue of queues.values()) queue.length = 0;
      for (const slot of slots) slot.task = undefined;
      await Promise.all([...slots].map(({ worker }) => worker.terminate()));
    },
  };
}
