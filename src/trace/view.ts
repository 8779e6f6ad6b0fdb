// A way of looking at a trace. Most techniques see it as it is. Where the native place of an instruction depends on more
// than its virtual address (unrolled switch), or something follows the end (returns that unwind), a view renames blocks
// and addresses so that it depends on the address again; everything after the view stays as it is.
import type { VirtualProgram } from "./virtual.ts";

export interface TraceView {
  /** The program with the blocks and virtual addresses that the view gives it. */
  readonly program: VirtualProgram;
  /**
   * Translates the blocks `ids[from] … ids[to - 1]` and `ids[to]`, which follows them. Called in order of execution;
   * `from` is the `to` of the call before. The first call has `from` = `to`: where the run begins.
   * @returns `to - from + 1` ids, valid until the next call
   */
  translate(ids: Int32Array, from: number, to: number): Int32Array;
  /** What executes once the last block is done: ids, the last of which only says where that ends. */
  epilogue?(): Int32Array;
  /** The end of a warm-up: what comes before belongs to no epilogue. */
  reset?(): void;
  /** Bytes of native stack that the run needs, if it grows with the run. */
  stackBytes?(): number;
}
