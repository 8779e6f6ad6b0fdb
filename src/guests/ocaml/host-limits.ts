// The host's limits where an OCaml program meets them: how V8 says that something is too large for it, and how much memory is left.
import { getHeapStatistics } from "node:v8";
import { RunError } from "../../errors.ts";
import type { PredefinedException } from "./value.ts";

/** The exception of OCaml's that an error of V8's stands for; undefined for any other error. */
export function limitMet(error: unknown): PredefinedException | undefined {
  if (!(error instanceof RangeError)) return undefined;
  if (/invalid (typed )?array length|array buffer allocation failed/i.test(error.message)) return "Out_of_memory";
  // primitives that call functions that call primitives: OCaml's own stack of C calls is as deep
  return /call stack/.test(error.message) ? "Stack_overflow" : undefined;
}

/** Where V8's old generation is as full as this, the run ends: V8 would end the whole process without a word of ours, and soon. */
const FULL = 0.85;
/** What the limit of the heap has for its young generation, where 64 bits are addressed. */
const YOUNG_BYTES = 48 * 2 ** 20;

/**
 * Looks whether there is memory left.
 * @param path what messages call the program
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
