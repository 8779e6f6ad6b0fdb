// The operating system's information about the processor and about other work on it.
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, platform, release } from "node:os";

export interface System {
  /** The system's name for it: "AMD EPYC 9654". */
  readonly processor: string;
  readonly architecture: string;
  readonly system: string;
  /** Numbers of the processors that share a core with the measured one, itself included; undefined if unknown. */
  readonly siblings: string | undefined;
  /** Whether the system says that it runs in a virtual machine. */
  readonly virtual: boolean;
  /** The load average of the last minute, and the processors that share it. */
  readonly load: number;
  readonly processors: number;
  /** Processors that this process may run on: fewer under `taskset`. */
  readonly allowed: number;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

/** @param cpu the processor that was measured, as the system numbers it */
export function describeSystem(cpu: number | undefined): System {
  const info = textOf("/proc/cpuinfo") ?? "";
  return {
    processor: cpus()[0]?.model.trim() || "unknown",
    architecture: process.arch,
    system: `${platform()} ${release()}`,
    siblings: cpu === undefined ? undefined : textOf(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`),
    virtual: /^flags.*\bhypervisor\b/m.test(info),
    load: loadavg()[0],
    processors: Math.max(cpus().length, availableParallelism()),
    allowed: availableParallelism(),
  };
}

/** Reasons why figures may be doubtful on this system, one sentence each. */
export function doubtsOf({ siblings, virtual, load, processors, allowed }: System): string[] {
  return [
    ...(siblings !== undefined && /[,-]/.test(siblings)
      ? [`processors ${siblings} share a core, and with it the predictor: what ran on the other is in the figures`]
      : []),
    ...(virtual ? ["a virtual machine: who shares the core, and whether its tables are shared out, cannot be seen"] : []),
    ...(load > processors
      ? [`other work: ${load.toFixed(1)} programs wanted to run on ${processors} processor${processors === 1 ? "" : "s"}`]
      : []),
    ...(allowed < processors
      ? [`this process may run on ${allowed} of ${processors} processors: it cannot move away from other work`]
      : []),
  ];
}
