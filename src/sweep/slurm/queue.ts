// What Slurm's programs say: its queue, its limits, and its answers to those who submit.
import { spawnSync } from "node:child_process";
import { UsageError } from "../../errors.ts";

/** A controller that does not answer is asked again by Slurm's programs, for about this long. */
const PATIENCE_MS = 120_000;

/** "RUNNING" or "PENDING" and so on, by `JOB_TASK`; undefined where nobody can be asked. */
export function queuedTasks(jobName: string): ReadonlyMap<string, string> | undefined {
  const { status, stdout } = spawnSync("squeue", ["--noheader", "--array", `--name=${jobName}`, "--format=%F_%K %T"], {
    encoding: "utf8",
    timeout: PATIENCE_MS,
  });
  if (status !== 0) return undefined;
  return new Map(stdout.split("\n").flatMap((line) => (line === "" ? [] : [line.trim().split(" ") as [string, string]])));
}

/** So many tasks has an array at most where nobody says otherwise: Slurm's own default, less the 0 that counts. */
const DEFAULT_TASKS = 1000;

/** How many tasks an array may have. */
export function mostTasks(): number {
  const { stdout } = spawnSync("scontrol", ["show", "config"], { encoding: "utf8", timeout: PATIENCE_MS });
  const size = Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(stdout ?? "")?.[1] ?? 0);
  return size > 1 ? size - 1 : DEFAULT_TASKS;
}

/**
 * Submits a script.
 * @returns the job's id
 * @throws UsageError with what sbatch says on one line, or that there is none
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
