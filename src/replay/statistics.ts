// Counts: how often each block ran and what followed it, and from that, exactly, every branch of every site.
import { CALLS, CONDITIONAL, INDIRECT, KINDS, RETURN } from "../branch.ts";
import type { BranchRecord, Lowering, NumberedSite } from "../dispatch/lowering.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import type { CacheCount } from "./cache-replay.ts";
import type { Contexts } from "./contexts.ts";
import type { Footprint } from "./footprint.ts";
import type { Replay } from "./replay.ts";

/** How often each block ran, by what followed. One is enough for all techniques and front ends of a run. */
export interface Census {
  /** Counts `ids[from] … ids[to - 1]`; `ids[to]` is what follows them. */
  run(ids: Int32Array, from: number, to: number): void;
  /** The dispatch of the first instruction. */
  enter(): void;
  /** A block that nothing follows: the last of a trace. */
  finish(block: number): void;
  /** Forgets everything: the end of a warm-up. */
  reset(): void;
  /** Virtual instructions counted so far. */
  virtualInstructions(): number;
  /** Calls back with every block that ran: executions that fell through, that transferred control, that ended the trace. */
  forEach(visit: (block: number, fellThrough: number, transferred: number, ended: number) => void): void;
  readonly entries: number;
}

/** Counts blocks by what follows. Tables are arguments: what a closure may exchange, V8 loads again for every block (100 ms in the place of 47 for 17 million). */
function count(ids: Int32Array, from: number, to: number, counts: Float64Array, firsts: Int32Array, ends: Int32Array): void {
  let block = ids[from];
  for (let i = from; i < to; i++) {
    const next = ids[i + 1];
    counts[(block << 1) | (firsts[next] !== ends[block] ? 1 : 0)]++;
    block = next;
  }
}

export function createCensus(program: VirtualProgram): Census {
  let counts = new Float64Array(512);
  let firsts = new Int32Array(256);
  let ends = new Int32Array(256);
  let known = 0;
  const finished: number[] = [];
  let entries = 0;
  function admit(): void {
    const { blockCount } = program;
    if (blockCount > firsts.length) {
      const length = Math.max(blockCount, firsts.length * 2);
      const larger = [new Int32Array(length), new Int32Array(length), new Float64Array(length * 2)] as const;
      larger[0].set(firsts);
      larger[1].set(ends);
      larger[2].set(counts);
      [firsts, ends, counts] = larger;
    }
    for (; known < blockCount; known++) {
      firsts[known] = program.blockStart(known);
      ends[known] = firsts[known] + program.blockLength(known);
    }
  }
  return {
    run(ids, from, to) {
      if (program.blockCount > known) admit();
      count(ids, from, to, counts, firsts, ends);
    },
    enter() {
      entries = 1;
    },
    finish(block) {
      if (program.blockCount > known) admit();
      finished.push(block);
    },
    reset() {
      counts.fill(0);
      entries = 0;
    },
    virtualInstructions() {
      let sum = 0;
      this.forEach((block, fell, transferred, ended) => {
        sum += (fell + transferred + ended) * program.blockLength(block);
      });
      return sum;
    },
    forEach(visit) {
      for (let block = 0; block < known; block++) {
        const fell = counts[block * 2];
        const transferred = counts[block * 2 + 1];
        const ended = finished.filter((id) => id === block).length;
        if (fell + transferred + ended > 0) visit(block, fell, transferred, ended);
      }
    },
    get entries() {
      return entries;
    },
  };
}

/** The classes of branches that rows are made for. */
export const ROW_KINDS = ["dispatch", "indirect", "conditional", "return", "all"] as const;
export type RowKind = (typeof ROW_KINDS)[number];

export interface SiteCount {
  readonly site: NumberedSite;
  readonly branches: number;
  readonly mispredictions: number;
  readonly bubbles: number;
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
  const { fetches } = replay.frontEnd;
  const covered = (kind: number): boolean => (replay.frontEnd.covers & kind) !== 0;
  const classes = new Map(ROW_KINDS.map((kind) => [kind, { branches: 0, mispredictions: 0, bubbles: 0, predicted: 0, unpredicted: 0 }]));
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
    sites.push({ site, branches: executed, mispredictions, bubbles });
    for (const [kind, sum] of classes) {
      if (!belongs(site, kind)) continue;
      sum.branches += executed;
      sum.mispredictions += mispredictions;
      sum.bubbles += bubbles;
      if (covered(site.kind)) sum.predicted += executed;
      else if (site.kind & GUESSED) sum.unpredicted += executed;
    }
  }
  const byKind = Object.fromEntries(
    [...classes].map(([kind, { branches: executed, mispredictions, bubbles, predicted, unpredicted }]) => {
      const known = unpredicted === 0 || (kind === "all" && predicted > 0);
      const counts = { branches: executed, mispredictions: known ? mispredictions : undefined, bubbles: fetches ? bubbles : undefined };
      return [kind, counts];
    }),
  ) as Record<RowKind, KindCount>;
  const missing = executedKinds & GUESSED & ~replay.frontEnd.covers;
  const notModelled = KINDS.filter(([flag]) => missing & flag).map(([, name]) => name);
  return { virtualInstructions, nativeInstructions, takenBranches, calls, returns, byKind, notModelled, sites };
}
