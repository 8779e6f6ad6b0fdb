// Runs compiled interpreters that time themselves: compares their output, and converts their time to core cycles.
import { RunError } from "../../errors.ts";
import { TIMED } from "../../validation/c-timing.ts";
import type { NativeProgram } from "../../validation/native-programs.ts";
import { runProgram } from "../../validation/tools.ts";

/** One run. */
export interface Timing {
  /** Core cycles of the thread, in `interpret` alone. */
  readonly cycles: number;
  readonly gigahertz: number;
  /** Whether the clock frequency changed by more than a twentieth during the run. */
  readonly throttled: boolean;
}

const MOVED = 0.05;

/** Reads the line with an interpreter's time. @throws RunError when there is none */
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

/** Runs a program once. @throws RunError when it fails, or prints anything else than the guest */
export function timeOnce({ time: [path, ...args], output }: Pick<NativeProgram, "time" | "output">): Timing {
  const printed = runProgram(path, args);
  if (printed.output !== Buffer.from(output, "utf8").toString("latin1")) throw new RunError("its output is not the guest's");
  return readTiming(printed.errors);
}
