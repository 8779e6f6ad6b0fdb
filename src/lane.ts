// One technique's way through a run: its look at the trace, its lowering, and everything that replays what comes of it. The
// guest runs once; every technique has a lane beside it.
import type { CacheGeometries } from "./cache.ts";
import { replayFetches, replayTableLoads } from "./cache-replay.ts";
import { createLowering } from "./dispatch/lowering.ts";
import type { LayoutContext } from "./dispatch/native-code.ts";
import type { Technique } from "./dispatch/techniques.ts";
import { footprintOf } from "./footprint.ts";
import type { FrontEnd } from "./front-end.ts";
import { createReplay, type Replay } from "./replay.ts";
import { type Census, type Counts, count, createCensus } from "./statistics.ts";
import type { VirtualProgram } from "./trace/virtual.ts";

/** One technique under one front end. */
export interface Measurement {
  readonly technique: Technique;
  readonly frontEnd: FrontEnd;
  readonly counts: Counts;
}

export interface Lane {
  /** The first block of the run is `ids[0]`. */
  enter(ids: Int32Array): void;
  /** Replays `ids[from] … ids[to - 1]`; `ids[to]` is what follows them. */
  run(ids: Int32Array, from: number, to: number): void;
  /** The last block of the run is `ids[at]`. */
  finish(ids: Int32Array, at: number): void;
  /** Forgets all counts, keeping what has been learned: the end of a warm-up. */
  reset(): void;
  measurements(): Measurement[];
}

export interface LaneOptions {
  readonly frontEnds: readonly FrontEnd[];
  /** What layouts may depend on besides the program; default: plain ones. */
  readonly context?: LayoutContext;
  /** Default: none is modelled. */
  readonly caches?: CacheGeometries;
}

/** What replays blocks, whatever it counts. */
type Part = Pick<Replay, "run" | "finish" | "reset"> & { enter(block: number): void };

/** @param census of the program's own blocks, which the run counts */
export async function createLane(
  program: VirtualProgram,
  census: Census,
  technique: Technique,
  { frontEnds, context, caches }: LaneOptions,
): Promise<Lane> {
  const view = technique.view(program);
  const seen = view?.program ?? program;
  const lowering = createLowering(seen, technique.layout(seen, context));
  const replays = await Promise.all(frontEnds.map((frontEnd) => createReplay(seen, lowering, frontEnd)));
  const fetches = caches?.icache && replayFetches(seen, lowering, caches.icache);
  const loads = caches?.dcache && replayTableLoads(seen, lowering, caches.dcache);
  // blocks that a view has renamed are counted again under their new names
  const ownCensus = view === undefined ? census : createCensus(seen);
  const parts: Part[] = [...replays, ...[fetches, loads].filter((part) => part !== undefined)];
  if (ownCensus !== census) parts.push(ownCensus);

  return {
    enter(ids) {
      const [first] = view?.translate(ids, 0, 0) ?? ids;
      for (const part of parts) part.enter(first);
    },
    run(ids, from, to) {
      const translated = view?.translate(ids, from, to);
      for (const part of parts) {
        if (translated === undefined) part.run(ids, from, to);
        else part.run(translated, 0, to - from);
      }
    },
    finish(ids, at) {
      const last = view?.translate(ids, at, at)[0] ?? ids[at];
      const epilogue = view?.epilogue?.();
      for (const part of parts) {
        part.finish(last);
        if (epilogue === undefined) continue;
        part.run(epilogue, 0, epilogue.length - 1);
        part.finish(epilogue[epilogue.length - 1]);
      }
    },
    reset() {
      view?.reset?.();
      for (const part of parts) part.reset();
    },
    measurements() {
      const techniqueCounts = {
        footprint: footprintOf(ownCensus, lowering),
        icache: fetches?.counts(),
        dcache: loads?.counts(),
        stackBytes: view?.stackBytes?.(),
      };
      const virtualInstructions = census.virtualInstructions();
      return replays.map((replay) => {
        const counts = count(ownCensus, virtualInstructions, lowering, replay, techniqueCounts);
        return { technique, frontEnd: replay.frontEnd, counts };
      });
    },
  };
}
