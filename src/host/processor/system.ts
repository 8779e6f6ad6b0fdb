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
  /** How many processors the repeats took turns on. */
  readonly inTurn: number;
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

/** Whether the system says that it runs in a virtual machine. */
export const isVirtual = (): boolean => /^flags.*\bhypervisor\b/m.test(textOf("/proc/cpuinfo") ?? "");

/**
 * @param cpu the processor that was measured last, as the system numbers it
 * @param inTurn the number of processors that repeats took turns on
 */
export function describeSystem(cpu: number | undefined, inTurn: number): System {
  return {
    processor: cpus()[0]?.model.trim() || "unknown",
    architecture: process.arch,
    system: `${platform()} ${release()}`,
    siblings: cpu === undefined ? undefined : textOf(`/sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings_list`),
    virtual: isVirtual(),
    inTurn,
    load: loadavg()[0],
    processors: Math.max(cpus().length, availableParallelism()),
    allowed: availableParallelism(),
  };
}

/** Reasons why figures may be doubtful on this system, one sentence each. */
export function doubtsOf({ siblings, virtual, inTurn, load, processors, allowed }: System): string[] {
  return [
    ...(siblings !== undefined && /[,-]/.test(siblings)
      ? [`processors ${siblings} share a core, and with it the predictor: what ran on the other is in the figures`]
      : []),
    ...(virtual
      ? [
          `a virtual machine: who shares the core, and whether its tables are shared out, cannot be seen${inTurn > 1 ? `; repeats took turns on its ${inTurn} processors, which may differ` : ""}`,
        ]
      : []),
    ...(load > processors
      ? [`other work: ${load.toFixed(1)} programs wanted to run on ${processors} processor${processors === 1 ? "" : "s"}`]
      : []),
    ...(allowed < processors
      ? [`this process may run on ${allowed} of ${processors} processors: it cannot move away from other work`]
      : []),
  ];
}
