// A program about to run on a guest: what the lab replays. Guests make these; the lab knows no guest.
import type { BlockSink, VirtualProgram } from "./virtual.ts";

export interface VirtualRun {
  /** Grows while the run goes on. */
  readonly program: VirtualProgram;
  /**
   * Runs the program to its end, handing on executed blocks as they come; nothing is held but one buffer.
   * @param rewritten called with a virtual address in use when what is known of it changes, before the next blocks are handed on
   * @throws RunError when the program fails, or runs longer than its limit
   */
  run(sink: BlockSink, rewritten?: (address: number) => void): void;
}
