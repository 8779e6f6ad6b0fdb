// Calls Slurm's programs: the queue, the limits, and submission.
import { spawnSync } from "node:child_process";
import { UsageError } from "../../errors.ts";

/** Slurm's programs retry a controller that does not answer for about this long. */
const PATIENCE_MS = 120_000;

/** "RUNNING" or "PENDING" and so on, by `JOB_TASK`; undefined if squeue does not answer. */
export function queuedTasks(jobName: string): ReadonlyMap<string, string> | undefined {
  const { status, stdout } = spawnSync("squeue", ["--noheader", "--array", `--name=${jobName}`, "--format=%F_%K %T"], {
    encoding: "utf8",
    timeout: PATIENCE_MS,
  });
  if (status !== 0) return undefined;
  return new Map(stdout.split("\n").flatMap((line) => (line === "" ? [] : [line.trim().split(" ") as [string, string]])));
}

/** Most tasks of an array if Slurm does not say: MaxArraySize is 1001 by default, exclusive. */
const DEFAULT_TASKS = 1000;

/** Most tasks of an array. */
export function mostTasks(): number {
  const { stdout } = spawnSync("scontrol", ["show", "config"], { encoding: "utf8", timeout: PATIENCE_MS });
  const size = Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(stdout ?? "")?.[1] ?? 0);
  return size > 1 ? size - 1 : DEFAULT_TASKS;
}

/**
 * Submits a script.
 * @returns the job's id
 * @throws UsageError with sbatch's message on one line, or when sbatch is not installed
 */
export function sbatch(options: readonly string[], script: string): string {
  const { error, status, stdout, stderr } = spawnSync("sbatch", ["--parsable", ...options], {
    encoding: "utf8",
    input: script,
    timeout: PATIENCE_MS,
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT")
    throw new UsageError(
      "--engine=slurm needs sbatch, and there is none here: sweep from a machine that submits to the cluster, or with --engine=local or emit",
    );
  // "123", or "123;cluster"
  const id = /^(\d+)/.exec(stdout ?? "")?.[1];
  if (status === 0 && id !== undefined) return id;
  const said = `${stderr ?? ""}`.split("\n").map((line) => line.replace(/^sbatch: (error: )?/, "").trim());
  const why = said.filter((line) => line !== "").join("; ");
  throw new UsageError(`sbatch did not take the job: ${why === "" ? (error?.message ?? `it ended with ${status}`) : why}`);
}
