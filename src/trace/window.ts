// The first instructions of a run, for `--max-instructions`. The guest is stopped after the last block of the window.
import type { VirtualRun } from "./run.ts";

/** Instructions that guests may run past the end of a window before they stop by themselves: they pass on blocks long before. */
const MARGIN = 1 << 23;

/** The guest's own limit, which also ends loops that pass on no blocks, such as a text interpreter's. */
export const guestLimit = (maxInstructions: number): number => maxInstructions + MARGIN;

/**
 * A run that ends with the block in which it reaches `maxInstructions` virtual instructions, if it gets so far.
 * @param run with a limit of `guestLimit`
 */
export function windowOf(run: VirtualRun, maxInstructions: number): VirtualRun {
  return {
    program: run.program,
    run(sink, rewritten) {
      const { program } = run;
      /** Thrown through the guest to end it. */
      const end = new Error("the window ends");
      let left = maxInstructions;
      try {
        run.run((ids, count, next) => {
          let last = 0;
          while (last < count && left > 0) left -= program.blockLength(ids[last++]);
          if (left > 0 || (last === count && next < 0)) return sink(ids, count, next);
          sink(ids, last, -1);
          throw end;
        }, rewritten);
      } catch (error) {
        if (error !== end) throw error;
      }
    },
  };
}
