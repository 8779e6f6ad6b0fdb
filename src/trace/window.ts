// The first instructions of a run: what `--max-instructions` leaves of a program that runs longer. The guest is stopped where the
// last block of the window ends, whatever it would have done next.
import type { VirtualRun } from "./run.ts";

/** What guests may run past the end of a window before they stop by themselves: they hand on blocks long before. */
const MARGIN = 1 << 23;

/** The limit of a guest's own: it ends what hands on no blocks, as a text interpreter's loop does. */
export const guestLimit = (maxInstructions: number): number => maxInstructions + MARGIN;

/**
 * A run that ends with the block in which it reaches so many virtual instructions, if it gets so far.
 * @param run with a limit of `guestLimit`
 */
export function windowOf(run: VirtualRun, maxInstructions: number): VirtualRun {
  return {
    program: run.program,
    run(sink, rewritten) {
      const { program } = run;
      /** Thrown through the guest: its own end. */
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
