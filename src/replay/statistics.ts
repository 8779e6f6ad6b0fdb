// Counts of branches: the counts of blocks give the exact executions of each site's branch; replays add mispredictions.
import { ALL_KINDS, CALLS, CONDITIONAL, INDIRECT, KINDS, NONE, RETURN } from "../branch.ts";
import { FIELD, type Lowering, type NumberedSite, ROW_LENGTH, type Rows } from "../dispatch/lowering.ts";
import type { CacheCount } from "./cache-replay.ts";
import type { Census } from "./census.ts";
import type { CodeFootprint } from "./code-footprint.ts";
import type { Contexts } from "./contexts.ts";
import type { ReplayCounts } from "./replay.ts";

/** The classes of branches that rows are made for. */
export const ROW_KINDS = ["dispatch", "indirect", "conditional", "return", "all"] as const;
export type RowKind = (typeof ROW_KINDS)[number];

/** A branch site, as rows show it. */
export type ShownSite = Pick<NumberedSite, "address" | "kind" | "dispatch" | "owner">;

export interface SiteCount {
  readonly site: ShownSite;
  readonly branches: number;
  readonly mispredictions: number;
  readonly bubbles: number;
  readonly overrides: number;
  readonly middles: number;
}

/** Executed branches of a class. */
export interface KindCount {
  readonly branches: number;
  /**
   * Undefined if the front end does not predict some of them. (`all` counts the mispredictions of modelled
   * kinds, and is undefined only if there are none.)
   */
  readonly mispredictions: number | undefined;
  /** Correctly predicted taken branches that the buffer did not hold; undefined if bubbles are not modelled. */
  readonly bubbles: number | undefined;
  /** Correctly predicted taken branches in the buffer for which its quick first level gave another target; undefined without one. */
  readonly overrides: number | undefined;
  /** Those of them, other than of indirect branches, that a level between the first and the last held; undefined without such a level. */
  readonly middles: number | undefined;
}

/** Counts of a run so far under one technique and one front end. */
export interface ReplayTally {
  /** Undefined for a recording. */
  readonly virtualInstructions: number | undefined;
  readonly nativeInstructions: number;
  /** Executed branches of every kind that went elsewhere than to the instruction after them. */
  readonly takenBranches: number;
  /** Executed direct and indirect calls, and returns. */
  readonly calls: number;
  readonly returns: number;
  /** Executed branches and mispredictions of each class. `all` counts every native branch. */
  readonly byKind: Readonly<Record<RowKind, KindCount>>;
  /** Mispredictions of all branches except indirect jumps and calls. */
  readonly mispredictionsBesideIndirect: number;
  /** Kinds that executed, can be mispredicted, and that no model of the front end covers. */
  readonly notModelled: readonly string[];
  /** Makes a count of each site that executed, in order of id. There are many: ask once, at the end. */
  siteCounts(): SiteCount[];
}

/** Counts at one moment. */
export type IntervalSample = Pick<ReplayTally, "virtualInstructions" | "nativeInstructions" | "byKind">;

/** Counts of a whole run under one technique and one front end. */
export interface Counts extends ReplayTally {
  /** Undefined for a recording. */
  readonly footprint?: CodeFootprint;
  /** Undefined where the cache is not modelled. */
  readonly icache?: CacheCount;
  readonly dcache?: CacheCount;
  /** Bytes of native stack that the run needs, if it grows with the run. */
  readonly stackBytes?: number;
  /** Undefined unless asked for. */
  readonly contexts?: Contexts;
}

/** Branches whose target or direction a front end must predict. Direct jumps and calls are assumed to be predicted correctly. */
const GUESSED = CONDITIONAL | INDIRECT | RETURN;

/** Branch sites by number, as counts need them. */
export interface SiteTable {
  readonly count: number;
  kindOf(site: number): number;
  isDispatch(site: number): boolean;
  /** For rows of sites. */
  siteAt(site: number): ShownSite;
}

/** Counts that do not depend on the front end. */
export interface ExecutedCounts extends Pick<ReplayTally, "virtualInstructions" | "nativeInstructions" | "takenBranches"> {
  /** Branches of each site. */
  readonly branches: Float64Array;
}

/** Whether branches of a kind count in a class. */
function belongs(kind: number, dispatch: boolean, rowKind: RowKind): boolean {
  if (rowKind === "dispatch") return dispatch;
  if (rowKind === "indirect") return (kind & INDIRECT) !== 0;
  if (rowKind === "conditional") return kind === CONDITIONAL;
  if (rowKind === "return") return kind === RETURN;
  return true;
}

/** The sites of a technique's lowering. */
export const sitesOf = ({ sites }: Lowering): SiteTable => ({
  count: sites.length,
  kindOf: (site) => sites[site].kind,
  isDispatch: (site) => sites[site].dispatch,
  siteAt: (site) => sites[site],
});

/**
 * Executed branches and instructions of a run under a technique, the same for all front ends.
 * @param census              of the blocks that the lowering knows
 * @param virtualInstructions virtual instructions of the program itself, before any view
 */
export function executedBy(census: Census, virtualInstructions: number, lowering: Lowering): ExecutedCounts {
  let nativeInstructions = 0;
  let takenBranches = census.entries;
  const branches = new Float64Array(lowering.sites.length);
  branches[lowering.entry.id] += census.entries;
  const add = ({ from, to }: Rows, times: number): void => {
    const { rows } = lowering;
    for (let at = ROW_LENGTH * from; at < ROW_LENGTH * to; at += ROW_LENGTH) {
      branches[rows[at + FIELD.site]] += times;
      takenBranches += rows[at + FIELD.taken] * times;
    }
  };
  census.forEach((id, fell, transferred, ended) => {
    const block = lowering.lower(id);
    const runs = fell + transferred + ended;
    nativeInstructions += runs * block.nativeInstructions + transferred * block.transferExtra;
    add(block.interiorRows, runs);
    add(block.tailRows[0], fell);
    add(block.tailRows[1], transferred);
  });
  return { virtualInstructions, nativeInstructions, takenBranches, branches };
}

/** Groups of sites of one kind that are dispatch branches or are not: each site that executed is in one, the others in none, NONE. */
interface SiteGroups {
  readonly groupOf: Int8Array;
  /** By group. */
  readonly kinds: readonly number[];
  readonly isDispatch: readonly boolean[];
}

function groupSites(sites: SiteTable, branches: Float64Array): SiteGroups {
  const groupOf = new Int8Array(sites.count).fill(NONE);
  const kinds: number[] = [];
  const isDispatch: boolean[] = [];
  /** By kind, and whether it is a dispatch branch. */
  const numbers: number[] = Array(2 * ALL_KINDS + 2).fill(NONE);
  for (let site = 0; site < sites.count; site++) {
    if (branches[site] === 0) continue;
    const kind = sites.kindOf(site);
    const dispatch = sites.isDispatch(site);
    const place = 2 * kind + (dispatch ? 1 : 0);
    if (numbers[place] === NONE) {
      numbers[place] = kinds.push(kind) - 1;
      isDispatch.push(dispatch);
    }
    groupOf[site] = numbers[place];
  }
  return { groupOf, kinds, isDispatch };
}

/** Counts of sites added up by group; zeros if there are none. */
function sumsOf(counts: Float64Array | undefined, groupOf: Int8Array, groups: number): Float64Array {
  const sums = new Float64Array(groups);
  if (counts !== undefined)
    for (let site = 0; site < groupOf.length; site++) if (groupOf[site] !== NONE) sums[groupOf[site]] += counts[site];
  return sums;
}

/** Executed branches and a replay's mispredictions, by class and by site. */
export function tally(executed: ExecutedCounts, sites: SiteTable, replay: ReplayCounts): ReplayTally {
  const { branches, ...instructions } = executed;
  const { fetches, answersFirst, levels, covers } = replay.frontEnd;
  const counted = {
    misses: replay.bySite("misses"),
    bubbles: replay.bySite("bubbles"),
    overrides: replay.bySite("overrides"),
    middles: replay.bySite("middles"),
  };
  const { groupOf, isDispatch, kinds } = groupSites(sites, branches);
  const executions = sumsOf(branches, groupOf, kinds.length);
  const sums = {
    misses: sumsOf(counted.misses, groupOf, kinds.length),
    bubbles: sumsOf(counted.bubbles, groupOf, kinds.length),
    overrides: sumsOf(counted.overrides, groupOf, kinds.length),
    middles: sumsOf(counted.middles, groupOf, kinds.length),
  };
  /** The sum of those groups that are wanted. */
  const total = (of: Float64Array, wanted: (kind: number, dispatch: boolean) => boolean): number =>
    of.reduce((sum, times, group) => (wanted(kinds[group], isDispatch[group]) ? sum + times : sum), 0);
  const byKind = Object.fromEntries(
    ROW_KINDS.map((rowKind) => {
      const inClass = (of: Float64Array, those = ALL_KINDS): number =>
        total(of, (kind, dispatch) => (kind & those) !== 0 && belongs(kind, dispatch, rowKind));
      const known = inClass(executions, GUESSED & ~covers) === 0 || (rowKind === "all" && inClass(executions, covers) > 0);
      const kindCount: KindCount = {
        branches: inClass(executions),
        mispredictions: known ? inClass(sums.misses) : undefined,
        bubbles: fetches ? inClass(sums.bubbles) : undefined,
        overrides: answersFirst ? inClass(sums.overrides) : undefined,
        middles: levels > 2 ? inClass(sums.middles) : undefined,
      };
      return [rowKind, kindCount];
    }),
  ) as Record<RowKind, KindCount>;
  const ofKinds = (of: Float64Array, those: number): number => total(of, (kind) => (kind & those) !== 0);
  const executedKinds = kinds.reduce((all, kind) => all | kind, 0);
  const missing = executedKinds & GUESSED & ~covers;
  const notModelled = KINDS.filter(([flag]) => missing & flag).map(([, name]) => name);
  const siteCounts = (): SiteCount[] => {
    const rows: SiteCount[] = [];
    for (let site = 0; site < sites.count; site++) {
      if (branches[site] === 0) continue;
      rows.push({
        site: sites.siteAt(site),
        branches: branches[site],
        mispredictions: counted.misses?.[site] ?? 0,
        bubbles: counted.bubbles?.[site] ?? 0,
        overrides: counted.overrides?.[site] ?? 0,
        middles: counted.middles?.[site] ?? 0,
      });
    }
    return rows;
  };
  return {
    ...instructions,
    calls: ofKinds(executions, CALLS),
    returns: ofKinds(executions, RETURN),
    byKind,
    mispredictionsBesideIndirect: ofKinds(sums.misses, ALL_KINDS & ~INDIRECT),
    notModelled,
    siteCounts,
  };
}
