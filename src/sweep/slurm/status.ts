// The status of items submitted to Slurm: whether they wait or run, and the reasons of those that were lost.
import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { itemsIn } from "../folder/folder.ts";
import { itemName } from "../folder/item.ts";
import { openItems } from "../folder/items-file.ts";
import { type JobArray, jobName, keysOf, logFile, submittedArrays } from "./arrays.ts";
import { queuedTasks } from "./queue.ts";

export interface SlurmStatus {
  /** Whether squeue answered. */
  readonly known: boolean;
  /** Slurm's name for the state of an item's task ("RUNNING"); undefined if it neither waits nor runs. */
  stateOf(key: string): string | undefined;
  /** The last line of the log, if the task has ended: the only information about an item without result or failure. */
  lossOf(key: string): { readonly reason: string; readonly log: string } | undefined;
}

/** The Slurm status of a sweep; undefined if none of it was submitted. */
export function slurmStatus(folder: string): SlurmStatus | undefined {
  const arrays = submittedArrays(folder);
  if (arrays.length === 0) return undefined;
  const places = new Map<string, { readonly array: JobArray; readonly task: number }>();
  // a later array contains the unfinished items of an earlier one
  for (const array of arrays) for (const [i, key] of keysOf(folder, array).entries()) places.set(key, { array, task: i % array.tasks });
  const queue = queuedTasks(jobName(folder));
  const stateOf = (key: string): string | undefined => {
    const place = places.get(key);
    return place === undefined ? undefined : queue?.get(`${place.array.job}_${place.task}`);
  };
  return {
    known: queue !== undefined,
    stateOf,
    lossOf(key) {
      const place = places.get(key);
      if (place === undefined || queue === undefined || stateOf(key) !== undefined) return undefined;
      const log = logFile(folder, place.array.number, place.task);
      return { reason: lastWords(log), log };
    },
  };
}

/**
 * The Slurm status and the lost items, one line each; nothing if none were submitted, or all are done.
 * @param pending the lines of the items that have neither result nor failure
 */
export function slurmLines(folder: string, pending: readonly number[]): string[] {
  const status = pending.length === 0 ? undefined : slurmStatus(folder);
  if (status === undefined) return [];
  if (!status.known) return ["Slurm: squeue does not answer here, so nobody knows what waits, runs or was killed"];
  const items = openItems(itemsIn(folder));
  const states = new Map<string, number>();
  const lost: string[] = [];
  for (const line of pending) {
    const item = items.item(line);
    const state = status.stateOf(item.key);
    const loss = status.lossOf(item.key);
    if (state !== undefined) states.set(state, (states.get(state) ?? 0) + 1);
    if (loss !== undefined) lost.push(`item ${line} was lost: ${itemName(item)}: ${loss.reason} (${loss.log})`);
  }
  items.close();
  const counts = [...states].sort(([a], [b]) => (a < b ? -1 : 1)).map(([state, count]) => `${count} ${state.toLowerCase()}`);
  return [`Slurm: of the items to do, ${[...counts, `${lost.length} lost`].join(", ")}`, ...lost];
}

/** Bytes read from the end of a log. */
const TAIL_BYTES = 4096;

/** The last line that Slurm wrote to a log, otherwise the last line. */
function lastWords(log: string): string {
  if (!existsSync(log)) return "it left no log";
  const file = openSync(log, "r");
  const length = fstatSync(file).size;
  const tail = Buffer.alloc(Math.min(length, TAIL_BYTES));
  readSync(file, tail, 0, tail.length, length - tail.length);
  closeSync(file);
  const lines = tail
    .toString()
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.findLast((line) => line.startsWith("slurmstepd")) ?? lines.at(-1) ?? "it ended without a word";
}
