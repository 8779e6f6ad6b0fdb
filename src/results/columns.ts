// The columns of results: their names, order, rounding, types and units. The same definition serves CSV and JSON, reading them
// again, Parquet, charts and comparisons. They are documented in docs/columns.md and do not change within a major version.
import { hexadecimal, KINDS, PREDICTED } from "../branch.ts";
import { COST_NAMES } from "../front-end/machines/costs.ts";
import { optionEntries, type Settings } from "../options/request.ts";
import { groupBy } from "./group-by.ts";
import type { IntervalRow, Origin, Row, SiteRow, TargetRow } from "./rows.ts";

export type Cell = string | number | null;
export type Column<T> = readonly [name: string, value: (row: T) => Cell, meaning?: Meaning];

/**
 * The role of a column.
 * - identifies: part of the row's key; two rows of one file that agree in all such columns describe the same thing
 * - setting: a setting of the whole run; rows that differ in it must not be averaged
 * - cost: a cost that the estimate of cycles assumed; may differ between front ends
 * - measures: a counted or computed number
 * - describes: derived from the others, or an explanation
 */
export type Role = "identifies" | "setting" | "cost" | "measures" | "describes";

/** "list": words separated by blanks, possibly none; "bits": a number, or "unbounded". */
export type CellType = "text" | "list" | "integer" | "number" | "bits";

export interface Meaning {
  readonly role: Role;
  readonly type: CellType;
  /** Unit: "branches", "cycles", "mispredictions / branches". */
  readonly unit?: string;
}

/** A column of result files. */
export type ResultColumn<T> = readonly [name: string, value: (row: T) => Cell, meaning: Meaning];

/** A boolean as "yes" or "no"; null if unknown. */
export const yesOrNo = (holds: boolean | undefined): Cell => (holds === undefined ? null : holds ? "yes" : "no");

/** A ratio to nine significant digits; null if the denominator is zero or the count is unknown. */
export function roundedRatio(count: number | undefined, per: number | undefined, scale = 1): number | null {
  if (count === undefined || per === undefined || per === 0 || Number.isNaN(count)) return null;
  return Number(((count / per) * scale).toPrecision(9));
}

/** Cycles, whole unless an IPC or a cost is fractional; rounded only to remove floating-point noise. */
const cycles = (value: number | undefined): Cell => (value === undefined ? null : Number(value.toPrecision(15)));

const bits = (storageBits: number): Cell => (Number.isFinite(storageBits) ? storageBits : "unbounded");

const IDENTIFIES: Meaning = { role: "identifies", type: "text" };
const SETTING: Meaning = { role: "setting", type: "text" };
const DESCRIBES: Meaning = { role: "describes", type: "text" };
const LIST: Meaning = { role: "describes", type: "list" };
const counted = (unit: string): Meaning => ({ role: "measures", type: "integer", unit });
const computed = (unit: string): Meaning => ({ role: "measures", type: "number", unit });
const cost = (unit: string): Meaning => ({ role: "cost", type: "number", unit });

/** Key columns at the beginning of a row ... */
const SUBJECT: readonly ResultColumn<Origin>[] = [
  ["program", (row) => row.program, IDENTIFIES],
  ["size", (row) => row.size ?? null, SETTING],
  ["technique", (row) => row.technique, IDENTIFIES],
];
/** ... and at its end. */
const PROVENANCE: readonly ResultColumn<Origin>[] = [
  ["bodies", (row) => row.bodies, SETTING],
  ["program_sha256", (row) => row.programSha256, DESCRIBES],
];

/** Costs assumed by the estimate of cycles. */
const COSTS: readonly ResultColumn<Row>[] = optionEntries.flatMap(([, option]) =>
  option.role === "cost" ? [[option.column.name, ({ cost }: Row): Cell => cost[option.parameter] ?? null, cost(option.unit)]] : [],
);

/** Settings of the replay. */
const SETTINGS: readonly ResultColumn<Row>[] = optionEntries.flatMap(([name, option]) => {
  if (option.role !== "setting" || option.column === undefined) return [];
  const cell = (option.column.cell ?? ((value: number | undefined) => value ?? null)) as (value: unknown) => Cell;
  const meaning: Meaning = option.value.type === "number" ? { role: "setting", type: "integer", unit: option.unit } : SETTING;
  return [[option.column.name, ({ settings }: Row): Cell => cell(settings[name as keyof Settings]), meaning]];
});

/** What is counted of a class of branches, in a run or in an interval of one. */
const COUNTS: readonly ResultColumn<
  Pick<Row, "virtualInstructions" | "nativeInstructions" | "branches" | "mispredictions" | "bubbles" | "overrides" | "middles">
>[] = [
  ["virtual_instructions", (row) => row.virtualInstructions ?? null, counted("instructions")],
  ["native_instructions", (row) => row.nativeInstructions, counted("instructions")],
  ["branches", (row) => row.branches, counted("branches")],
  ["mispredictions", (row) => row.mispredictions ?? null, counted("mispredictions")],
  ["front_end_bubbles", (row) => row.bubbles ?? null, counted("bubbles")],
  ["overrides", (row) => row.overrides ?? null, counted("overrides")],
  ["middle_level_overrides", (row) => row.middles ?? null, counted("overrides")],
];

export const rowColumns: readonly ResultColumn<Row>[] = [
  ...SUBJECT,
  ["predictor", (row) => row.predictor, IDENTIFIES],
  ["kind", (row) => row.kind, IDENTIFIES],
  ...COUNTS,
  ["taken_branches", (row) => row.takenBranches, counted("branches")],
  ["calls", (row) => row.calls, counted("calls")],
  ["returns", (row) => row.returns, counted("returns")],
  ["icache_misses", (row) => row.icacheMisses ?? null, counted("misses")],
  ["dcache_misses", (row) => row.dcacheMisses ?? null, counted("misses")],
  ["body_bytes", (row) => row.footprint?.bytes.body ?? null, counted("bytes")],
  ["dispatch_bytes", (row) => row.footprint?.bytes.dispatch ?? null, counted("bytes")],
  ["table_bytes", (row) => row.footprint?.bytes.table ?? null, counted("bytes")],
  ["generated_bytes", (row) => row.footprint?.bytes.generated ?? null, counted("bytes")],
  ["touched_code_bytes", (row) => row.footprint?.touchedBytes ?? null, counted("bytes")],
  ["native_stack_bytes", (row) => row.stackBytes ?? null, counted("bytes")],
  ["mispredictions_per_branch", (row) => roundedRatio(row.mispredictions, row.branches), computed("mispredictions / branch")],
  [
    "mispredictions_per_virtual_instruction",
    (row) => roundedRatio(row.mispredictions, row.virtualInstructions),
    computed("mispredictions / virtual instruction"),
  ],
  [
    "mispredictions_per_1000_native_instructions",
    (row) => roundedRatio(row.mispredictions, row.nativeInstructions, 1000),
    computed("mispredictions / 1000 native instructions"),
  ],
  [
    "icache_misses_per_1000_native_instructions",
    (row) => roundedRatio(row.icacheMisses, row.nativeInstructions, 1000),
    computed("icache misses / 1000 native instructions"),
  ],
  ["cycles_lost", (row) => cycles(row.cyclesLost), computed("cycles")],
  [
    "cycles_lost_per_virtual_instruction",
    (row) => roundedRatio(row.cyclesLost, row.virtualInstructions),
    computed("cycles lost / virtual instruction"),
  ],
  ["estimated_cycles", (row) => cycles(row.estimatedCycles), computed("cycles")],
  ["estimated_speedup_over_switch", (row) => roundedRatio(row.estimatedSpeedupOverSwitch, 1), computed("cycles of switch / cycles")],
  ["estimated_speedup_low", (row) => roundedRatio(row.speedupRange?.[0], 1), computed("cycles of switch / cycles")],
  ["estimated_speedup_high", (row) => roundedRatio(row.speedupRange?.[1], 1), computed("cycles of switch / cycles")],
  ["rank_flips", ({ rankFlips }) => yesOrNo(rankFlips), DESCRIBES],
  ...COSTS,
  [
    "cost_basis",
    ({ costs }) => COST_NAMES.flatMap((name) => (costs.basis[name] === undefined ? [] : `${name}=${costs.basis[name]}`)).join(" "),
    LIST,
  ],
  ...SETTINGS,
  ["front_end", (row) => row.frontEnd, DESCRIBES],
  ["not_modelled", (row) => row.notModelled.join(" "), LIST],
  ["storage_bits", (row) => bits(row.storageBits), { role: "describes", type: "bits", unit: "bits" }],
  ["dispatch_sites", ({ contexts }) => contexts?.sites ?? null, counted("sites")],
  ["targets_per_site", ({ contexts }) => roundedRatio(contexts?.targetsPerSite, 1), computed("targets / site")],
  ["targets_per_dispatch", ({ contexts }) => roundedRatio(contexts?.targetsPerDispatch, 1), computed("targets / dispatch")],
  ["target_entropy_bits", ({ contexts }) => roundedRatio(contexts?.entropy, 1), computed("bits")],
  ["target_entropy_given_site_bits", ({ contexts }) => roundedRatio(contexts?.entropyGivenSite, 1), computed("bits")],
  ["target_entropy_given_virtual_address_bits", ({ contexts }) => roundedRatio(contexts?.entropyGivenVirtualAddress, 1), computed("bits")],
  ["training", (row) => row.training.join(" "), LIST],
  ...PROVENANCE,
  ["recording", (row) => row.format ?? null, DESCRIBES],
  ["window_instructions", (row) => row.window ?? null, { role: "describes", type: "integer", unit: "instructions" }],
];

export const siteColumns: readonly ResultColumn<SiteRow>[] = [
  ...SUBJECT,
  ["predictor", (row) => row.predictor, IDENTIFIES],
  ["site", (row) => hexadecimal(row.site), IDENTIFIES],
  ["kind", (row) => KINDS.find(([flag]) => flag === row.kind)?.[1] ?? "", IDENTIFIES],
  ["owner", (row) => row.owner, DESCRIBES],
  ["dispatch", (row) => (row.dispatch === undefined ? null : row.dispatch ? "yes" : "no"), DESCRIBES],
  ["branches", (row) => row.branches, counted("branches")],
  ["mispredictions", (row) => row.mispredictions ?? null, counted("mispredictions")],
  ["front_end_bubbles", (row) => row.bubbles ?? null, counted("bubbles")],
  ["overrides", (row) => row.overrides ?? null, counted("overrides")],
  ["middle_level_overrides", (row) => row.middles ?? null, counted("overrides")],
  ["mispredictions_per_branch", (row) => roundedRatio(row.mispredictions, row.branches), computed("mispredictions / branch")],
  ["front_end", (row) => row.frontEnd, DESCRIBES],
  ...PROVENANCE,
];

export const intervalColumns: readonly ResultColumn<IntervalRow>[] = [
  ...SUBJECT,
  ["predictor", (row) => row.predictor, IDENTIFIES],
  ["kind", (row) => row.kind, IDENTIFIES],
  ["start", (row) => row.start, { role: "identifies", type: "integer", unit: "instructions" }],
  ...COUNTS,
  ["mispredictions_per_branch", (row) => roundedRatio(row.mispredictions, row.branches), computed("mispredictions / branch")],
  [
    "mispredictions_per_virtual_instruction",
    (row) => roundedRatio(row.mispredictions, row.virtualInstructions),
    computed("mispredictions / virtual instruction"),
  ],
  ["front_end", (row) => row.frontEnd, DESCRIBES],
  ...PROVENANCE,
];

export const targetColumns: readonly ResultColumn<TargetRow>[] = [
  ...SUBJECT,
  ["site", (row) => hexadecimal(row.site), IDENTIFIES],
  ["owner", (row) => row.owner, DESCRIBES],
  ["target", (row) => hexadecimal(row.target), IDENTIFIES],
  ["target_owner", (row) => row.targetOwner, DESCRIBES],
  ["branches", (row) => row.branches, counted("branches")],
  ...PROVENANCE,
];

/** Columns at the end of a merged sweep's rows: the study and the version. */
export const STUDY_COLUMNS = ["study", "study_sha256", "bplab_version"] as const;

/** Kinds of results files: whole runs, the worst sites (`--per-site`), intervals of runs (`--interval`), or targets of dispatches
 * (`--contexts`). */
export type ResultKind = "rows" | "sites" | "intervals" | "targets";

const meaningsOf = (columns: readonly (readonly [string, unknown, Meaning])[]): ReadonlyMap<string, Meaning> =>
  new Map([...columns.map(([name, , meaning]) => [name, meaning] as const), ...STUDY_COLUMNS.map((name) => [name, DESCRIBES] as const)]);

/** The columns of each kind of results; any other column is a user's own. */
export const COLUMNS: Readonly<Record<ResultKind, ReadonlyMap<string, Meaning>>> = {
  rows: meaningsOf(rowColumns),
  sites: meaningsOf(siteColumns),
  intervals: meaningsOf(intervalColumns),
  targets: meaningsOf(targetColumns),
};

/** The names of the columns with a role in results of a kind, in order. */
export const columnsOf = (of: ResultKind, role: Role): string[] =>
  [...COLUMNS[of]].filter(([, meaning]) => meaning.role === role).map(([name]) => name);

/** The most mispredicted sites of each program, technique and front end, worst first. */
export function worstSites(sites: readonly SiteRow[], count: number): SiteRow[] {
  const predicted = sites.filter(({ kind }) => (kind & PREDICTED) !== 0);
  const groups = groupBy(predicted, ({ program, technique, predictor }) => JSON.stringify([program, technique, predictor]));
  return [...groups.values()].flatMap((group) =>
    group
      .sort((a, b) => (b.mispredictions ?? 0) - (a.mispredictions ?? 0) || b.branches - a.branches || (a.site >>> 0) - (b.site >>> 0))
      .slice(0, count),
  );
}
