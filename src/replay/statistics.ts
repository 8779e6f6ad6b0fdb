// Counts of branches: how often each block ran gives, exactly, how often each site's branch executed; replays add mispredictions.
import { CALLS, CONDITIONAL, INDIRECT, KINDS, RETURN } from "../branch.ts";
import type { BranchRecord, Lowering, NumberedSite } from "../dispatch/lowering.ts";
import type { CacheCount } from "./cache-replay.ts";
import type { Census } from "./census.ts";
import type { Contexts } from "./contexts.ts";
import type { Footprint } from "./footprint.ts";
import type { Replay } from "./replay.ts";

/** The classes of branches that rows are made for. */
export const ROW_KINDS = ["dispatch", "indirect", "conditional", "return", "all"] as const;
export type RowKind = (typeof ROW_KINDS)[number];

export interface SiteCount {
  readonly site: NumberedSite;
  readonly branches: number;
  readonly mispredictions: number;
  readonly bubbles: number;
  readonly overrides: number;
}

/** Executed branches of a class. */
export interface KindCount {
  readonly branches: number;
  /**
   * Undefined where the front end leaves some of them without prediction. (`all` counts the mispredictions of modelled
   * kinds, and is undefined only if there are none.)
   */
  readonly mispredictions: number | undefined;
  /** Taken branches predicted right whose target was not there to fetch from; undefined where that is not modelled. */
  readonly bubbles: number | undefined;
  /** Taken branches predicted right and held by the buffer, to which its quick first level gave another target; undefined without one. */
  readonly overrides: number | undefined;
}

/** What one technique and one front end made of a run so far. */
export interface Tally {
  /** Undefined for a recording. */
  readonly virtualInstructions: number | undefined;
  readonly nativeInstructions: number;
  /** Executed branches of every kind that went elsewhere than to the instruction behind them. */
  readonly takenBranches: number;
  /** Executed direct and indirect calls, and returns. */
  readonly calls: number;
  readonly returns: number;
  /** Executed branches and mispredictions of each class. `all` counts every native branch. */
  readonly byKind: Readonly<Record<RowKind, KindCount>>;
  /** Kinds that executed, can be mispredicted, and that no model of the front end covers. */
  readonly notModelled: readonly string[];
  /** Sites that executed, in order of id. */
  readonly sites: readonly SiteCount[];
}

/** What had been counted at one moment. */
export type Sample = Pick<Tally, "virtualInstructions" | "nativeInstructions" | "byKind">;

/** What one technique and one front end made of one run. */
export interface Counts extends Tally {
  /** Undefined for a recording. */
  readonly footprint?: Footprint;
  /** Undefined where the cache is not modelled. */
  readonly icache?: CacheCount;
  readonly dcache?: CacheCount;
  /** Bytes of native stack that the run needs, if it grows with the run. */
  readonly stackBytes?: number;
  /** Undefined unless asked for. */
  readonly contexts?: Contexts;
}

/** Branches whose target or direction a front end must guess. Direct jumps and calls are taken to be right always. */
const GUESSED = CONDITIONAL | INDIRECT | RETURN;

/** Whether a site's branches count in a class. */
function belongs(site: NumberedSite, kind: RowKind): boolean {
  if (kind === "dispatch") return site.dispatch;
  if (kind === "indirect") return (site.kind & INDIRECT) !== 0;
  if (kind === "conditional") return site.kind === CONDITIONAL;
  if (kind === "return") return site.kind === RETURN;
  return true;
}

/**
 * @param census              of the blocks that the lowering knows
 * @param virtualInstructions what the program executed, however a technique looks at its trace
 */
export function tally(census: Census, virtualInstructions: number | undefined, lowering: Lowering, replay: Replay): Tally {
  let nativeInstructions = 0;
  let takenBranches = census.entries;
  const branches = new Float64Array(lowering.sites.length);
  branches[lowering.entry.id] += census.entries;
  const add = (records: readonly BranchRecord[], times: number): void => {
    for (const { site, taken } of records) {
      branches[site.id] += times;
      takenBranches += taken * times;
    }
  };
  census.forEach((id, fell, transferred, ended) => {
    const block = lowering.block(id);
    const runs = fell + transferred + ended;
    nativeInstructions += runs * block.nativeInstructions + transferred * block.transferExtra;
    add(block.interior, runs);
    add(block.tails[0], fell);
    add(block.tails[1], transferred);
  });
  const misses = replay.missesBySite();
  const late = replay.bubblesBySite();
  const overridden = replay.overridesBySite();
  const { fetches, answersFirst } = replay.frontEnd;
  const covered = (kind: number): boolean => (replay.frontEnd.covers & kind) !== 0;
  const classes = new Map(
    ROW_KINDS.map((kind) => [kind, { branches: 0, mispredictions: 0, bubbles: 0, overrides: 0, predicted: 0, unpredicted: 0 }]),
  );
  const sites: SiteCount[] = [];
  let executedKinds = 0;
  let calls = 0;
  let returns = 0;
  for (const site of lowering.sites) {
    const executed = branches[site.id];
    if (executed === 0) continue;
    executedKinds |= site.kind;
    if (site.kind & CALLS) calls += executed;
    if (site.kind === RETURN) returns += executed;
    const mispredictions = misses[site.id];
    const bubbles = late[site.id];
    const overrides = overridden[site.id];
    sites.push({ site, branches: executed, mispredictions, bubbles, overrides });
    for (const [kind, sum] of classes) {
      if (!belongs(site, kind)) continue;
      sum.branches += executed;
      sum.mispredictions += mispredictions;
      sum.bubbles += bubbles;
      sum.overrides += overrides;
      if (covered(site.kind)) sum.predicted += executed;
      else if (site.kind & GUESSED) sum.unpredicted += executed;
    }
  }
  const byKind = Object.fromEntries(
    [...classes].map(([kind, { branches: executed, mispredictions, bubbles, overrides, predicted, unpredicted }]) => {
      const known = unpredicted === 0 || (kind === "all" && predicted > 0);
      return [
        kind,
        {
          branches: executed,
          mispredictions: known ? mispredictions : undefined,
          bubbles: fetches ? bubbles : undefined,
          overrides: answersFirst ? overrides : undefined,
        },
      ];
    }),
  ) as Record<RowKind, KindCount>;
  const missing = executedKinds & GUESSED & ~replay.frontEnd.covers;
  const notModelled = KINDS.filter(([flag]) => missing & flag).map(([, name]) => name);
  return { virtualInstructions, nativeInstructions, takenBranches, calls, returns, byKind, notModelled, sites };
}
