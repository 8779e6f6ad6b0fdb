// Tapes in files.
import { closeSync, fstatSync, openSync, readFileSync, readSync } from "#platform/fs";
import { type Tape, tapeOf } from "./tape.ts";

/** Tapes up to this length are read at once, longer ones piece by piece. */
export const MOST_MEMORY_BYTES = 1 << 26;

/** A tape in an open file. */
function fileTape(file: number, bytes: number): Tape {
  let buffer = Buffer.alloc(1 << 17);
  return {
    bytes,
    read(at, length) {
      const wanted = Math.max(0, Math.min(length, bytes - at));
      if (buffer.length < wanted) buffer = Buffer.alloc(wanted);
      return buffer.subarray(0, wanted === 0 ? 0 : readSync(file, buffer, 0, wanted, at));
    },
    close: () => closeSync(file),
  };
}

/** Opens a file that may be a tape. Throws the system's errors. */
export function openTape(path: string, mostMemoryBytes = MOST_MEMORY_BYTES): Tape {
  const file = openSync(path, "r");
  const { size } = fstatSync(file);
  if (size > mostMemoryBytes) return fileTape(file, size);
  try {
    return tapeOf(readFileSync(file));
  } finally {
    closeSync(file);
  }
}
