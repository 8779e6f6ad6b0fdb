// Does items on a cluster: submits one job array of Slurm, whose tasks call `bplab sweep run-item`, and a job after it that merges,
// and ends. The state of the tasks is in the folder, and in their logs.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { messageOf, UsageError } from "../../errors.ts";
import { counted } from "../../numbers.ts";
import { absoluteCommand } from "../command.ts";
import type { Engine, SweepRun } from "../engine.ts";
import { logsIn } from "../folder/folder.ts";
import { openItems } from "../folder/items-file.ts";
import { shellWords } from "../shell-words.ts";
import { arrayItems, jobName, logFile, recordArray } from "../slurm/arrays.ts";
import { mostTasks, sbatch } from "../slurm/queue.ts";
import { slurmStatus } from "../slurm/status.ts";

/** The lines of items that neither wait nor run. @throws UsageError if the queue cannot be read */
function unqueued({ folder, file, pending }: SweepRun): number[] {
  const status = slurmStatus(folder);
  if (status === undefined) return [...pending];
  if (!status.known) throw new UsageError("squeue does not answer, so what waits or runs might be submitted twice: try again when it does");
  const items = openItems(file);
  const lines = pending.filter((line) => status.stateOf(items.item(line).key) === undefined);
  items.close();
  return lines;
}

/**
 * The script of a task: task t does items t, t + tasks, t + 2 × tasks, …, also after failures; it fails if one of them does.
 * Adjacent items take about equally long, so dealing them out like this gives tasks of about equal length.
 */
const taskScript = ({ folder, cache }: SweepRun, number: number, items: number, tasks: number): string => `#!/bin/sh
failed=0
item=$SLURM_ARRAY_TASK_ID
log=${shellWords([join(logsIn(folder), `slurm-${number}-`)])}$SLURM_ARRAY_TASK_ID.log
while [ "$item" -lt ${items} ]; do
  ${absoluteCommand(["sweep", "run-item", ...(cache ? [] : ["--no-cache"])])} --log "$log" ${shellWords([arrayItems(folder, number)])} "$item" || failed=$?
  item=$((item + ${tasks}))
done
exit $failed
`;

const mergeScript = (folder: string): string => `#!/bin/sh
exec ${absoluteCommand(["sweep", "merge", "--partial", `--output=${join(folder, "rows.csv")}`, folder])}
`;

/** @returns the id of the job array */
function submit(sweep: SweepRun, lines: readonly number[]): string {
  const { folder, file, jobs, passedOn } = sweep;
  mkdirSync(logsIn(folder), { recursive: true });
  const tasks = Math.min(mostTasks(), lines.length);
  // % begins a pattern
  const outputs = folder.replaceAll("%", "%%");
  // our options follow the user's and override them: tasks are found in the queue by name, and their logs by the output path
  const options = ["--cpus-per-task=1", ...passedOn, `--chdir=${folder}`, `--job-name=${jobName(folder)}`];
  const array = `--array=0-${tasks - 1}${jobs === undefined ? "" : `%${jobs}`}`;
  const { number, job } = recordArray(folder, file, lines, tasks, (number) =>
    sbatch([...options, array, `--output=${logFile(outputs, number, "%a")}`], taskScript(sweep, number, lines.length, tasks)),
  );
  try {
    sbatch([...options, `--dependency=afterany:${job}`, `--output=${logFile(outputs, number, "merge")}`], mergeScript(folder));
  } catch (error) {
    throw new UsageError(`job ${job} was submitted, but not the job that merges after it: ${messageOf(error)}`);
  }
  return job;
}

export const slurm: Engine = {
  description: "a job array of Slurm, and a job after it that merges",
  waits: false,
  async run(sweep) {
    const lines = unqueued(sweep);
    const queued = sweep.pending.length - lines.length;
    const waiting = queued === 0 ? "" : `; ${queued} wait or run already`;
    const said = lines.length === 0 ? "nothing to submit" : `job ${submit(sweep, lines)}: ${counted(lines.length, "item")}`;
    process.stdout.write(`${said}${waiting}\n`);
  },
};
