// Makes rows from the counts of a replay.
import type { FrontEnd } from "../front-end/front-end.ts";
import type { CostParameters, Settings } from "../options/request.ts";
import type { Contexts } from "../replay/contexts.ts";
import type { ModelStatistics } from "../replay/instances.ts";
import type { Measurement } from "../replay/lane.ts";
import { type Counts, type IntervalSample, ROW_KINDS, type RowKind } from "../replay/statistics.ts";
import { type Costs, chargesOf, costsOn, cyclesLost, estimatedCycles } from "./cost.ts";
import { type InputResults, type IntervalRow, type Origin, RECORDED, type Row, type SiteRow, type TargetRow } from "./rows.ts";

/** Whether dispatches are known: for a recording only if the user has named them. */
const dispatchKnown = ({ technique, dispatchNamed = false }: Subject): boolean => technique !== RECORDED || dispatchNamed;

const kindsOf = (subject: Subject): readonly RowKind[] => ROW_KINDS.filter((kind) => kind !== "dispatch" || dispatchKnown(subject));

/** The subject of a row. */
export interface Subject extends Origin {
  readonly frontEnd: FrontEnd;
  /** Training programs, by which superinstructions and replicas were chosen. */
  readonly training: readonly string[];
  readonly format?: string;
  /** Whether the user has named a recording's dispatches. */
  readonly dispatchNamed?: boolean;
  /** The limit on instructions, if the run reached it. */
  readonly window?: number;
  readonly settings: Settings;
}

const originOf = ({ program, size, technique, bodies, programSha256 }: Origin): Origin => ({
  program,
  size,
  technique,
  bodies,
  programSha256,
});

/**
 * Adds rows of one technique under one front end, without speedups.
 * @param costs given costs, each of which makes rows; the other costs are the machine's, or assumed
 * @param sites whether to make rows of sites, which are by far the most
 */
export function addResults(
  results: InputResults,
  subject: Subject,
  { counts, statistics, series, failure }: Omit<Measurement, "technique" | "frontEnd">,
  costs: readonly Partial<CostParameters>[],
  sites: boolean,
): void {
  const { program, technique, frontEnd } = subject;
  if (failure !== undefined) {
    results.failures.push({ program, technique, predictor: frontEnd.name, message: failure.message });
    return;
  }
  for (const said of costs) results.rows.push(...rowsOf(subject, counts, statistics, costsOn(frontEnd.machine, said)));
  if (sites) for (const site of siteRowsOf(subject, counts)) results.sites.push(site);
  results.intervals.push(...intervalRowsOf(subject, series));
}

/** Contexts without the pairs, which are separate rows. */
const contextsWithout = ({ pairs: _, ...contexts }: Contexts): Omit<Contexts, "pairs"> => contexts;

/** One row for each class of branches. */
function rowsOf(subject: Subject, counts: Counts, statistics: ModelStatistics | undefined, costs: Costs): Row[] {
  const { program, size, technique, bodies, programSha256, frontEnd, training, format, settings, window } = subject;
  const { values: cost } = costs;
  const charges = chargesOf(counts, cost.indirectStallCycles !== undefined);
  // without a spread: with one V8 makes a row property by property
  return kindsOf(subject).map((kind) => ({
    program,
    size,
    technique,
    bodies,
    programSha256,
    predictor: frontEnd.name,
    kind,
    virtualInstructions: counts.virtualInstructions,
    nativeInstructions: counts.nativeInstructions,
    branches: counts.byKind[kind].branches,
    mispredictions: counts.byKind[kind].mispredictions,
    bubbles: counts.byKind[kind].bubbles,
    overrides: counts.byKind[kind].overrides,
    middles: counts.byKind[kind].middles,
    takenBranches: counts.takenBranches,
    calls: counts.calls,
    returns: counts.returns,
    icacheMisses: counts.icache?.misses,
    dcacheMisses: counts.dcache?.misses,
    footprint: counts.footprint,
    stackBytes: counts.stackBytes,
    contexts: counts.contexts && contextsWithout(counts.contexts),
    cyclesLost: charges && cyclesLost(charges, cost),
    estimatedCycles: charges && estimatedCycles(charges, cost),
    estimatedSpeedupOverSwitch: undefined,
    speedupRange: undefined,
    rankFlips: undefined,
    frontEnd: frontEnd.fullName,
    notModelled: counts.notModelled,
    storageBits: frontEnd.storageBits,
    training,
    cost,
    costs,
    charges,
    format,
    settings,
    window,
    statistics,
  }));
}

/** `now - before`; undefined if either is unknown. */
const since = (now: number | undefined, before: number | undefined): number | undefined =>
  now === undefined || before === undefined ? undefined : now - before;

/** One row for each interval and class of branches, from the counts at the ends of the intervals. */
function intervalRowsOf(subject: Subject, series: readonly IntervalSample[]): IntervalRow[] {
  const { frontEnd } = subject;
  return series.flatMap((now, i) => {
    const before = i === 0 ? undefined : series[i - 1];
    const reached = ({ virtualInstructions, nativeInstructions }: IntervalSample): number => virtualInstructions ?? nativeInstructions;
    return kindsOf(subject).map((kind) => ({
      ...originOf(subject),
      predictor: frontEnd.name,
      kind,
      start: before === undefined ? 0 : reached(before),
      virtualInstructions: since(now.virtualInstructions, before === undefined ? 0 : before.virtualInstructions),
      nativeInstructions: now.nativeInstructions - (before?.nativeInstructions ?? 0),
      branches: now.byKind[kind].branches - (before?.byKind[kind].branches ?? 0),
      mispredictions: since(now.byKind[kind].mispredictions, before === undefined ? 0 : before.byKind[kind].mispredictions),
      bubbles: since(now.byKind[kind].bubbles, before === undefined ? 0 : before.byKind[kind].bubbles),
      overrides: since(now.byKind[kind].overrides, before === undefined ? 0 : before.byKind[kind].overrides),
      middles: since(now.byKind[kind].middles, before === undefined ? 0 : before.byKind[kind].middles),
      frontEnd: frontEnd.fullName,
    }));
  });
}

/** One row for each dispatch site and target. */
export function targetRowsOf(subject: Subject, contexts: Contexts): TargetRow[] {
  const origin = originOf(subject);
  return contexts.pairs.map(({ site, target, targetOwner, branches }) => ({
    site: site.address,
    owner: site.owner,
    target,
    targetOwner,
    branches,
    ...origin,
  }));
}

/** One row for each site that executed. */
function siteRowsOf(subject: Subject, counts: Counts): SiteRow[] {
  const { frontEnd } = subject;
  const known = dispatchKnown(subject);
  // spread last: V8 makes the rows 20 times as fast as with it first
  const origin = originOf(subject);
  return counts.siteCounts().map(({ site, branches, mispredictions, bubbles, overrides, middles }) => ({
    predictor: frontEnd.name,
    site: site.address,
    kind: site.kind,
    owner: site.owner,
    dispatch: known ? site.dispatch : undefined,
    branches,
    mispredictions: frontEnd.covers & site.kind ? mispredictions : undefined,
    bubbles: frontEnd.fetches & site.kind ? bubbles : undefined,
    overrides: frontEnd.answersFirst & site.kind ? overrides : undefined,
    middles: frontEnd.levels > 2 && frontEnd.fetches & site.kind ? middles : undefined,
    frontEnd: frontEnd.fullName,
    ...origin,
  }));
}
