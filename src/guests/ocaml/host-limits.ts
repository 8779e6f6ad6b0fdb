// The host's limits for OCaml programs: V8's errors for things that are too large, and the remaining memory.
import { getHeapStatistics } from "#platform/os";
import { RunError } from "../../errors.ts";
import type { PredefinedException } from "./value.ts";

/** OCaml's exception for an error of V8; undefined for any other error. */
export function limitMet(error: unknown): PredefinedException | undefined {
  if (!(error instanceof RangeError)) return undefined;
  if (/invalid (typed )?array length|array buffer allocation failed/i.test(error.message)) return "Out_of_memory";
  // primitives that call functions that call primitives: OCaml's own stack of C calls is limited, too
  return /call stack/.test(error.message) ? "Stack_overflow" : undefined;
}

/** The run ends when V8's old generation is this full: soon V8 would end the whole process without our message. */
const FULL = 0.85;
/** Part of the heap limit for the young generation, on 64-bit systems. */
const YOUNG_BYTES = 48 * 2 ** 20;

/**
 * Checks whether there is memory left.
 * @param path the program's name in messages
 * @throws RunError when there is none
 */
export function checkMemory(path: string): void {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  if (used < FULL * (limit - YOUNG_BYTES)) return;
  const megabytes = Math.round(limit / 2 ** 20);
  throw new RunError(
    `${path}: the program needs more memory than Node.js has for it, ${megabytes} MB (NODE_OPTIONS=--max-old-space-size=${4 * megabytes} gives it more)`,
  );
}
