// Reads the processor's counters, if `perf` may: mispredicted branches and instructions of a whole program.
import { spawnSync } from "node:child_process";

export interface Counters {
  readonly branchMisses: number;
  readonly instructions: number;
}

/** Counters, or why there are none. */
export type CountersOrReason = { readonly counters: Counters } | { readonly missing: string };

const EVENTS = { branchMisses: "branch-misses", instructions: "instructions" } as const;

/**
 * Reads the output of `perf stat -x,`: `value,unit,event,time,share,…`, one line per event. Processors with two kinds of cores have
 * a line for each kind; "<not counted>" means that the program did not run on that kind.
 */
export function readPerfStat(text: string): CountersOrReason {
  const totals = new Map<string, number>();
  const refused = new Map<string, string>();
  for (const line of text.split("\n")) {
    if (line.startsWith("#") || line.trim() === "") continue;
    const [value, , name] = line.split(",");
    const event = Object.values(EVENTS).find((known) => name?.includes(known));
    if (event === undefined) continue;
    const count = /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
    if (count === undefined) refused.set(event, value);
    else totals.set(event, (totals.get(event) ?? 0) + count);
  }
  for (const event of Object.values(EVENTS)) {
    if (totals.has(event)) continue;
    const said = refused.get(event);
    return { missing: said === undefined ? `perf stat says nothing of ${event}` : `perf stat says ${said} of ${event}` };
  }
  return { counters: { branchMisses: totals.get(EVENTS.branchMisses) ?? 0, instructions: totals.get(EVENTS.instructions) ?? 0 } };
}

/** Runs a program under `perf stat`; it is not timed. */
export function countOnce(command: string, args: readonly string[]): CountersOrReason {
  const events = Object.values(EVENTS).map((event) => `${event}:u`);
  const { error, status, stderr } = spawnSync("perf", ["stat", "-x,", "-e", events.join(","), "--", command, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, LC_ALL: "C" },
  });
  if (error !== undefined) return { missing: "perf is not installed" };
  const counted = readPerfStat(stderr);
  if (status !== 0 && "counters" in counted) return { missing: `perf stat failed: exit code ${status}` };
  return counted;
}
