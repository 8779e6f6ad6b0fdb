// The agent's messages, read from the pipe as they come: while nobody reads, the program waits. Channel.java describes them; two more
// come from the shell that starts Java: 5, its process id, and 6, its exit code, both as decimal text.
import { readSync } from "#platform/fs";

const HEAD_BYTES = 8;
export const MESSAGES = { blocks: 1, class: 2, end: 3, note: 4, process: 5, exit: 6 } as const;

export interface Message {
  readonly kind: number;
  /** Reused by the next message. */
  readonly body: Buffer;
}

export interface Channel {
  /** The next message; undefined at the end. */
  next(): Message | undefined;
}

/** @param file the pipe's descriptor */
export function createChannel(file: number): Channel {
  let buffer = Buffer.alloc(1 << 18);
  const head = Buffer.alloc(HEAD_BYTES);
  /** Whether so many bytes came. */
  function fill(into: Buffer, bytes: number): boolean {
    for (let done = 0; done < bytes; ) {
      const count = readSync(file, into, done, bytes - done, null);
      if (count === 0) return false;
      done += count;
    }
    return true;
  }
  return {
    next() {
      if (!fill(head, HEAD_BYTES)) return undefined;
      const length = head.readInt32LE(4);
      if (length > buffer.length) buffer = Buffer.alloc(2 * length);
      if (!fill(buffer, length)) return undefined;
      return { kind: head.readInt32LE(0), body: buffer.subarray(0, length) };
    },
  };
}
