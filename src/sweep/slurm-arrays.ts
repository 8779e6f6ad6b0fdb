// What of a sweep was handed to Slurm, as files in its folder, so that anybody can tell later which task had which items, and
// where its log is:
//
//   slurm/N.tasks          one task of the N-th job array a line: the numbers of its items
//   slurm/N.job            the job's id
//   logs/slurm-N-TASK.log  what its tasks said, and Slurm of them
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { logsIn, putFile } from "./folder.ts";

export interface JobArray {
  readonly number: number;
  /** Slurm's id of it. */
  readonly job: string;
  /** The items of each task. */
  readonly tasks: readonly (readonly number[])[];
}

const folderOf = (folder: string): string => join(folder, "slurm");
export const tasksFile = (folder: string, number: number): string => join(folderOf(folder), `${number}.tasks`);
const jobFile = (folder: string, number: number): string => join(folderOf(folder), `${number}.job`);

/** @param part the number of a task; "%a", which Slurm makes one of; or "merge" */
export const logFile = (folder: string, number: number, part: number | "%a" | "merge"): string =>
  join(logsIn(folder), `slurm-${number}-${part}.log`);

/** How the queue shows the jobs of a sweep. */
export const jobName = (folder: string): string => `bplab-${basename(folder).replaceAll(/[^\w.-]/g, "_")}`;

/** The arrays that were submitted, the oldest first; one that was not, because somebody pulled the plug, is none. */
export function submittedArrays(folder: string): JobArray[] {
  if (!existsSync(folderOf(folder))) return [];
  const numbers = readdirSync(folderOf(folder)).flatMap((file) => /^(\d+)\.job$/.exec(file)?.[1] ?? []);
  return numbers
    .map(Number)
    .sort((a, b) => a - b)
    .map((number) => {
      const lines = readFileSync(tasksFile(folder, number), "utf8").trimEnd().split("\n");
      return { number, job: readFileSync(jobFile(folder, number), "utf8").trim(), tasks: lines.map((line) => line.split(" ").map(Number)) };
    });
}

/**
 * Writes down the tasks of an array, submits it, and writes down its id.
 * @param submit gives the id, or throws: then nothing is left of it
 */
export function recordArray(folder: string, tasks: JobArray["tasks"], submit: (number: number) => string): JobArray {
  const number = (submittedArrays(folder).at(-1)?.number ?? 0) + 1;
  putFile(tasksFile(folder, number), `${tasks.map((items) => items.join(" ")).join("\n")}\n`);
  try {
    const job = submit(number);
    putFile(jobFile(folder, number), `${job}\n`);
    return { number, job, tasks };
  } catch (error) {
    rmSync(tasksFile(folder, number), { force: true });
    throw error;
  }
}
