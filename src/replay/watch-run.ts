// Runs a program for one watcher of its blocks, as a technique sees them.
import type { VirtualRun } from "../trace/run.ts";
import type { TraceView } from "../trace/view.ts";
import type { BlockWatcher } from "./block-watcher.ts";

/** @param view of the technique, if it has one */
export function watchRun({ run }: VirtualRun, view: TraceView | undefined, watcher: Omit<BlockWatcher, "reset">): void {
  let started = false;
  run((ids, length, next) => {
    const to = next < 0 ? length - 1 : length;
    ids[length] = next;
    if (!started) watcher.enter(view?.translate(ids, 0, 0)[0] ?? ids[0]);
    started = true;
    watcher.run(view?.translate(ids, 0, to) ?? ids, 0, to);
    if (next < 0) watcher.finish(view?.translate(ids, to, to)[0] ?? ids[to]);
  });
}
