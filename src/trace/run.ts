// A program about to run on a guest, the lab's input. Guests make these; the lab knows no particular guest.
import type { BlockSink, VirtualProgram } from "./virtual.ts";

export interface VirtualRun {
  /** Grows during the run. */
  readonly program: VirtualProgram;
  /**
   * Runs the program to its end, passing on executed blocks as they come; only one buffer is held.
   * @param rewritten called with a virtual address in use when facts about it change, before the next blocks are passed on
   * @throws RunError when the program fails, or runs longer than its limit
   */
  run(sink: BlockSink, rewritten?: (address: number) => void): void;
}
