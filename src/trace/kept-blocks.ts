// The executed blocks of a whole run, kept in memory.
import { grown } from "../files/grown.ts";
import type { BlockSink } from "./virtual.ts";

/** Runs something that passes on blocks: their ids, in the order in which they executed. */
export function keptBlocks(run: (sink: BlockSink) => void): Int32Array {
  let blocks = new Int32Array(1 << 16);
  let length = 0;
  run((ids, count) => {
    blocks = grown(blocks, length + count);
    blocks.set(ids.subarray(0, count), length);
    length += count;
  });
  return blocks.subarray(0, length);
}
