// What the lab has answered for the columns of the table: each question is asked once, and while a column is being answered only
// its newest question waits.
import type { ResultRecord } from "../protocol.ts";
import { asksFor, columnsOf } from "../questions.ts";
import type { App, ColumnAnswer } from "./app.ts";

/** A question that runs longer is ended when a newer one takes its place; a shorter one is awaited, for a new worker takes about as long. */
const PATIENCE_MILLISECONDS = 1500;

const STOPPED = "stopped";

interface Memory {
  readonly rows: readonly ResultRecord[];
  readonly error: string | undefined;
}

export function createColumns(app: Pick<App, "lab" | "state" | "files">, onAnswer: () => void) {
  const known = new Map<string, Memory>();
  const last = new Map<number, Memory>();
  const running = new Map<number, { readonly key: string; readonly abort: AbortController; long: boolean }>();

  const asksOf = (frontEnd: string) => asksFor(app.state(), { frontEnd, techniques: app.state().techniques }, app.files());
  const keyOf = (frontEnd: string): string => {
    const { files, ...asks } = asksOf(frontEnd);
    return JSON.stringify([asks, files?.map(({ name, content }) => [name, content.length, typeof content === "string" ? content : ""])]);
  };

  function ask(slot: number): void {
    const frontEnd = columnsOf(app.state())[slot];
    if (frontEnd === undefined || app.state().techniques.length === 0) return;
    const key = keyOf(frontEnd);
    if (known.has(key)) return;
    const busy = running.get(slot);
    if (busy !== undefined) {
      if (busy.key !== key && busy.long) busy.abort.abort(new Error("replaced"));
      return;
    }
    const run = { key, abort: new AbortController(), long: false };
    const { signal } = run.abort;
    running.set(slot, run);
    const patience = setTimeout(() => {
      run.long = true;
      ask(slot);
    }, PATIENCE_MILLISECONDS);
    app.lab
      .ask("simulate", asksOf(frontEnd), { signal })
      .then(
        ({ rows, failures }): Memory => ({ rows, error: failures[0] }),
        (error: Error): Memory => ({ rows: [], error: signal.aborted ? STOPPED : error.message }),
      )
      .then((memory) => {
        clearTimeout(patience);
        running.delete(slot);
        if (!signal.aborted || signal.reason?.message === STOPPED) known.set(key, memory);
        ask(slot);
        onAnswer();
      });
  }

  return {
    /** Asks for what is shown and not known yet. */
    refresh(): void {
      const columns = columnsOf(app.state());
      for (const slot of columns.keys()) ask(slot);
      for (const [slot, { abort }] of running) if (slot >= columns.length) abort.abort(new Error("replaced"));
    },
    of(frontEnd: string): ColumnAnswer {
      const slot = columnsOf(app.state()).indexOf(frontEnd);
      const memory = known.get(keyOf(frontEnd));
      if (memory !== undefined) last.set(slot, memory);
      const { rows, error } = memory ?? last.get(slot) ?? { rows: [], error: undefined };
      return { rows, error: memory === undefined ? undefined : error, stale: memory === undefined };
    },
    stop(): void {
      for (const { abort } of running.values()) abort.abort(new Error(STOPPED));
    },
    /** Forgets what was stopped, so that it is asked again. */
    again(): void {
      for (const [key, { error }] of known) if (error === STOPPED) known.delete(key);
    },
  };
}
