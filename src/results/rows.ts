// Results as tidy rows: counts first, with the program, technique and front end that they belong to.

import type { RunError } from "../errors.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { Machine } from "../front-end/machines/machine.ts";
import type { Size } from "../guests/programs.ts";
import { counted } from "../numbers.ts";
import type { CostParameters, Settings } from "../options/request.ts";
import type { CodeFootprint } from "../replay/code-footprint.ts";
import type { Contexts } from "../replay/contexts.ts";
import { type Counts, type IntervalSample, ROW_KINDS, type RowKind } from "../replay/statistics.ts";
import { type Charges, type Costs, chargesOf, costsOn, cyclesLost, estimatedCycles } from "./cost.ts";
import { type Speedup, speedupOver } from "./speedups.ts";

/** Whose numbers a row holds. */
export interface Origin {
  readonly program: string;
  /** Undefined for a recording: it is as long as it is. */
  readonly size: Size | undefined;
  /** For a recording: RECORDED. */
  readonly technique: string;
  /** Whose native bodies the opcodes have: a measured interpreter's id, or "own". */
  readonly bodies: string;
  readonly programSha256: string;
}

/** One line of results: one program, technique, front end and class of branches. */
export interface Row extends Origin {
  readonly predictor: string;
  readonly kind: RowKind;
  /** Undefined for a recording, like all that only an interpreter has. */
  readonly virtualInstructions: number | undefined;
  readonly nativeInstructions: number;
  /** Executed branches of the class. */
  readonly branches: number;
  /** Undefined where the front end leaves some branches of the class without prediction. */
  readonly mispredictions: number | undefined;
  /** Taken branches of the class that were predicted right and fetched late; undefined where that is not modelled. */
  readonly bubbles: number | undefined;
  /** Taken branches of the class that were predicted right, but not by the quick first level; undefined where there is none. */
  readonly overrides: number | undefined;
  /** Like all that follow, of all branches, whatever the row's class. */
  readonly takenBranches: number;
  readonly calls: number;
  readonly returns: number;
  /** Undefined where the cache is not modelled. */
  readonly icacheMisses: number | undefined;
  readonly dcacheMisses: number | undefined;
  readonly footprint: CodeFootprint | undefined;
  /** Bytes of native stack that the run needs; undefined where it does not grow with the run. */
  readonly stackBytes: number | undefined;
  /** Where dispatches lead, whatever the row's class; undefined unless asked for. */
  readonly contexts: Omit<Contexts, "pairs"> | undefined;
  /** Mispredictions of all modelled kinds × penalty, and stalls; undefined where dispatch is not modelled. */
  readonly cyclesLost: number | undefined;
  readonly estimatedCycles: number | undefined;
  /** Estimated cycles of switch under the same front end over these; filled in when all techniques of a program are done. */
  readonly estimatedSpeedupOverSwitch: number | undefined;
  /** The least and the most that it can be while the figures stay within what is assumed or was measured of each. */
  readonly speedupRange: readonly [least: number, most: number] | undefined;
  /** Whether some other technique is faster at an IPC of 1 and slower at 4, or the other way round; undefined where IPC is not assumed. */
  readonly rankFlips: boolean | undefined;
  /** The front end with everything that completes it. */
  readonly frontEnd: string;
  readonly notModelled: readonly string[];
  readonly storageBits: number;
  /** Programs that chose superinstructions and replicas; none where the technique does not choose. */
  readonly training: readonly string[];
  /** The format of a recording; undefined for a program. */
  readonly format: string | undefined;
  /** What the estimates of this front end assume. */
  readonly cost: CostParameters;
  /** The same, with what each figure rests on and how far off it may be. */
  readonly costs: Costs;
  /** How often each thing happened that a figure is charged for; undefined where dispatch is not modelled. */
  readonly charges: Charges | undefined;
  readonly settings: Settings;
  /** The limit on instructions, where the run reached it: the row is of its first ones. Undefined where it ended before. */
  readonly window: number | undefined;
}

/** One class of branches in one interval of a run. */
export interface IntervalRow extends Origin {
  readonly predictor: string;
  readonly kind: RowKind;
  /** Instructions counted before the interval: virtual ones of a program, native ones of a recording. */
  readonly start: number;
  /** Undefined for a recording. */
  readonly virtualInstructions: number | undefined;
  readonly nativeInstructions: number;
  readonly branches: number;
  readonly mispredictions: number | undefined;
  readonly bubbles: number | undefined;
  readonly overrides: number | undefined;
  readonly frontEnd: string;
}

/** How often a dispatch branch led to one place. The same under every front end. */
export interface TargetRow extends Origin {
  /** Byte addresses of the branch and of where it led, and whose code stands there. */
  readonly site: number;
  readonly owner: string;
  readonly target: number;
  readonly targetOwner: string;
  readonly branches: number;
}

/** A predictor that failed, where, and how: there are no rows of it. A user's own, or one whose worker ended. */
export interface Failure {
  readonly program: string;
  readonly technique: string;
  readonly predictor: string;
  readonly message: string;
  /** Set where it was our bug: the stack. */
  readonly bug?: string;
}

/** Things in groups of one key each, in the order in which they come. */
export function groupBy<T>(things: readonly T[], keyOf: (thing: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const group = groups.get(keyOf(thing));
    if (group === undefined) groups.set(keyOf(thing), [thing]);
    else group.push(thing);
  }
  return groups;
}

/** A line for each predictor that failed, and each way in which it did. */
export function failureLines(failures: readonly Failure[]): string[] {
  const ways = groupBy(failures, ({ predictor, message }) => JSON.stringify([predictor, message]));
  return [...ways.values()].map(([{ message, program, technique }, ...others]) => {
    const more = others.length === 0 ? "" : ` and in ${counted(others.length, "more run")}`;
    return `${message} (on ${program} with ${technique}${more}, without results)`;
  });
}

/** One branch site: where mispredictions come from. */
export interface SiteRow extends Origin {
  readonly predictor: string;
  /** Byte address of the branch. */
  readonly site: number;
  readonly kind: number;
  readonly owner: string;
  /** Undefined for a recording of which nobody has said it. */
  readonly dispatch: boolean | undefined;
  readonly branches: number;
  /** Undefined where no model of the front end covers the branch's kind. */
  readonly mispredictions: number | undefined;
  /** Undefined where the front end does not model them. */
  readonly bubbles: number | undefined;
  readonly overrides: number | undefined;
  readonly frontEnd: string;
}

/** What is known of a recording besides its rows. */
export interface RecordingNotes {
  readonly program: string;
  /** In sentences. */
  readonly notes: readonly string[];
}

/** All rows of a simulation, with what holds for every one of them. */
export interface Results extends InputResults {
  /** Those that stand for real processors. */
  readonly machines: readonly Machine[];
  /** What to know of each recording. */
  readonly recordings: readonly RecordingNotes[];
}

/** Of a recording only its user knows which branches are dispatches. */
const dispatchKnown = ({ technique, dispatchNamed = false }: Subject): boolean => technique !== RECORDED || dispatchNamed;
const kindsOf = (subject: Subject): readonly RowKind[] => ROW_KINDS.filter((kind) => kind !== "dispatch" || dispatchKnown(subject));

/** What a row is about. */
export interface Subject extends Origin {
  readonly frontEnd: FrontEnd;
  /** Programs that chose superinstructions and replicas. */
  readonly training: readonly string[];
  readonly format?: string;
  /** Whether it was said of a recording which branches are dispatches. */
  readonly dispatchNamed?: boolean;
  /** The limit on instructions, where the run reached it. */
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

/** What becomes of one input. */
export interface InputResults {
  readonly rows: Row[];
  readonly sites: SiteRow[];
  /** Empty unless intervals were asked for. */
  readonly intervals: IntervalRow[];
  readonly failures: Failure[];
  /** Empty unless contexts were asked for. */
  readonly targets: TargetRow[];
}

export const noResults = (): InputResults => ({ rows: [], sites: [], intervals: [], failures: [], targets: [] });

/** Adds the results of one input, or of a part of it, to those of others. */
export function joinResults(all: InputResults, { rows, sites, intervals, failures, targets }: InputResults): void {
  all.rows.push(...rows);
  // too many for arguments of one call
  for (const site of sites) all.sites.push(site);
  for (const interval of intervals) all.intervals.push(interval);
  for (const target of targets) all.targets.push(target);
  all.failures.push(...failures);
}

/**
 * Adds rows of one technique under one front end; their speedups stay open.
 * @param costs what is said of costs; the rest is the machine's, or assumed. Each makes rows
 * @param sites whether rows of sites are wanted: they are by far the most
 */
export function addResults(
  results: InputResults,
  subject: Subject,
  {
    counts,
    series,
    failure,
  }: { readonly counts: Counts; readonly series: readonly IntervalSample[]; readonly failure: RunError | undefined },
  costs: readonly Partial<CostParameters>[],
  sites: boolean,
): void {
  const { program, technique, frontEnd } = subject;
  if (failure !== undefined) {
    results.failures.push({ program, technique, predictor: frontEnd.name, message: failure.message });
    return;
  }
  for (const said of costs) results.rows.push(...rowsOf(subject, counts, costsOn(frontEnd.machine, said)));
  if (sites) for (const site of siteRowsOf(subject, counts)) results.sites.push(site);
  results.intervals.push(...intervalRowsOf(subject, series));
}

/** What stands for the technique of recorded branches, which have one already. */
export const RECORDED = "recorded";

/** Whose bodies opcodes have that have their own. */
export const OWN_BODIES = "own";

/** What speedups compare with. */
export const BASELINE = "switch";

/**
 * The results of one program with speedups over switch under the same front end, undefined where that failed or is not there.
 * @param asked names of the techniques that were asked for: rows of others go
 */
export function withSpeedups(results: InputResults, asked: readonly string[]): InputResults {
  const keyOf = ({ predictor, frontEnd, cost }: Row): string => JSON.stringify([predictor, frontEnd, cost.penaltyCycles]);
  const switches = new Map(results.rows.filter(({ technique }) => technique === BASELINE).map((row) => [keyOf(row), row]));
  const wanted = ({ technique }: { readonly technique: string }): boolean => asked.includes(technique);
  /** The same in all rows of a technique and front end. */
  const found = new Map<string, Speedup>();
  const speedupOf = (row: Row): Speedup => {
    const key = JSON.stringify([row.technique, keyOf(row)]);
    const known = found.get(key);
    if (known !== undefined) return known;
    const others = results.rows.filter((other) => other.kind === row.kind && wanted(other) && keyOf(other) === keyOf(row));
    const speedup = speedupOver(switches.get(keyOf(row)), row, others);
    found.set(key, speedup);
    return speedup;
  };
  return {
    rows: results.rows.filter(wanted).map((row) => {
      const { speedup, range, rankFlips } = speedupOf(row);
      return { ...row, estimatedSpeedupOverSwitch: speedup, speedupRange: range, rankFlips };
    }),
    sites: results.sites.filter(wanted),
    intervals: results.intervals.filter(wanted),
    failures: results.failures.filter(wanted),
    targets: results.targets.filter(wanted),
  };
}

/** What a row says of contexts: each pair is a row of its own. */
const contextsWithout = ({ pairs: _, ...contexts }: Contexts): Omit<Contexts, "pairs"> => contexts;

/** One row for each class of branches. */
function rowsOf(subject: Subject, counts: Counts, costs: Costs): Row[] {
  const { frontEnd, training, format, settings, window } = subject;
  const { values: cost } = costs;
  const charges = chargesOf(counts, cost.indirectStallCycles !== undefined);
  return kindsOf(subject).map((kind) => ({
    ...originOf(subject),
    predictor: frontEnd.name,
    kind,
    virtualInstructions: counts.virtualInstructions,
    nativeInstructions: counts.nativeInstructions,
    branches: counts.byKind[kind].branches,
    mispredictions: counts.byKind[kind].mispredictions,
    bubbles: counts.byKind[kind].bubbles,
    overrides: counts.byKind[kind].overrides,
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
  }));
}

/** What is one number less another, if both are known. */
const since = (now: number | undefined, before: number | undefined): number | undefined =>
  now === undefined || before === undefined ? undefined : now - before;

/** One row for each interval and class of branches, from what had been counted at the ends of the intervals. */
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
  return counts.siteCounts().map(({ site, branches, mispredictions, bubbles, overrides }) => ({
    predictor: frontEnd.name,
    site: site.address,
    kind: site.kind,
    owner: site.owner,
    dispatch: known ? site.dispatch : undefined,
    branches,
    mispredictions: frontEnd.covers & site.kind ? mispredictions : undefined,
    bubbles: frontEnd.fetches & site.kind ? bubbles : undefined,
    overrides: frontEnd.answersFirst & site.kind ? overrides : undefined,
    frontEnd: frontEnd.fullName,
    ...origin,
  }));
}
