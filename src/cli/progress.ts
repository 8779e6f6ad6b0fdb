// How far long work has come: a bar on standard error while that is a terminal, nothing otherwise.

export interface Progress {
  /** @param draws whether to draw now: work that never yields to timers must say so itself */
  show(done: number, total: number, words: Readonly<Record<string, string>>, draws: boolean): void;
  /** Takes the bar away. */
  stop(): void;
}

/** @param format as cli-progress reads it: "{bar} {value}/{total} {program}" */
export async function createProgress(format: string): Promise<Progress> {
  if (process.stderr.isTTY !== true) return { show() {}, stop() {} };
  const { SingleBar } = await import("cli-progress");
  const bar = new SingleBar({ format, stream: process.stderr, noTTYOutput: false, clearOnComplete: true });
  let started = false;
  return {
    show(done, total, words, draws) {
      if (!started) bar.start(total, done, words);
      started = true;
      bar.update(done, words);
      if (draws) bar.render();
    },
    stop() {
      if (started) bar.stop();
      started = false;
    },
  };
}
