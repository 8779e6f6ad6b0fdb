// The columns of results: their names, order and rounding, one definition for CSV and JSON. They are documented in
// docs/columns.md and do not change within a major version.
import { hexadecimal, KINDS } from "../branch.ts";
import { COST_NAMES } from "../front-end/machines/costs.ts";
import { cacheName } from "../replay/cache.ts";
import { groupBy, type IntervalRow, type Origin, type Row, type SiteRow, type TargetRow } from "./rows.ts";

export type Cell = string | number | null;
export type Column<T> = readonly [name: string, value: (row: T) => Cell];

/** A ratio to nine significant digits; null where the denominator is zero or the count is not known. */
export function ratio(count: number | undefined, per: number | undefined, scale = 1): number | null {
  if (count === undefined || per === undefined || per === 0 || Number.isNaN(count)) return null;
  return Number(((count / per) * scale).toPrecision(9));
}

/** Cycles: counts, but for an IPC or a penalty that is not whole; rounded only where the last digits are the arithmetic's own. */
const cycles = (value: number | undefined): Cell => (value === undefined ? null : Number(value.toPrecision(15)));

const bits = (storageBits: number): Cell => (Number.isFinite(storageBits) ? storageBits : "unbounded");

/** Whose numbers they are, in front ... */
const SUBJECT: readonly Column<Origin>[] = [
  ["program", (row) => row.program],
  ["size", (row) => row.size ?? null],
  ["technique", (row) => row.technique],
];
/** ... and behind. */
const PROVENANCE: readonly Column<Origin>[] = [
  ["bodies", (row) => row.bodies],
  ["program_sha256", (row) => row.programSha256],
];

export const rowColumns: readonly Column<Row>[] = [
  ...SUBJECT,
  ["predictor", (row) => row.predictor],
  ["kind", (row) => row.kind],
  ["virtual_instructions", (row) => row.virtualInstructions ?? null],
  ["native_instructions", (row) => row.nativeInstructions],
  ["branches", (row) => row.branches],
  ["mispredictions", (row) => row.mispredictions ?? null],
  ["front_end_bubbles", (row) => row.bubbles ?? null],
  ["overrides", (row) => row.overrides ?? null],
  ["taken_branches", (row) => row.takenBranches],
  ["calls", (row) => row.calls],
  ["returns", (row) => row.returns],
  ["icache_misses", (row) => row.icacheMisses ?? null],
  ["dcache_misses", (row) => row.dcacheMisses ?? null],
  ["body_bytes", (row) => row.footprint?.bytes.body ?? null],
  ["dispatch_bytes", (row) => row.footprint?.bytes.dispatch ?? null],
  ["table_bytes", (row) => row.footprint?.bytes.table ?? null],
  ["generated_bytes", (row) => row.footprint?.bytes.generated ?? null],
  ["touched_code_bytes", (row) => row.footprint?.touchedBytes ?? null],
  ["native_stack_bytes", (row) => row.stackBytes ?? null],
  ["mispredictions_per_branch", (row) => ratio(row.mispredictions, row.branches)],
  ["mispredictions_per_virtual_instruction", (row) => ratio(row.mispredictions, row.virtualInstructions)],
  ["mispredictions_per_1000_native_instructions", (row) => ratio(row.mispredictions, row.nativeInstructions, 1000)],
  ["icache_misses_per_1000_native_instructions", (row) => ratio(row.icacheMisses, row.nativeInstructions, 1000)],
  ["cycles_lost", (row) => cycles(row.cyclesLost)],
  ["cycles_lost_per_virtual_instruction", (row) => ratio(row.cyclesLost, row.virtualInstructions)],
  ["estimated_cycles", (row) => cycles(row.estimatedCycles)],
  ["estimated_speedup_over_switch", (row) => ratio(row.estimatedSpeedupOverSwitch, 1)],
  ["estimated_speedup_low", (row) => ratio(row.speedupRange?.[0], 1)],
  ["estimated_speedup_high", (row) => ratio(row.speedupRange?.[1], 1)],
  ["rank_flips", ({ rankFlips }) => (rankFlips === undefined ? null : rankFlips ? "yes" : "no")],
  ["penalty_cycles", ({ cost }) => cost.penaltyCycles],
  ["conditional_penalty_cycles", ({ cost }) => cost.conditionalPenaltyCycles],
  ["override_cycles", ({ cost }) => cost.overrideCycles],
  ["slow_level_cycles", ({ cost }) => cost.slowLevelCycles],
  ["ipc", ({ cost }) => cost.instructionsPerCycle],
  ["taken_branch_cycles", ({ cost }) => cost.takenBranchCycles],
  ["call_cycles", ({ cost }) => cost.callCycles],
  ["return_cycles", ({ cost }) => cost.returnCycles],
  ["bubble_cycles", ({ cost }) => cost.bubbleCycles],
  ["icache_miss_cycles", ({ cost }) => cost.icacheMissCycles],
  ["dcache_miss_cycles", ({ cost }) => cost.dcacheMissCycles],
  ["indirect_stall_cycles", ({ cost }) => cost.indirectStallCycles ?? null],
  [
    "cost_basis",
    ({ costs }) => COST_NAMES.flatMap((name) => (costs.basis[name] === undefined ? [] : `${name}=${costs.basis[name]}`)).join(" "),
  ],
  ["icache", ({ settings }) => cacheName(settings.caches.icache)],
  ["dcache", ({ settings }) => cacheName(settings.caches.dcache)],
  ["layout_seed", ({ settings }) => settings.layoutSeed],
  ["warmup_virtual_instructions", ({ settings }) => settings.warmup],
  ["flush_branches", ({ settings }) => settings.flushEvery ?? null],
  ["front_end", (row) => row.frontEnd],
  ["not_modelled", (row) => row.notModelled.join(" ")],
  ["storage_bits", (row) => bits(row.storageBits)],
  ["dispatch_sites", ({ contexts }) => contexts?.sites ?? null],
  ["targets_per_site", ({ contexts }) => ratio(contexts?.targetsPerSite, 1)],
  ["targets_per_dispatch", ({ contexts }) => ratio(contexts?.targetsPerDispatch, 1)],
  ["target_entropy_bits", ({ contexts }) => ratio(contexts?.entropy, 1)],
  ["target_entropy_given_site_bits", ({ contexts }) => ratio(contexts?.entropyGivenSite, 1)],
  ["target_entropy_given_virtual_address_bits", ({ contexts }) => ratio(contexts?.entropyGivenVirtualAddress, 1)],
  ["training", (row) => row.training.join(" ")],
  ...PROVENANCE,
  ["recording", (row) => row.format ?? null],
];

export const siteColumns: readonly Column<SiteRow>[] = [
  ...SUBJECT,
  ["predictor", (row) => row.predictor],
  ["site", (row) => hexadecimal(row.site)],
  ["kind", (row) => KINDS.find(([flag]) => flag === row.kind)?.[1] ?? ""],
  ["owner", (row) => row.owner],
  ["dispatch", (row) => (row.dispatch === undefined ? null : row.dispatch ? "yes" : "no")],
  ["branches", (row) => row.branches],
  ["mispredictions", (row) => row.mispredictions ?? null],
  ["front_end_bubbles", (row) => row.bubbles ?? null],
  ["overrides", (row) => row.overrides ?? null],
  ["mispredictions_per_branch", (row) => ratio(row.mispredictions, row.branches)],
  ["front_end", (row) => row.frontEnd],
  ...PROVENANCE,
];

export const intervalColumns: readonly Column<IntervalRow>[] = [
  ...SUBJECT,
  ["predictor", (row) => row.predictor],
  ["kind", (row) => row.kind],
  ["start", (row) => row.start],
  ["virtual_instructions", (row) => row.virtualInstructions ?? null],
  ["native_instructions", (row) => row.nativeInstructions],
  ["branches", (row) => row.branches],
  ["mispredictions", (row) => row.mispredictions ?? null],
  ["front_end_bubbles", (row) => row.bubbles ?? null],
  ["overrides", (row) => row.overrides ?? null],
  ["mispredictions_per_branch", (row) => ratio(row.mispredictions, row.branches)],
  ["mispredictions_per_virtual_instruction", (row) => ratio(row.mispredictions, row.virtualInstructions)],
  ["front_end", (row) => row.frontEnd],
  ...PROVENANCE,
];

export const targetColumns: readonly Column<TargetRow>[] = [
  ...SUBJECT,
  ["site", (row) => hexadecimal(row.site)],
  ["owner", (row) => row.owner],
  ["target", (row) => hexadecimal(row.target)],
  ["target_owner", (row) => row.targetOwner],
  ["branches", (row) => row.branches],
  ...PROVENANCE,
];

/** The sites of each program, technique and front end that cost most, worst first. */
export function worstSites(sites: readonly SiteRow[], count: number): SiteRow[] {
  const groups = groupBy(sites, ({ program, technique, predictor }) => JSON.stringify([program, technique, predictor]));
  return [...groups.values()].flatMap((group) =>
    group
      .sort((a, b) => (b.mispredictions ?? 0) - (a.mispredictions ?? 0) || b.branches - a.branches || (a.site >>> 0) - (b.site >>> 0))
      .slice(0, count),
  );
}
