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

/** A time in words: "40 s left", "3 min left", nothing where it is not known yet. */
function leftText(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds <= 0) return "";
  return seconds < 90 ? `, about ${Math.ceil(seconds)} s left` : `, about ${Math.round(seconds / 60)} min left`;
}

/** @param format as cli-progress reads it: "{bar} {percentage} %{eta_formatted} {program}" */
export async function createProgress(format: string): Promise<Progress> {
  if (process.stderr.isTTY !== true) return { show() {}, stop() {} };
  const { SingleBar } = await import("cli-progress");
  const bar = new SingleBar({ format, stream: process.stderr, noTTYOutput: false, clearOnComplete: true, formatTime: leftText });
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
