// The blocks of a whole short run, so that its replays can run one after the other once it is over.
import { grown } from "../files/grown.ts";

export interface BlockMemory {
  /** Replaced when it grows. */
  readonly ids: Int32Array;
  readonly length: number;
  /** Adds `ids[from] … ids[to - 1]`. */
  add(ids: Int32Array, from: number, to: number): void;
  /** Nobody reads it any more. */
  release(): void;
}

/** Memory that nobody reads any more. */
const free: Int32Array[] = [];

export function createBlockMemory(): BlockMemory {
  let memory = free.pop() ?? new Int32Array(2 ** 16);
  let length = 0;
  return {
    get ids() {
      return memory;
    },
    get length() {
      return length;
    },
    add(ids, from, to) {
      memory = grown(memory, length + to - from);
      memory.set(ids.subarray(from, to), length);
      length += to - from;
    },
    release() {
      free.push(memory);
    },
  };
}
