// Checks whether memory suffices for laying out and lowering a program's blocks, before it runs out, because a process whose heap
// is full ends without a useful message.
import { existsSync, statSync } from "#platform/fs";
import { getHeapStatistics } from "#platform/os";
import { UsageError } from "../errors.ts";
import { countAddresses } from "../guests/opcodes/count-addresses.ts";
import type { VirtualProgram } from "../trace/virtual.ts";

/** Bytes for each instruction of each distinct block, under each technique: measured with all techniques on a straight run of 130,000. */
const BYTES = 600;

/** Of a log: "0,a" and the end of the line. */
const SHORTEST_LINE_BYTES = 4;

const heapLimit = (): number => getHeapStatistics().heap_size_limit;

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** @throws UsageError if so many instructions will not fit */
function checkFit(instructions: number, techniques: number, limit: number, whose: string): void {
  const bytes = instructions * techniques * BYTES;
  if (bytes <= limit) return;
  throw new UsageError(
    `${whose} take about ${gigabytes(bytes)} under ` +
      `${techniques} ${techniques === 1 ? "technique" : "techniques at a time"}, and Node.js may use ${gigabytes(limit)}: ` +
      `choose fewer techniques, or allow more memory (NODE_OPTIONS=--max-old-space-size=${Math.ceil((1.5 * bytes) / 2 ** 20)})`,
  );
}

/**
 * Checks a log of opcodes before it is read: each of its instructions executes, so each is in some block. (Of other programs,
 * much may be loaded that never executes.)
 * @param id         the program's name
 * @param techniques that lay the program out in this thread
 * @throws UsageError if its blocks cannot fit
 */
export function checkLog(id: string, path: string, techniques: number): void {
  const most = existsSync(path) ? statSync(path).size / SHORTEST_LINE_BYTES : 0;
  if (most * techniques * BYTES <= heapLimit()) return;
  const instructions = countAddresses(path);
  checkFit(instructions, techniques, heapLimit(), `${id}: its ${instructions} instructions`);
}

/**
 * Checks the blocks that are new since the last call.
 * @param techniques that lay the program out in this thread
 * @returns a check that throws a UsageError if they will not fit
 */
export function lowersWithin(program: VirtualProgram, techniques: number): () => void {
  const limit = heapLimit();
  let blocks = 0;
  let instructions = 0;
  return () => {
    for (; blocks < program.blockCount; blocks++) instructions += program.blockLength(blocks);
    checkFit(instructions, techniques, limit, `its ${blocks} distinct blocks have ${instructions} instructions so far, which`);
  };
}
