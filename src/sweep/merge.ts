// Merges the results of items into one table: in the order of the study, with speedups over switch filled in, and with columns for
// the study. The bytes do not depend on where and in which order items were done.
import { RunError } from "../errors.ts";
import { type Cell, roundedRatio, STUDY_COLUMNS, yesOrNo } from "../results/columns.ts";
import { BASELINE } from "../results/rows.ts";
import { type EstimateTerms, type Speedup, speedupOver } from "../results/speedups.ts";
import { itemsIn, type Manifest } from "./folder/folder.ts";
import type { Item } from "./folder/item.ts";
import { type ItemsFile, openItems } from "./folder/items-file.ts";
import { type Result, readResult } from "./folder/result-files.ts";
import { failedItemLines, type Survey } from "./survey.ts";

export interface MergedTable {
  readonly columns: readonly string[];
  readonly provenance: Readonly<Record<(typeof STUDY_COLUMNS)[number], string>>;
  /** Rows, grouped by item. */
  rows(): Iterable<readonly (readonly Cell[])[]>;
}

/** Indices of the columns that merging reads or fills in. */
function placesIn(columns: readonly string[]) {
  const place = (name: string): number => columns.indexOf(name);
  return {
    predictor: place("predictor"),
    penalty: place("penalty_cycles"),
    speedup: place("estimated_speedup_over_switch"),
    low: place("estimated_speedup_low"),
    high: place("estimated_speedup_high"),
    flips: place("rank_flips"),
  };
}

/** The techniques that are compared on one front end, with switch if it ran. */
interface Compared {
  baseline?: EstimateTerms;
  readonly all: Map<Item["technique"], EstimateTerms>;
}

/** Key of the items whose speedups have the same baseline. */
const comparedKey = ({ input, size, seed }: Item): string => JSON.stringify([input, size, seed]);

/** Groups of adjacent items with the same baseline, as lines of the file. */
function* groupsOf(items: ItemsFile, wanted: (index: number) => boolean): Generator<Item[]> {
  let group: Item[] = [];
  for (let index = 0; index < items.count; index++) {
    if (!wanted(index)) continue;
    const item = items.item(index);
    if (group.length > 0 && comparedKey(group[0]) !== comparedKey(item)) {
      yield group;
      group = [];
    }
    group.push(item);
  }
  if (group.length > 0) yield group;
}

function resultOf(folder: string, item: Item): Result {
  const result = readResult(folder, item.key);
  if (typeof result === "object") return result;
  throw new RunError(`${folder}: the result ${item.key} is gone or changed since it was looked at: merge again`);
}

/** One line for each missing item. */
export function missingLines(folder: string, { items, pending, failed }: Survey): string[] {
  if (pending.length + failed.length === 0) return [];
  const missing = `${pending.length + failed.length} of ${items} items have no result (${pending.length} to do, ${failed.length} failed)`;
  return [`${folder}: ${missing}`, ...failedItemLines(failed)];
}

/**
 * @param partial whether missing results are allowed
 * @throws RunError when results are missing and that is not allowed, or there are none
 */
export function mergedTable(folder: string, { manifest, ...survey }: Survey, partial: boolean): MergedTable {
  const [missing] = missingLines(folder, { manifest, ...survey });
  if (missing !== undefined && !partial)
    throw new RunError(`${missing}: bplab sweep resume ${folder}, or merge what there is with --partial`);
  const left = new Set([...survey.pending, ...survey.failed.map(({ index }) => index)]);
  const items = openItems(itemsIn(folder));
  const isDone = (index: number): boolean => !left.has(index);
  const first = Array.from({ length: items.count }, (_, index) => index).find(isDone);
  if (first === undefined) throw new RunError(`${folder}: there are no results yet: bplab sweep resume ${folder}`);
  const { columns } = resultOf(folder, items.item(first));
  const provenance = provenanceOf(manifest);
  const own = STUDY_COLUMNS.map((name) => provenance[name]);
  const place = placesIn(columns);
  const keyOf = (row: readonly Cell[]): string => JSON.stringify([row[place.predictor], row[place.penalty]]);

  function* rows(): Generator<readonly (readonly Cell[])[]> {
    for (const group of groupsOf(items, isDone)) {
      const skippedBy = ({ skips, penalties }: Item): ((row: readonly Cell[]) => boolean) => {
        const skipped = new Set(skips?.map((skip) => JSON.stringify(skip)));
        return (row) => skipped.has(JSON.stringify([row[place.predictor], penalties === undefined ? null : row[place.penalty]]));
      };
      const compared = new Map<string, Compared>();
      for (const item of group) {
        const { rows: found, estimates, estimateOf } = resultOf(folder, item);
        const skipped = skippedBy(item);
        for (const [i, row] of found.entries()) {
          const here = compared.get(keyOf(row)) ?? { all: new Map<Item["technique"], EstimateTerms>() };
          compared.set(keyOf(row), here);
          if (item.technique === BASELINE) here.baseline ??= estimates[estimateOf[i]];
          if (!skipped(row) && !here.all.has(item.technique)) here.all.set(item.technique, estimates[estimateOf[i]]);
        }
      }
      for (const item of group) {
        const skipped = skippedBy(item);
        const { rows: found, estimates, estimateOf } = resultOf(folder, item);
        const speedups = new Map<string, Speedup>();
        const speedupOf = (row: readonly Cell[], estimate: EstimateTerms): Speedup => {
          const key = keyOf(row);
          const { baseline, all } = compared.get(key) as Compared;
          const speedup = speedups.get(key) ?? speedupOver(baseline, estimate, all.values());
          speedups.set(key, speedup);
          return speedup;
        };
        const wanted = found.flatMap((row, i): (readonly Cell[])[] => {
          if (skipped(row)) return [];
          const { speedup, range, rankFlips } = speedupOf(row, estimates[estimateOf[i]]);
          const filled = [...row, ...own];
          filled[place.speedup] = roundedRatio(speedup, 1);
          filled[place.low] = roundedRatio(range?.[0], 1);
          filled[place.high] = roundedRatio(range?.[1], 1);
          filled[place.flips] = yesOrNo(rankFlips);
          return [filled];
        });
        if (wanted.length > 0) yield wanted;
      }
    }
    items.close();
  }
  return { columns: [...columns, ...STUDY_COLUMNS], provenance, rows };
}

const provenanceOf = ({ study, studySha256, bplab }: Manifest): MergedTable["provenance"] => ({
  study,
  study_sha256: studySha256,
  bplab_version: bplab,
});
