// Two sets of results compared: how many times fewer mispredictions the second has, run by run and in all. Several layout seeds of
// a run are compared seed by seed; what is shown is the mean, and half of the range from the least to the most.
import { UsageError } from "../../errors.ts";
import { counted, whole } from "../../numbers.ts";
import { type Column, columnsOf, roundedRatio } from "../../results/columns.ts";
import { groupBy } from "../../results/group-by.ts";
import { RECORDED } from "../../results/rows.ts";
import { SEED } from "../one-setting.ts";
import { numberIn, type ResultRecord, type ResultTable, textIn } from "../result-records.ts";
import { dash } from "./cells.ts";
import { withHalfRange } from "./results-sheet.ts";
import type { DocumentPart } from "./sheet.ts";

/** A mean over seeds. */
interface OverSeeds {
  readonly mean: number;
  readonly halfRange: number;
}

/** One run in both sets, over its seeds. */
export interface ComparedRun {
  /** The front ends, techniques or files that are compared. */
  readonly first: string;
  readonly second: string;
  /** "(geometric mean)" for all programs of a technique together. */
  readonly program: string;
  readonly technique: string;
  /** Front end of both; empty if front ends are compared. */
  readonly predictor: string;
  /** Mispredictions, one for each seed; empty for a geometric mean. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Mispredictions of the first over those of the second, one for each seed; undefined where only the second has none. */
  readonly ratios: readonly (number | undefined)[];
  readonly seeds: number;
}

export interface Comparison {
  readonly first: string;
  readonly second: string;
  readonly runs: readonly ComparedRun[];
  /** Runs that only one set has. */
  readonly unmatched: number;
}

const MEAN = "(geometric mean)";

const isCounted = (record: ResultRecord): boolean =>
  record.kind === (textIn(record, "technique") === RECORDED ? "all" : "dispatch") && numberIn(record, "mispredictions") !== undefined;

/** Columns that tell runs apart: one that has a single value in each set is what differs between them, or says nothing. */
function keysOf(sets: readonly (readonly ResultRecord[])[]): string[] {
  const columns = [...columnsOf("rows", "identifies"), ...columnsOf("rows", "setting")].filter((name) => name !== SEED);
  return columns.filter(
    (name) => name === "program" || sets.some((records) => new Set(records.map((record) => record[name] ?? null)).size > 1),
  );
}

const keyOf = (record: ResultRecord, names: readonly string[]): string => JSON.stringify(names.map((name) => record[name] ?? null));

function overSeeds(values: readonly (number | undefined)[]): OverSeeds | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0 || known.length < values.length) return undefined;
  return {
    mean: known.reduce((sum, value) => sum + value, 0) / known.length,
    halfRange: (Math.max(...known) - Math.min(...known)) / 2,
  };
}

/** Fewer mispredictions, as a factor; 1 where neither has any. */
const ratioOf = (before: number, after: number): number | undefined => (after > 0 ? before / after : before > 0 ? undefined : 1);

function geometricMean(ratios: readonly number[]): number {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}

/** The geometric mean of runs, seed by seed. Runs without a ratio, or with one of zero, have no logarithm and are left out. */
function together(runs: readonly ComparedRun[]): (number | undefined)[] {
  const usable = runs.filter(({ ratios }) => ratios.every((ratio) => ratio !== undefined && ratio > 0));
  const seeds = Math.min(...usable.map(({ ratios }) => ratios.length));
  if (usable.length === 0) return [undefined];
  return Array.from({ length: seeds }, (_, seed) => geometricMean(usable.map(({ ratios }) => ratios[seed] ?? 1)));
}

/**
 * @param names of the two, as users know them
 * @throws UsageError when they have no run in common
 */
export function compared(before: readonly ResultRecord[], after: readonly ResultRecord[], names: readonly [string, string]): Comparison {
  const sets = [before, after].map((records) => records.filter(isCounted));
  const keys = keysOf(sets);
  const [first, second] = names;
  const [old, fresh] = sets.map((records) => groupBy(records, (record) => keyOf(record, keys)));
  const runs: ComparedRun[] = [];
  for (const [key, rows] of old) {
    const others = fresh.get(key);
    if (others === undefined) continue;
    // several costs of a run do not change its mispredictions: one row of each seed
    const bySeed = (records: readonly ResultRecord[]): Map<string, number> =>
      new Map(records.map((record) => [textIn(record, SEED), numberIn(record, "mispredictions") ?? 0]));
    const [a, b] = [bySeed(rows), bySeed(others)];
    const seeds = [...a.keys()].filter((seed) => b.has(seed));
    if (seeds.length === 0) continue;
    const [one] = rows;
    const [was, is] = [a, b].map((counts) => seeds.map((seed) => counts.get(seed) ?? 0));
    runs.push({
      first,
      second,
      program: textIn(one, "program"),
      technique: keys.includes("technique") ? textIn(one, "technique") : "",
      predictor: keys.includes("predictor") ? textIn(one, "predictor") : "",
      before: was,
      after: is,
      ratios: was.map((count, i) => ratioOf(count, is[i])),
      seeds: seeds.length,
    });
  }
  if (runs.length === 0)
    throw new UsageError(`${first} and ${second} have no run in common: they differ in more than one of programs, techniques, front ends`);
  return { first, second, runs, unmatched: old.size + fresh.size - 2 * runs.length };
}

/** Results files. @throws UsageError if they do not hold whole runs, or have none in common */
export function comparedTables(before: ResultTable, after: ResultTable, names: readonly [string, string]): Comparison {
  for (const [i, { of }] of [before, after].entries())
    if (of !== "rows") throw new UsageError(`${names[i]}: compare needs results of whole runs (without --per-site and --interval)`);
  return compared(before.records, after.records, names);
}

/** Front ends of one simulation, each with the first. @throws UsageError for a single one */
export function comparedFrontEnds(records: readonly ResultRecord[]): Comparison[] {
  const groups = [...groupBy(records, (record) => textIn(record, "predictor"))];
  const [first, ...others] = groups;
  if (others.length === 0) throw new UsageError(`--compare needs several front ends, got ${first?.[0] ?? "none"}: --predictor=btb,ittage`);
  return others.map(([name, rows]) => compared(first[1], rows, [first[0], name]));
}

/** The runs, and for several programs those of each technique and front end together. */
function withMeans({ runs }: Comparison): ComparedRun[] {
  const groups = groupBy(runs, ({ technique, predictor }) => JSON.stringify([technique, predictor]));
  const means = [...groups.values()].flatMap((group): ComparedRun[] => {
    if (group.length < 2) return [];
    const ratios = together(group);
    return [{ ...group[0], program: MEAN, before: [], after: [], ratios, seeds: ratios.length }];
  });
  return [...runs, ...means];
}

const meanOf = (counts: readonly number[]): number | null => roundedRatio(overSeeds(counts)?.mean, 1);

const runColumns: readonly Column<ComparedRun>[] = [
  ["first", ({ first }) => first],
  ["second", ({ second }) => second],
  ["program", ({ program }) => program],
  ["technique", ({ technique }) => technique],
  ["predictor", ({ predictor }) => predictor],
  ["first_mispredictions", ({ before }) => meanOf(before)],
  ["second_mispredictions", ({ after }) => meanOf(after)],
  ["times_fewer", ({ ratios }) => roundedRatio(overSeeds(ratios)?.mean, 1)],
  ["half_range", ({ ratios }) => roundedRatio(overSeeds(ratios)?.halfRange, 1)],
  ["seeds", ({ seeds }) => seeds],
];

export const comparisonColumns = runColumns;
export const comparisonRows = (comparisons: readonly Comparison[]): ComparedRun[] => comparisons.flatMap(withMeans);

/** "1.42 times fewer mispredictions", "1.10 times more", with the half range over seeds. */
function ratioText(ratios: readonly (number | undefined)[]): string {
  const found = overSeeds(ratios);
  if (found === undefined) return "a number of mispredictions that no factor says (one of both has none)";
  const { mean } = found;
  // the range belongs to the factor that is shown
  const shown = mean >= 1 ? ratios : ratios.map((ratio) => (ratio === undefined || ratio === 0 ? undefined : 1 / ratio));
  const factor = overSeeds(shown);
  if (factor === undefined) return "a number of mispredictions that no factor says (one of both has none)";
  const spread = ratios.length > 1 ? `, ± ${factor.halfRange.toFixed(2)} over ${ratios.length} seeds` : "";
  if (factor.mean.toFixed(2) === "1.00") return `as many mispredictions (a factor of ${factor.mean.toPrecision(4)}${spread})`;
  return `${factor.mean.toFixed(2)} times ${mean >= 1 ? "fewer" : "more"} mispredictions${spread}`;
}

/** A table for each comparison, and below it a sentence over everything. */
export function comparisonParts(comparisons: readonly Comparison[]): DocumentPart[] {
  return comparisons.flatMap((comparison): DocumentPart[] => {
    const { first, second, runs, unmatched } = comparison;
    const names = (["technique", "predictor"] as const).filter((name) => runs.some((run) => run[name] !== ""));
    const rows = withMeans(comparison).map((run) => [
      run.program,
      ...names.map((name) => run[name]),
      run.before.length === 0 ? "" : withHalfRange(run.before, whole).text,
      run.after.length === 0 ? "" : withHalfRange(run.after, whole).text,
      run.ratios.some((ratio) => ratio === undefined) ? dash : withHalfRange(run.ratios, (ratio) => ratio.toFixed(2)).text,
    ]);
    const without = runs.filter(({ ratios }) => ratios.some((ratio) => ratio === undefined || ratio === 0)).length;
    const said = [
      `${second} has ${ratioText(together(runs))}, compared with ${first} (geometric mean of ${counted(runs.length - without, "run")}).`,
      ...(without === 0
        ? []
        : [`${counted(without, "run")} in which one of both mispredicts nothing ${without === 1 ? "is" : "are"} left out.`]),
      ...(unmatched === 0 ? [] : [`${counted(unmatched, "run")} that only one of both has ${unmatched === 1 ? "is" : "are"} left out.`]),
    ];
    return [
      {
        title: `Mispredictions: ${first} and ${second}`,
        head: ["program", ...names, "first", "second", "times fewer"],
        rows,
        left: 1 + names.length,
        drops: ["first", "second"],
      },
      said.join(" "),
    ];
  });
}
