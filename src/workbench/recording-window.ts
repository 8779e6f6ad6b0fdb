// A part of a recording: what comes after so many instructions, and so many of them. A block that lies across an end of the window
// is cut into its branches.
import type { RecordedRun } from "../recordings/recorded-run.ts";

/** Native instructions, to the next branch, as `--max-instructions` of `simulate` counts them. */
export interface WindowSize {
  /** At least so many are left out; default: none. */
  readonly skip?: number | undefined;
  /** At least so many follow, if there are so many; default: all. */
  readonly max?: number | undefined;
}

export interface RecordingWindow {
  /** Takes executed blocks, `ids[0] … ids[count - 1]`, of the whole recording. */
  blocks(ids: Int32Array, count: number): void;
  /** Whether no branch is in the window so far. */
  isEmpty(): boolean;
  /** Instructions of the window, when the recording has been read. @param total of the whole recording */
  instructions(total: number): number;
}

/** @param take gets the executed blocks of the window; some are new ones, defined by `sink`. The array is reused. */
export function createRecordingWindow(
  { blocks, sink }: RecordedRun,
  { skip = 0, max = Number.POSITIVE_INFINITY }: WindowSize,
  take: (ids: Int32Array, count: number) => void,
): RecordingWindow {
  const lengths: number[] = [];
  /** Instructions up to the last branch that was read, to the last one before the window, and in the window. */
  let position = 0;
  let skipped = 0;
  let inside = 0;
  let buffer = new Int32Array(0);

  function lengthOf(block: number): number {
    lengths[block] ??= blocks.branchesOf(block).reduce((sum, branch) => sum + blocks.branch(branch).gap, 0);
    return lengths[block];
  }
  /** The branches of a block that are in the window, as a block; 0 where there are none. */
  function cut(block: number): number {
    const branches = blocks.branchesOf(block).filter((branch) => {
      const { gap } = blocks.branch(branch);
      const early = position < skip;
      position += gap;
      if (early) skipped = position;
      if (early || inside >= max) return false;
      inside += gap;
      return true;
    });
    return branches.length === 0 ? 0 : sink.block(branches, branches.length);
  }
  /** What of a block is in the window: mostly all of it, or nothing. */
  function part(block: number): number {
    const length = lengthOf(block);
    if (position >= skip && inside + length <= max) {
      position += length;
      inside += length;
      return block;
    }
    if (position + length > skip) return cut(block);
    position += length;
    skipped = position;
    return 0;
  }
  return {
    blocks(ids, count) {
      if (buffer.length < count) buffer = new Int32Array(count);
      let held = 0;
      for (let i = 0; i < count && inside < max; i++) {
        const block = part(ids[i]);
        if (block !== 0) buffer[held++] = block;
      }
      if (held > 0) take(buffer, held);
    },
    isEmpty: () => inside === 0,
    instructions: (total) => (inside >= max ? inside : total - skipped),
  };
}
