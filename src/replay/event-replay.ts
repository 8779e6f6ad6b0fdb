// Replays recorded branches, which come as a stream of the numbers of events, through one front end.
import type { FrontEnd } from "../front-end/front-end.ts";
import type { RecordedEvents } from "../recordings/events.ts";
import { createBranchCounts } from "./branch-counts.ts";
import { createInstances } from "./instances.ts";
import type { ReplayCounts } from "./replay.ts";
import { compileRowLoop, PER_CALL, type RowLoop } from "./replay-loop.ts";

export interface EventReplay extends ReplayCounts {
  /** Replays the events `stream[0] … stream[count - 1]`. @param gaps the gap of each event, where a model asks for gaps */
  run(stream: Int32Array, count: number, gaps: Int32Array): void;
  /** Resets all counts but keeps the models' state, at the end of a warm-up. */
  reset(): void;
}

/**
 * @param occurring  kinds of branches that are in the stream
 * @param flushEvery  branches after which the models forget everything; undefined: never
 * @param updateDelay branches between one and its training; undefined: none
 */
export async function createEventReplay(
  events: RecordedEvents,
  frontEnd: FrontEnd,
  occurring: number,
  flushEvery?: number,
  updateDelay?: number,
): Promise<EventReplay> {
  const instances = await createInstances(frontEnd, false, updateDelay);
  const kinds = occurring & instances.wanted;
  const rowSites = () => ({ siteOf: events.columns.sites, rows: events.count, sites: events.sites.count });
  const counts = createBranchCounts(frontEnd, events.columns.sites.length, rowSites);
  let loop: RowLoop | undefined;
  let compiledFor: unknown;
  let compiledForSites: unknown;
  let compiledPaired = false;

  /** The loop over the current columns, which are replaced by longer ones as events are added. */
  function loopNow(): RowLoop {
    const { columns } = events;
    const { pcs: recordedPcs, pcHighs: recordedHighs } = events.sites.columns;
    if (loop !== undefined && compiledFor === columns.pcs && compiledForSites === recordedPcs && compiledPaired === events.paired)
      return loop;
    compiledFor = columns.pcs;
    compiledForSites = recordedPcs;
    compiledPaired = events.paired;
    counts.reserve(columns.pcs.length);
    const { pcs, targets, takens, statics } = columns;
    const branches = { pcs, targets, kinds: columns.kinds, afters: pcs, takens, statics };
    const { models, tick } = instances;
    const replayed = { kinds, others: kinds !== occurring, counts: counts.columns, tick };
    const subject = { frontEnd, models, renewed: flushEvery !== undefined, ...replayed };
    const contexts = { sites: columns.sites, recordedPcs, recordedHighs };
    loop = compileRowLoop(subject, branches, contexts, events.paired ? columns.seconds : undefined);
    return loop;
  }
  function replay(stream: Int32Array, gaps: Int32Array, from: number, to: number): void {
    const now = loopNow();
    instances.attempt(() => {
      for (let start = from; start < to; start += PER_CALL) now(stream, start, Math.min(start + PER_CALL, to), gaps);
    });
  }
  let unflushed = flushEvery ?? Number.POSITIVE_INFINITY;
  /** Replays with fresh models after every `every` branches. */
  function replayAndFlush(stream: Int32Array, gaps: Int32Array, count: number, every: number): void {
    const { seconds } = events.columns;
    let start = 0;
    for (let i = 0; i < count; i++) {
      // two events of the same branch stay together
      if (seconds[stream[i]] !== 0) {
        unflushed--;
        i++;
      }
      if (--unflushed > 0) continue;
      while (unflushed <= 0) unflushed += every;
      replay(stream, gaps, start, i + 1);
      instances.renew();
      start = i + 1;
    }
    replay(stream, gaps, start, count);
  }
  return {
    frontEnd,
    run(stream, count, gaps) {
      counts.expect(count);
      if (flushEvery === undefined) replay(stream, gaps, 0, count);
      else replayAndFlush(stream, gaps, count, flushEvery);
    },
    reset: counts.reset,
    bySite: counts.bySite,
    failure: instances.failure,
    statistics: instances.statistics,
  };
}
