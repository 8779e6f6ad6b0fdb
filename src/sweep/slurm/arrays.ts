// The parts of a sweep that were submitted to Slurm, as files in its folder, from which the items and the log of each task can be
// found later:
//
//   slurm-N.jsonl          the items of the N-th job array: a separate items file, because the sweep's may change meanwhile
//   slurm-N.json           the array's id, and its number of tasks: item i belongs to task i modulo this number
//   logs/slurm-N-TASK.log  output of its tasks, and of Slurm about them
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { UsageError } from "../../errors.ts";
import { logsIn, putFile } from "../folder/folder.ts";
import { openItems } from "../folder/items-file.ts";

export interface JobArray {
  readonly number: number;
  /** Slurm's id of it. */
  readonly job: string;
  readonly tasks: number;
}

export const arrayItems = (folder: string, number: number): string => join(folder, `slurm-${number}.jsonl`);
const arrayFile = (folder: string, number: number): string => join(folder, `slurm-${number}.json`);

/** @param part the number of a task; "%a", which Slurm replaces by it; or "merge" */
export const logFile = (folder: string, number: number, part: number | "%a" | "merge"): string =>
  join(logsIn(folder), `slurm-${number}-${part}.log`);

/** The name of a sweep's jobs in the queue. */
export const jobName = (folder: string): string => `bplab-${basename(folder).replaceAll(/[^\w.-]/g, "_")}`;

/**
 * The submitted arrays, the oldest first; files of an interrupted submission are ignored.
 * @throws UsageError if a file is damaged
 */
export function submittedArrays(folder: string): JobArray[] {
  const numbers = readdirSync(folder).flatMap((file) => /^slurm-(\d+)\.json$/.exec(file)?.[1] ?? []);
  return numbers
    .map(Number)
    .sort((a, b) => a - b)
    .map((number) => readArray(folder, number));
}

function readArray(folder: string, number: number): JobArray {
  const path = arrayFile(folder, number);
  try {
    const { job, tasks } = JSON.parse(readFileSync(path, "utf8"));
    if (typeof job === "string" && Number.isInteger(tasks) && tasks > 0) return { number, job, tasks };
  } catch {
    // said below
  }
  throw new UsageError(`${path}: not what a sweep says of a job array: delete it if nothing of that array runs any more`);
}

/** The keys of an array's items, in order. */
export function keysOf(folder: string, { number }: JobArray): string[] {
  if (!existsSync(arrayItems(folder, number))) return [];
  const items = openItems(arrayItems(folder, number));
  const keys = Array.from({ length: items.count }, (_, i) => items.item(i).key);
  items.close();
  return keys;
}

/**
 * Writes the items of an array, submits it, and writes its id.
 * @param file    an items file and some of its lines
 * @param submit  returns the id, or throws: then no file is left
 */
export function recordArray(
  folder: string,
  file: string,
  lines: readonly number[],
  tasks: number,
  submit: (number: number) => string,
): JobArray {
  const number = (submittedArrays(folder).at(-1)?.number ?? 0) + 1;
  const items = openItems(file);
  try {
    putFile(arrayItems(folder, number), (write) => {
      for (const line of lines) write(`${JSON.stringify(items.item(line))}\n`);
    });
    const job = submit(number);
    putFile(arrayFile(folder, number), `${JSON.stringify({ job, tasks })}\n`);
    return { number, job, tasks };
  } catch (error) {
    rmSync(arrayItems(folder, number), { force: true });
    throw error;
  } finally {
    items.close();
  }
}
