// What of a sweep was handed to Slurm, as files in its folder, so that anybody can tell later which task had which items, and
// where its log is:
//
//   slurm-N.jsonl          the items of the N-th job array: an items file of its own, because a sweep's may change meanwhile
//   slurm-N.json           the array's id, and how many tasks it has: item i belongs to task i modulo these
//   logs/slurm-N-TASK.log  what its tasks said, and Slurm of them
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

/** @param part the number of a task; "%a", which Slurm makes one of; or "merge" */
export const logFile = (folder: string, number: number, part: number | "%a" | "merge"): string =>
  join(logsIn(folder), `slurm-${number}-${part}.log`);

/** How the queue shows the jobs of a sweep. */
export const jobName = (folder: string): string => `bplab-${basename(folder).replaceAll(/[^\w.-]/g, "_")}`;

/**
 * The arrays that were submitted, the oldest first; one that was not, because somebody pulled the plug, is none.
 * @throws UsageError where a file is not what was written
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
 * Writes down the items of an array, has it submitted, and writes down its id.
 * @param file    an items file, and which lines of it
 * @param submit  gives the id, or throws: then nothing is left of it
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
