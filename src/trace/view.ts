// A view of a trace. Most techniques use the trace unchanged. If the native code of an instruction depends on more than its
// virtual address (unrolled switch), or something executes after the end (returns that unwind), a view renames blocks and
// addresses so that the code depends on the address alone; all later stages stay unchanged.
import type { VirtualProgram } from "./virtual.ts";

export interface TraceView {
  /** The program with the view's blocks and virtual addresses. */
  readonly program: VirtualProgram;
  /**
   * Translates the blocks `ids[from] … ids[to - 1]` and `ids[to]`, which follows them. Called in order of execution;
   * `from` is the `to` of the previous call. The first call has `from` = `to`: the first block of the run.
   * @returns `to - from + 1` ids, valid until the next call
   */
  translate(ids: Int32Array, from: number, to: number): Int32Array;
  /** Ids of the blocks that execute after the last block; the last id only marks the end. */
  epilogue?(): Int32Array;
  /** Called at the end of a warm-up: earlier blocks are not part of the epilogue. */
  reset?(): void;
  /** Bytes of native stack that the run needs, if it grows with the run. */
  stackBytes?(): number;
}
