// The second half of the pipeline, for branches that were recorded elsewhere: no guest, no technique.
//
//   file → reader → distinct events → front end → counts → rows
import type { CostParameters } from "./cost.ts";
import { lowerEvents, programOf } from "./dispatch/recorded-lowering.ts";
import { RunError, UsageError } from "./errors.ts";
import type { FrontEnd } from "./front-end.ts";
import type { Recording } from "./recordings.ts";
import { createReplay } from "./replay.ts";
import { RECORDED, type RecordingNotes, type Row, rowsOf, type SiteRow, siteRowsOf } from "./rows.ts";
import { type Counts, count, createCensus } from "./statistics.ts";
import { createEvents } from "./trace/events.ts";

export interface RecordingOptions {
  readonly frontEnds: readonly FrontEnd[];
  /** Instructions that train the predictors before counting starts, to the next branch. */
  readonly warmup: number;
  /** Called now and then with the branches that were replayed so far. */
  readonly onProgress?: (branches: number) => void;
}

interface RecordingMeasurement {
  readonly totals: Awaited<ReturnType<Recording["read"]>>;
  readonly counts: readonly { readonly frontEnd: FrontEnd; readonly counts: Counts }[];
}

/** Reads a recording once and replays it through every front end. */
export async function measureRecording(
  recording: Recording,
  { frontEnds, warmup, onProgress }: RecordingOptions,
): Promise<RecordingMeasurement> {
  const blind = frontEnds.find(({ models }) => models.some(({ sees }) => sees === "virtual addresses"));
  if (blind !== undefined)
    throw new UsageError(`${recording.id}: predictor ${blind.name} needs virtual addresses, which recorded branches do not have`);
  const events = createEvents();
  const program = programOf(events);
  const lowering = lowerEvents(events);
  const census = createCensus(program);
  const replays = await Promise.all(frontEnds.map((frontEnd) => createReplay(program, lowering, frontEnd)));

  let ids = new Int32Array(0);
  let branches = 0;
  /** Instructions of the warm-up. */
  let ran = 0;
  let warm = warmup === 0;
  const totals = await recording.read((batch) => {
    const run = (from: number, to: number): void => {
      const length = events.identify(batch, from, to, ids);
      ids[length] = 0;
      census.run(ids, 0, length);
      for (const replay of replays) replay.run(ids, 0, length);
    };
    // a conditional form of another kind is two events, and one more follows the last
    if (ids.length <= 2 * batch.count) ids = new Int32Array(2 * batch.count + 1);
    let from = 0;
    if (!warm) {
      while (from < batch.count && ran < warmup) ran += batch.gaps[from++];
      run(0, from);
      if (ran >= warmup) {
        warm = true;
        for (const part of [census, ...replays]) part.reset();
      }
    }
    run(from, batch.count);
    branches += batch.count;
    onProgress?.(branches);
  });
  if (!warm || (warmup > 0 && ran >= totals.instructions)) {
    throw new UsageError(`${recording.id}: the warm-up of ${warmup} instructions is longer than the recording (${totals.instructions})`);
  }
  const nativeInstructions = totals.instructions - ran;
  return {
    totals,
    counts: replays.map((replay) => ({
      frontEnd: replay.frontEnd,
      counts: { ...count(census, undefined, lowering, replay, {}), nativeInstructions },
    })),
  };
}

/** Simulates one recording and makes rows of it. */
export async function simulateRecording(
  recording: Recording,
  options: RecordingOptions & { readonly cost: CostParameters },
): Promise<{ readonly rows: Row[]; readonly sites: SiteRow[]; readonly notes: RecordingNotes }> {
  const { totals, counts } = await measureRecording(recording, options).catch((error) => {
    if (error instanceof RunError) throw new RunError(`${recording.id}: ${error.message}`);
    throw error;
  });
  const rows: Row[] = [];
  const sites: SiteRow[] = [];
  for (const measurement of counts) {
    const subject = {
      program: recording.id,
      size: undefined,
      technique: RECORDED,
      frontEnd: measurement.frontEnd,
      training: [],
      bodies: "",
      programSha256: totals.sha256.slice(0, 16),
      format: totals.format,
    };
    rows.push(...rowsOf(subject, measurement.counts, undefined, options.cost));
    for (const site of siteRowsOf(subject, measurement.counts)) sites.push(site);
  }
  return { rows, sites, notes: { program: recording.id, notes: totals.notes } };
}
