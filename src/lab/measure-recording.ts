// Reads recorded branches once and replays them through front ends: no guest, no technique.
//
//   file → reader → events (a branch that goes one way) → front end → counts
import { ALL_KINDS, INDIRECT, RETURN } from "../branch.ts";
import { UsageError } from "../errors.ts";
import { missingContext } from "../front-end/contexts.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import { type DispatchProposal, proposeDispatch } from "../recordings/dispatch-proposal.ts";
import { createEventRun } from "../recordings/event-run.ts";
import type { Recording } from "../recordings/find-recording.ts";
import { whyNoReturns } from "../recordings/partial.ts";
import { countSites } from "../recordings/site-counts.ts";
import type { SiteSelection } from "../recordings/site-selection.ts";
import { createEventReplay, type EventReplay } from "../replay/event-replay.ts";
import { gatherEvents } from "../replay/gathered-events.ts";
import { kindsWanted } from "../replay/instances.ts";
import type { Measurement } from "../replay/lane.ts";
import type { ReplayCounts } from "../replay/replay.ts";
import { createRunLoop, type RunLoop } from "../replay/run-loop.ts";
import { type IntervalSample, type ReplayTally, type SiteTable, tally } from "../replay/statistics.ts";
import { executedEvents, recordedSites } from "./recorded-sites.ts";

export interface RecordingOptions {
  readonly frontEnds: readonly FrontEnd[];
  /** Instructions that train the predictors before counting starts, to the next branch. */
  readonly warmup: number;
  readonly flushEvery?: number;
  /** Branches between one and its training; default: none. */
  readonly updateDelay?: number;
  /** Which indirect branches are an interpreter's dispatch; default: unknown. */
  readonly dispatch?: SiteSelection;
  /** Length of an interval in native instructions, to the next branch; default: no intervals. */
  readonly interval?: number;
  /** Native instructions, to the next branch, after which the rest of the file is not replayed; default: all are. */
  readonly maxInstructions?: number;
  /** Whether rows hold the SHA-256 of the file; default: yes. */
  readonly hashed?: boolean;
  /** Called now and then with the branches that were replayed so far. */
  readonly onProgress?: (branches: number) => void;
}

interface RecordingMeasurement {
  readonly totals: Awaited<ReturnType<Recording["read"]>>;
  readonly measurements: readonly Omit<Measurement, "technique">[];
  /** Whether the window ended before the recording, or with it. */
  readonly cut: boolean;
  /** Why returns are left out, if they are. */
  readonly noReturns: string | undefined;
  /** The branches that look like an interpreter's dispatch. */
  readonly proposal: DispatchProposal | undefined;
}

/** A replay as if its front end did not predict returns. */
function withoutReturns(replay: ReplayCounts, sites: SiteTable): ReplayCounts {
  const { frontEnd } = replay;
  return {
    ...replay,
    frontEnd: { ...frontEnd, covers: frontEnd.covers & ~RETURN },
    bySite: (what) => replay.bySite(what)?.map((sum, site) => (site < sites.count && sites.kindOf(site) === RETURN ? 0 : sum)),
  };
}

/** Reads a recording once and replays it through every front end. */
export async function measureRecording(
  recording: Recording,
  { frontEnds, warmup, flushEvery, updateDelay, interval, maxInstructions, hashed, dispatch, onProgress }: RecordingOptions,
): Promise<RecordingMeasurement> {
  for (const frontEnd of frontEnds) {
    const missing = missingContext(frontEnd, "recordings");
    if (missing !== undefined) throw new UsageError(`${recording.id}: ${missing}`);
  }
  const gaps = frontEnds.some(({ models }) => models.some(({ declares }) => declares.includes("gap")));
  // a flush and a delay count branches of every kind, and every branch has a gap
  const wanted =
    flushEvery === undefined && updateDelay === undefined && !gaps
      ? frontEnds.reduce((kinds, frontEnd) => kinds | kindsWanted(frontEnd), 0)
      : ALL_KINDS;
  const replays: EventReplay[] = [];
  /** By front end, with and without returns: which of the two is used is only known at the end of the recording. */
  const series = frontEnds.map(() => ({ all: [] as IntervalSample[], withoutReturns: [] as IntervalSample[] }));
  /** Instructions after the warm-up according to the header, known after the file has been read. */
  let counted: number | undefined;
  const loop = createRunLoop({
    warmup,
    interval,
    onWarm() {
      for (const part of [run, ...replays]) part.reset();
    },
    onInterval(instructions) {
      const sampleOf = ({ virtualInstructions, nativeInstructions, byKind }: ReplayTally): IntervalSample => ({
        virtualInstructions,
        nativeInstructions,
        byKind,
      });
      for (const which of ["all", "withoutReturns"] as const)
        for (const [i, counts] of tallies(which, counted ?? instructions).entries()) series[i][which].push(sampleOf(counts));
    },
  });
  /** Instructions of the window that have not been replayed yet. */
  let left = maxInstructions ?? Number.POSITIVE_INFINITY;
  const feedWindow: RunLoop["run"] = (from, to, lengthOf, feed) => {
    let end = from;
    while (end < to && left > 0) left -= lengthOf(end++);
    if (end > from) loop.run(from, end, lengthOf, feed);
  };
  const replayAll = (stream: Int32Array, count: number, gapsOf: Int32Array): void => {
    for (const replay of replays) replay.run(stream, count, gapsOf);
  };
  const feed = maxInstructions !== undefined ? feedWindow : loop.cuts ? loop.run : undefined;
  const none = new Int32Array(0);
  const gathered =
    frontEnds.length > 1 && feed === undefined && !gaps ? gatherEvents((stream, count) => replayAll(stream, count, none)) : undefined;
  const run = createEventRun({ wanted, gaps, onEvents: gathered?.take ?? replayAll, feed, onProgress });
  const { events, symbols } = run;
  for (const frontEnd of frontEnds) replays.push(await createEventReplay(events, frontEnd, wanted, flushEvery, updateDelay));
  const tallies = (which: "all" | "withoutReturns", instructions: number, executions = run.executions()): ReplayTally[] => {
    const executed = executedEvents(events, executions, instructions);
    const sites = recordedSites(events, symbols, dispatch);
    return replays.map((replay) => tally(executed, sites, which === "all" ? replay : withoutReturns(replay, sites)));
  };

  const totals = await recording.read(run.sink, hashed);
  gathered?.finish();
  const cut = maxInstructions !== undefined && left <= 0;
  // a header may count more instructions than its branches have
  const instructions = cut ? maxInstructions - left : totals.instructions;
  if (!loop.warm || (warmup > 0 && loop.warmedUp >= instructions)) {
    const what = cut ? `the window of ${maxInstructions}` : `the recording (${instructions})`;
    throw new UsageError(`${recording.id}: the warm-up of ${warmup} instructions is longer than ${what}`);
  }
  const nativeInstructions = instructions - loop.warmedUp;
  counted = nativeInstructions;
  // no interval is left if the last branch ended one and no instructions follow
  if (series[0]?.all.at(-1)?.nativeInstructions !== nativeInstructions) loop.finish();
  const executions = run.executions();
  const noReturns = whyNoReturns(events, executions, totals);
  const chosen = noReturns === undefined ? "all" : "withoutReturns";
  const counts = tallies(chosen, nativeInstructions, executions);
  return {
    totals,
    cut,
    noReturns,
    proposal: proposeDispatch(countSites(events, executions, INDIRECT), symbols),
    measurements: replays.map(({ frontEnd, failure, statistics }, i) => ({
      frontEnd: noReturns === undefined ? frontEnd : { ...frontEnd, covers: frontEnd.covers & ~RETURN },
      counts: counts[i],
      // before it is asked whether the predictor failed, which it may here
      statistics: statistics(),
      series: series[i][chosen],
      failure: failure(),
    })),
  };
}
