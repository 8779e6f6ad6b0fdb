// Replays executed virtual blocks, lowered by one technique, through one front end: the generated loop (replay-loop.ts) runs
// over the tables in which their branches are laid out (block-tables.ts), some of them merged (merged-branches.ts).
//
// Only what a model covers or tracks enters the loop; everything else is counted from how often each block ran.
import { NONE } from "../branch.ts";
import type { LoweredBranch, Lowering } from "../dispatch/lowering.ts";
import { NEXT, type Site } from "../dispatch/native-code.ts";
import { type RunError, UsageError } from "../errors.ts";
import { missingContext } from "../front-end/contexts.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { Inspection } from "../models/inspection.ts";
import type { Predictor } from "../models/predictor.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import { type BlockTables, createBlockTables, ENTRY_ROW } from "./block-tables.ts";
import type { BlockWatcher } from "./block-watcher.ts";
import { type CountColumn, createBranchCounts } from "./branch-counts.ts";
import { createInstances, type ModelStatistics } from "./instances.ts";
import { keptFrontEnd, type Turn } from "./kept-loops.ts";
import { mergingOf } from "./merged-branches.ts";
import { type BlockLoop, compileBlockLoop, type Observer, PER_CALL, sharedBlockLoop } from "./replay-loop.ts";

/** The counts of a replay. */
export interface ReplayCounts {
  readonly frontEnd: FrontEnd;
  /** Mispredictions, front-end bubbles or overrides of each site, by its id; undefined if the front end does not model them. */
  bySite(what: CountColumn): Float64Array | undefined;
  /** The error of a user's predictor; the replay has then stopped, and its counts are invalid. */
  failure(): RunError | undefined;
  /** What models say of themselves, now that the run is over. */
  statistics(): ModelStatistics | undefined;
}

export interface Replay extends BlockWatcher, ReplayCounts {
  /** Lays out the blocks that are new since the last call. */
  admit(): void;
  /** Nothing more will run: its counts are its own, and another replay of the same front end may run. */
  end(): void;
  /** The branch of a row, for observers. */
  record(row: number): LoweredBranch;
  /** The front end's current prediction for a branch: an address, NONE, or 1 or 0 for a conditional. Undefined if no model predicts it. */
  answer(site: Pick<Site, "address" | "kind">): number | undefined;
  /** What the model that predicts a branch shows of its state for it. Undefined if none predicts it, or it cannot be inspected. */
  inspect(site: Pick<Site, "address" | "kind">): Inspection | undefined;
}

export interface ReplayOptions {
  /** Native branches of any kind after which the models forget everything, to the end of a block; default: never. */
  readonly flushEvery?: number;
  /** Native branches of any kind between one and its training; default: none. */
  readonly updateDelay?: number;
  readonly observer?: Observer;
  /** Whether the run is known to be short: then its loop is one that all such replays of the same models share. */
  readonly brief?: boolean;
  /**
   * Whether no other replay of the same front end runs between its `enter` and its `end`: a short one then runs in a loop that stays
   * for the next one.
   */
  readonly alone?: boolean;
  /** Tables of other replays of the same lowering that are alone, for those that need the same. */
  readonly shared?: Map<string, BlockTables>;
  /** Called after every group of blocks, to show that the replay is alive. */
  readonly onStretch?: () => void;
}

/** @throws UsageError where a model asks for what branches of programs do not have */
export async function createReplay(
  program: VirtualProgram,
  lowering: Lowering,
  frontEnd: FrontEnd,
  { flushEvery, updateDelay, brief = false, alone = false, shared, observer, onStretch }: ReplayOptions = {},
): Promise<Replay> {
  const missing = missingContext(frontEnd, "programs");
  if (missing !== undefined) throw new UsageError(missing);
  const plain = flushEvery === undefined && (updateDelay ?? 0) === 0 && observer === undefined;
  const kept = brief && alone && plain ? await keptFrontEnd(frontEnd) : undefined;
  const instances = kept?.instances ?? (await createInstances(frontEnd, brief, updateDelay));
  const { models, asked, wanted, tick } = instances;
  const records: LoweredBranch[] = [];
  const onRow = observer === undefined ? undefined : (record: LoweredBranch) => void records.push(record);
  const contextual = frontEnd.models.some(({ declares }) => declares.length > 0);
  // observers see each branch
  const merging = observer === undefined ? mergingOf(frontEnd, models) : undefined;
  const tables = tablesFor();
  function tablesFor(): BlockTables {
    const make = (): BlockTables => createBlockTables(program, lowering, { wanted, contextual, merging, beforeAnew, onRow });
    // where a model lets its branches be merged, tables depend on it
    if (shared === undefined || observer !== undefined || (merging !== undefined && merging.owned !== 0)) return make();
    const key = JSON.stringify([wanted, contextual, merging?.pairs]);
    const known = shared.get(key) ?? make();
    shared.set(key, known);
    return known;
  }
  const { blocks, variants } = tables;
  const counts = createBranchCounts(frontEnd, 0, () => tables.rowSites);
  let loop: BlockLoop | undefined;
  let turn: Turn | undefined;
  function beforeAnew(): void {
    turn?.settle();
    counts.drain();
  }

  function admit(): void {
    const anew = tables.admit();
    // a kept loop has columns of its own
    if (kept === undefined && (counts.reserve(tables.rowSites.siteOf.length) || anew)) loop = undefined;
  }
  function loopNow(): BlockLoop {
    const subject = {
      frontEnd,
      models,
      renewed: flushEvery !== undefined,
      others: false,
      merged: tables.merged,
      counts: counts.columns,
      observer,
      tick,
    };
    if (brief) return sharedBlockLoop({ ...subject, kinds: wanted }, tables);
    return compileBlockLoop({ ...subject, kinds: tables.kinds & wanted }, tables, tables.sided, tables.patched);
  }
  function replay(ids: Int32Array, from: number, to: number): void {
    if (kept !== undefined) {
      turn ??= kept.begin(tables, counts);
      turn.run(ids, from, to, onStretch);
      return;
    }
    loop ??= loopNow();
    const replayed = loop;
    instances.attempt(() => {
      for (let start = from; start < to; start += PER_CALL) {
        replayed(ids, start, Math.min(start + PER_CALL, to), ids[start]);
        onStretch?.();
      }
    });
  }
  /** Native branches until the next flush. */
  let unflushed = flushEvery ?? Number.POSITIVE_INFINITY;
  /** Replays with fresh models after every `every` branches. */
  function replayAndFlush(ids: Int32Array, from: number, to: number, every: number): void {
    let start = from;
    for (let i = from; i < to; i++) {
      const block = ids[i];
      unflushed -= tables.executed[(block << 1) | (blocks.firsts[ids[i + 1]] !== blocks.ends[block] ? 1 : 0)];
      if (unflushed > 0) continue;
      while (unflushed <= 0) unflushed += every;
      replay(ids, start, i + 1);
      instances.renew();
      start = i + 1;
    }
    replay(ids, start, to);
  }
  /** Replays the rows from `start` to `stop` once, the one at `patch` going to `next`. */
  function replayOnce(start: number, stop: number, patch: number, next: number): void {
    const block = tables.known;
    blocks.ends[block] = blocks.firsts[next];
    variants.starts[block * 2] = start;
    variants.stops[block * 2] = stop;
    variants.patches[block * 2] = patch;
    replay(Int32Array.of(block, next), 0, 1);
    variants.runs[block * 2] = 0;
  }

  /** The model that predicts a kind; not one that is told more than an address, which is asked by the loop alone. */
  function ownerOf(kind: number): Predictor | undefined {
    const owner = asked & kind ? frontEnd.ownerOf.get(kind) : undefined;
    return owner === undefined || frontEnd.models[owner].declares.length > 0 ? undefined : models[owner];
  }

  return {
    frontEnd,
    admit,
    end: () => turn?.end(),
    run(ids, from, to) {
      admit();
      counts.expect(to - from);
      if (flushEvery === undefined) replay(ids, from, to);
      else replayAndFlush(ids, from, to, flushEvery);
    },
    enter(block) {
      admit();
      unflushed--;
      const { entry } = lowering;
      if (entry.kind & wanted) replayOnce(ENTRY_ROW, ENTRY_ROW + 1, entry.target === NEXT ? ENTRY_ROW : 0, block);
    },
    finish(block) {
      admit();
      const { start, stop } = tables.interiorRows(block);
      admit();
      replayOnce(start, stop, 0, block);
    },
    reset: counts.reset,
    bySite: counts.bySite,
    failure: instances.failure,
    statistics: instances.statistics,
    record: (row) => records[row],
    answer: ({ address, kind }) => ownerOf(kind)?.predict(address, NONE),
    inspect: ({ address, kind }) => ownerOf(kind)?.inspect?.(address, NONE),
  };
}
