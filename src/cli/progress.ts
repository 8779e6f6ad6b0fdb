// Progress of long work: a bar on standard error if that is a terminal, nothing otherwise.
import { whole } from "../numbers.ts";

/** Values shown in a bar. Numbers get commas only when they are drawn, because formatting is slow. */
type Words = Readonly<Record<string, string | number>>;

export interface Progress {
  /** @param draws whether to draw now: work that never yields to timers must say so itself */
  show(done: number, total: number, words: Words, draws: boolean): void;
  /** Removes the bar. */
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
      const texts = Object.fromEntries(Object.entries(words).map(([name, word]) => [name, typeof word === "number" ? whole(word) : word]));
      if (!started) bar.start(total, done, texts);
      started = true;
      bar.update(done, texts);
      if (draws) bar.render();
    },
    stop() {
      if (started) bar.stop();
      started = false;
    },
  };
}
