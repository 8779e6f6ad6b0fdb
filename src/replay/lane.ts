// One technique in a run: its view of the trace, its lowering, and all replays of its branches. The guest runs once for the
// lanes of all techniques.

import { createLowering, type Lowering } from "../dispatch/lowering.ts";
import type { LayoutContext } from "../dispatch/native-code.ts";
import type { Technique } from "../dispatch/techniques.ts";
import type { RunError } from "../errors.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import { type BlockMemory, createBlockMemory } from "./block-memory.ts";
import type { BlockWatcher } from "./block-watcher.ts";
import { replayFetches, replayTableLoads } from "./cache-replay.ts";
import { type Census, createCensus } from "./census.ts";
import { footprintOf } from "./code-footprint.ts";
import { createContextCensus } from "./contexts.ts";
import type { CacheGeometries } from "./hardware-cache.ts";
import type { ModelStatistics } from "./instances.ts";
import { createReplay } from "./replay.ts";
import { type Counts, executedBy, type IntervalSample, type ReplayTally, sitesOf, tally } from "./statistics.ts";

/** One technique under one front end. */
export interface Measurement {
  readonly technique: Technique;
  readonly frontEnd: FrontEnd;
  readonly counts: Counts;
  /** What its models say of themselves; undefined if none says anything. */
  readonly statistics: ModelStatistics | undefined;
  /** Counts at the end of each interval, the last one included; empty unless intervals were asked for. */
  readonly series: readonly IntervalSample[];
  /** The error of a user's predictor; the counts are then invalid. */
  readonly failure: RunError | undefined;
}

export interface Lane {
  /** The first block of the run is `ids[0]`. */
  enter(ids: Int32Array): void;
  /** Replays `ids[from] … ids[to - 1]`; `ids[to]` follows them. */
  run(ids: Int32Array, from: number, to: number): void;
  /** The last block of the run is `ids[at]`. */
  finish(ids: Int32Array, at: number): void;
  /** Resets all counts but keeps the models' state, at the end of a warm-up. */
  reset(): void;
  /** Ends an interval. */
  mark(): void;
  measurements(): Measurement[];
}

export interface LaneOptions {
  readonly frontEnds: readonly FrontEnd[];
  /** Native branches after which the predictors forget everything; default: never. */
  readonly flushEvery?: number;
  /** Native branches between one and its training; default: none. */
  readonly updateDelay?: number;
  /** Whether the run is known to be short: its replays then share loops, with each other and with those of other runs. */
  readonly brief?: boolean;
  /**
   * Takes the blocks of the run before the lane does, all of them: its replays then run one after the other when the run is over, and
   * no count is asked for earlier. Default: replays run as blocks come.
   */
  readonly memory?: BlockMemory;
  /** The context of layouts; default: the plain one. */
  readonly context?: LayoutContext;
  /** Default: none is modelled. */
  readonly caches?: CacheGeometries;
  /** Whether to count the targets of dispatch branches; default: no. */
  readonly contexts?: boolean;
  /** Called after every group of blocks of every replay. */
  readonly onStretch?: () => void;
  /** Makes a further watcher of the blocks; default: none. */
  readonly observer?: (lowering: Lowering) => BlockWatcher;
}

/** @param census of the program's own blocks, which the run counts */
export async function createLane(
  program: VirtualProgram,
  census: Census,
  technique: Technique,
  { frontEnds, flushEvery, updateDelay, brief, memory, context, caches, contexts, onStretch, observer }: LaneOptions,
): Promise<Lane> {
  const view = technique.view(program);
  const seen = view?.program ?? program;
  const lowering = createLowering(seen, technique.layout(seen, context));
  const replayed = { flushEvery, updateDelay, brief, alone: memory !== undefined, shared: memory && new Map(), onStretch };
  const replays = await Promise.all(frontEnds.map((frontEnd) => createReplay(seen, lowering, frontEnd, replayed)));
  const fetches = caches?.icache && replayFetches(seen, lowering, caches.icache);
  const loads = caches?.dcache && replayTableLoads(seen, lowering, caches.dcache);
  // blocks that a view has renamed are counted again under their new ids
  const ownCensus = view === undefined ? census : createCensus(seen);
  const leading = contexts ? createContextCensus(seen, lowering) : undefined;
  const others: BlockWatcher[] = [fetches, loads, leading].filter((watcher) => watcher !== undefined);
  if (ownCensus !== census) others.push(ownCensus);
  if (observer !== undefined) others.push(observer(lowering));
  const watchers: readonly BlockWatcher[] = [...replays, ...others];
  /** Those that see blocks as they come. */
  const present = memory === undefined ? watchers : others;
  /** The blocks as the view has translated them. */
  const translatedMemory = memory === undefined || view === undefined ? undefined : createBlockMemory();
  let firstBlock = 0;
  /** Blocks are laid out when they first execute: later, instructions may have been rewritten. */
  function admit(): void {
    if (memory !== undefined) for (const replay of replays) replay.admit();
  }
  /** Finishes a watcher, with what the view makes of the end. */
  function finish(watcher: BlockWatcher, last: number, epilogue: Int32Array | undefined): void {
    watcher.finish(last);
    if (epilogue === undefined) return;
    watcher.run(epilogue, 0, epilogue.length - 1);
    watcher.finish(epilogue[epilogue.length - 1]);
  }
  const series = replays.map((): IntervalSample[] => []);
  const tallies = (): ReplayTally[] => {
    const executed = executedBy(ownCensus, census.virtualInstructions(), lowering);
    const sites = sitesOf(lowering);
    return replays.map((replay) => tally(executed, sites, replay));
  };

  return {
    enter(ids) {
      [firstBlock] = view?.translate(ids, 0, 0) ?? ids;
      admit();
      for (const watcher of present) watcher.enter(firstBlock);
    },
    run(ids, from, to) {
      const translated = view?.translate(ids, from, to);
      admit();
      for (const watcher of present) {
        if (translated === undefined) watcher.run(ids, from, to);
        else watcher.run(translated, 0, to - from);
      }
      if (translated !== undefined) translatedMemory?.add(translated, 0, to - from);
    },
    finish(ids, at) {
      const last = view?.translate(ids, at, at)[0] ?? ids[at];
      const epilogue = view?.epilogue?.();
      admit();
      translatedMemory?.add(Int32Array.of(last), 0, 1);
      const whole = translatedMemory ?? memory;
      for (const replay of replays) {
        if (whole !== undefined) {
          replay.enter(firstBlock);
          replay.run(whole.ids, 0, whole.length - 1);
        }
        finish(replay, last, epilogue);
        replay.end();
      }
      translatedMemory?.release();
      for (const watcher of others) finish(watcher, last, epilogue);
    },
    reset() {
      view?.reset?.();
      for (const watcher of watchers) watcher.reset();
    },
    mark() {
      tallies().forEach(({ virtualInstructions, nativeInstructions, byKind }, i) => {
        series[i].push({ virtualInstructions, nativeInstructions, byKind });
      });
    },
    measurements() {
      const techniqueCounts = {
        footprint: footprintOf(ownCensus, lowering),
        icache: fetches?.counts(),
        dcache: loads?.counts(),
        stackBytes: view?.stackBytes?.(),
        contexts: leading?.contexts(),
      };
      const counted = tallies();
      return replays.map((replay, i) => ({
        technique,
        frontEnd: replay.frontEnd,
        counts: { ...counted[i], ...techniqueCounts },
        // before it is asked whether the predictor failed, which it may here
        statistics: replay.statistics(),
        series: series[i],
        failure: replay.failure(),
      }));
    },
  };
}
