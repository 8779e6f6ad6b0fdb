// Runs of compiled interpreters that time themselves: what they printed is compared, and their time becomes core cycles.
import { RunError } from "../../errors.ts";
import { TIMED } from "../../validation/c-timing.ts";
import { runProgram } from "../../validation/tools.ts";

/** One run. */
export interface Timing {
  /** Core cycles of the thread, in `interpret` alone. */
  readonly cycles: number;
  readonly gigahertz: number;
  /** Whether the clock had moved by more than a twentieth when the run was over. */
  readonly throttled: boolean;
}

const MOVED = 0.05;

/** Reads what an interpreter said of its time. @throws RunError when it said something else */
export function readTiming(errors: string): Timing {
  const [, nanoseconds, before, after] = new RegExp(`^${TIMED} (\\d+) ([\\d.]+) ([\\d.]+)$`, "m").exec(errors) ?? [];
  if (after === undefined)
    throw new RunError(`expected the interpreter to say how long it ran, got ${errors.trim().split("\n")[0] || "nothing"}`);
  const rates = [Number(before), Number(after)];
  const gigahertz = (rates[0] + rates[1]) / 2;
  return {
    cycles: Number(nanoseconds) * gigahertz,
    gigahertz,
    throttled: Math.abs(rates[0] - rates[1]) > MOVED * gigahertz,
  };
}

/** What a program of the guest's prints, as it comes from an interpreter. */
export const asPrinted = (output: string): string => Buffer.from(output, "utf8").toString("latin1");

/**
 * Runs an interpreter on an image, and again with all comparisons of stacks and memory if asked.
 * @param before command and arguments in front of it, such as `perf stat`
 * @throws RunError when it fails, or prints anything else than the guest
 */
export function timeOnce(path: string, image: string, expected: string): Timing {
  const { output, errors } = runProgram(path, [image, TIMED]);
  if (output !== expected) throw new RunError("its output is not the guest's");
  return readTiming(errors);
}

/** Runs an interpreter that compares its stacks and, at the end, its memory with the guest's. @throws RunError when they differ */
export function checkOnce(path: string, image: string, expected: string): void {
  if (runProgram(path, [image, "check"]).output !== expected) throw new RunError("its output is not the guest's");
}
