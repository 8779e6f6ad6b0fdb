// The progress of a sweep, from its files alone.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { RunError } from "../errors.ts";
import { doubtLines } from "../front-end/machines/machine.ts";
import { MACHINES } from "../front-end/machines/machines.ts";
import { counted } from "../numbers.ts";
import { itemsIn, type Manifest, readManifest, resultsIn, sha256Of } from "./folder/folder.ts";
import type { Item } from "./folder/item.ts";
import { openItems } from "./folder/items-file.ts";
import { type ItemFailure, readFailure, readResult } from "./folder/result-files.ts";

export interface FailedItem extends ItemFailure {
  readonly index: number;
}

export interface Survey {
  readonly manifest: Manifest;
  readonly items: number;
  readonly points: number;
  readonly done: number;
  /** Items that have neither a result nor a failure, by line, ascending. */
  readonly pending: readonly number[];
  /** How many pending items have a damaged result file. */
  readonly damaged: number;
  readonly failed: readonly FailedItem[];
  /** Results that belong to no item, for example of an earlier form of the study. They are left alone, and never merged. */
  readonly strangers: number;
  /** Lines that mark rows of programs which are not to be believed on one of the lab's machines. */
  readonly doubts: readonly string[];
}

/** Number of points whose rows an item has. */
export const pointsOf = ({ machines, predictors, penalties, skips }: Item): number =>
  (machines.length + predictors.length) * (penalties?.length ?? 1) - (skips?.length ?? 0);

/** @throws UsageError if the folder is no sweep's; RunError if its planning was interrupted */
export function survey(folder: string): Survey {
  const manifest = readManifest(folder);
  const file = itemsIn(folder);
  if (!existsSync(file) || sha256Of(readFileSync(file)) !== manifest.itemsSha256)
    throw new RunError(`${folder}: its items are not those of its study, planning was interrupted: bplab sweep resume ${folder}`);
  const items = openItems(file);
  try {
    const keys = new Set<string>();
    const pending: number[] = [];
    const failed: FailedItem[] = [];
    /** The techniques of programs on each machine. */
    const onMachines = new Map<string, Set<string>>();
    let points = 0;
    let done = 0;
    let damaged = 0;
    for (let index = 0; index < items.count; index++) {
      const item = items.item(index);
      keys.add(`${item.key}.json`);
      points += pointsOf(item);
      for (const machine of item.technique === undefined ? [] : item.machines)
        onMachines.set(machine, (onMachines.get(machine) ?? new Set()).add(item.technique ?? ""));
      const result = readResult(folder, item.key);
      const failure = typeof result === "object" ? undefined : readFailure(folder, item.key);
      if (typeof result === "object") done++;
      else if (failure !== undefined) failed.push({ ...failure, index });
      else {
        pending.push(index);
        if (result === "damaged") damaged++;
      }
    }
    const results = existsSync(resultsIn(folder)) ? readdirSync(resultsIn(folder)) : [];
    const strangers = results.filter((name) => !name.startsWith(".") && !keys.has(name)).length;
    const doubts = [...onMachines].flatMap(([id, techniques]) =>
      MACHINES.flatMap((machine) => (machine.id === id ? doubtLines(machine, techniques) : [])),
    );
    return { manifest, items: items.count, points, done, pending, damaged, failed, strangers, doubts };
  } finally {
    items.close();
  }
}

/** What `bplab sweep status` prints, a line each. */
export function surveyLines(
  folder: string,
  { manifest, items, points, done, pending, damaged, failed, strangers, doubts }: Survey,
): string[] {
  const { study, studySha256, bplab } = manifest;
  const again = damaged === 0 ? "" : ` (${counted(damaged, "damaged result")} among them)`;
  return [
    `${folder}: the study ${study} (${studySha256}), planned by bplab ${bplab}`,
    `${counted(points, "point")} in ${counted(items, "item")}: ${done} done, ${pending.length} to do${again}, ${failed.length} failed`,
    ...(strangers === 0 ? [] : [`${counted(strangers, "result")} of no item of this study: left alone, and not merged`]),
    ...doubts,
    ...failedItemLines(failed),
  ];
}

/** A line for each item that failed. */
export const failedItemLines = (failed: readonly FailedItem[]): string[] =>
  failed.map(({ index, message, log }) => `item ${index} failed: ${message}${log === undefined ? "" : ` (${log})`}`);
