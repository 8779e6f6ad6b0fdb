// Items on a cluster: one job array of Slurm, whose tasks call `bplab sweep run-item`, and a job behind it that merges. Nothing
// here stays running: what became of the tasks is in the folder, and in their logs.
import { mkdirSync } from "node:fs";
import { messageOf, UsageError } from "../../errors.ts";
import { shellWords } from "../../shell-words.ts";
import { absoluteCommand } from "../command.ts";
import type { Engine, SweepRun } from "../engine.ts";
import { logsIn } from "../folder.ts";
import { jobName, logFile, recordArray, tasksFile } from "../slurm-arrays.ts";
import { mostTasks, sbatch } from "../slurm-queue.ts";
import { slurmStatus } from "../slurm-status.ts";

/** Dealt like cards, so that tasks take about as long as each other: items that stand together are alike. */
function dealt(items: readonly number[], most: number): number[][] {
  const tasks = Array.from({ length: Math.min(most, items.length) }, (): number[] => []);
  items.forEach((item, i) => {
    tasks[i % tasks.length].push(item);
  });
  return tasks;
}

/** What a task does: its items one after the other, whatever becomes of each; it fails if one of them does. */
const taskScript = ({ folder, file, cache }: SweepRun, number: number): string => `#!/bin/sh
failed=0
for item in $(sed -n "$((SLURM_ARRAY_TASK_ID + 1))p" ${shellWords([tasksFile(folder, number)])}); do
  ${absoluteCommand(["sweep", "run-item", ...(cache ? [] : ["--no-cache"]), file])} "$item" || failed=$?
done
exit $failed
`;

function submit(sweep: SweepRun, items: readonly number[]): void {
  const { folder, passedOn, maxTasks } = sweep;
  mkdirSync(logsIn(folder), { recursive: true });
  const tasks = dealt(items, mostTasks());
  // % begins a pattern
  const outputs = folder.replaceAll("%", "%%");
  const options = [`--job-name=${jobName(folder)}`, "--cpus-per-task=1", `--chdir=${folder}`, ...passedOn];
  const array = `--array=0-${tasks.length - 1}${maxTasks === undefined ? "" : `%${maxTasks}`}`;
  const { number, job } = recordArray(folder, tasks, (number) =>
    sbatch([array, `--output=${logFile(outputs, number, "%a")}`, ...options], taskScript(sweep, number)),
  );
  try {
    const merge = `#!/bin/sh\nexec ${absoluteCommand(["sweep", "merge", folder])}\n`;
    sbatch([`--dependency=afterany:${job}`, `--output=${logFile(outputs, number, "merge")}`, ...options], merge);
  } catch (error) {
    throw new UsageError(
      `Slurm's job ${job} was submitted, but not the one that merges behind it: ${messageOf(error)}; use bplab sweep merge`,
    );
  }
}

export const slurm: Engine = {
  description: "a job array of Slurm, and a job that merges behind it; what stands behind -- goes to sbatch",
  waits: false,
  async run(sweep) {
    // what waits or runs is not submitted again
    const status = slurmStatus(sweep.folder);
    const items = sweep.pending.filter((item) => status?.stateOf(item) === undefined);
    if (items.length > 0) submit(sweep, items);
  },
};
