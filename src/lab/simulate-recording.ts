// The second half of the pipeline, for branches that were recorded elsewhere: no guest, no technique.
//
//   file → reader → blocks of distinct branches → front end → counts → rows
import { INDIRECT } from "../branch.ts";
import { RunError, UsageError } from "../errors.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { CostParameters, Settings } from "../options/request.ts";
import { type DispatchProposal, proposeDispatch } from "../recordings/dispatch-proposal.ts";
import type { Recording } from "../recordings/find-recording.ts";
import { createRecordedRun } from "../recordings/recorded-run.ts";
import { countSites, type Executions } from "../recordings/site-counts.ts";
import { BUSIEST, readSiteSelection, type SiteSelection } from "../recordings/site-selection.ts";
import { summariseRecording } from "../recordings/summary.ts";
import { createCensus } from "../replay/census.ts";
import { createIntervals } from "../replay/intervals.ts";
import type { Measurement } from "../replay/lane.ts";
import { createReplay, type Replay } from "../replay/replay.ts";
import { type Sample, type Tally, tally } from "../replay/statistics.ts";
import { addResults, type InputResults, noResults, RECORDED, type RecordingNotes } from "../results/rows.ts";
import { lowerRecorded, programOf } from "./recorded-lowering.ts";

export interface RecordingOptions {
  readonly frontEnds: readonly FrontEnd[];
  /** Instructions that train the predictors before counting starts, to the next branch. */
  readonly warmup: number;
  readonly flushEvery?: number;
  /** Which indirect branches are an interpreter's dispatch; default: nobody knows. */
  readonly dispatch?: SiteSelection;
  /** Native instructions, to the next branch, after which counts are noted; default: only at the end. */
  readonly interval?: number;
  /** Whether rows are to hold the SHA-256 of the file; default: yes. */
  readonly hashed?: boolean;
  /** Called now and then with the branches that were replayed so far. */
  readonly onProgress?: (branches: number) => void;
}

interface RecordingMeasurement {
  readonly totals: Awaited<ReturnType<Recording["read"]>>;
  readonly measurements: readonly Omit<Measurement, "technique">[];
  /** What looks like dispatch. */
  readonly proposal: DispatchProposal | undefined;
}

/** Reads a recording once and replays it through every front end. */
export async function measureRecording(
  recording: Recording,
  { frontEnds, warmup, flushEvery, interval, hashed, dispatch, onProgress }: RecordingOptions,
): Promise<RecordingMeasurement> {
  const blind = frontEnds.find(({ models }) => models.some(({ sees }) => sees === "virtual addresses"));
  if (blind !== undefined)
    throw new UsageError(`${recording.id}: predictor ${blind.name} needs virtual addresses, which recorded branches do not have`);
  // what counts to a branch needs each to be a block
  const singly = warmup > 0 || flushEvery !== undefined || interval !== undefined;
  const run = createRecordedRun({ singly }, (ids, count, executed) => {
    const feed = (from: number, to: number): void => {
      // what follows a branch makes no difference: block 0 stands for it
      const following = ids[to];
      ids[to] = 0;
      census.run(ids, from, to);
      for (const replay of replays) replay.run(ids, from, to);
      ids[to] = following;
    };
    let from = 0;
    if (!warm) {
      while (from < count && ran < warmup) ran += run.blocks.instructionsOf(ids[from++]);
      feed(0, from);
      if (ran >= warmup) {
        warm = true;
        for (const part of [census, ...replays]) part.reset();
      }
    }
    intervals.run(from, count, (at) => run.blocks.instructionsOf(ids[at]), feed);
    branches += executed;
    onProgress?.(branches);
  });
  const program = programOf(run.blocks);
  const { symbols } = run.blocks;
  const lowering = lowerRecorded(
    run.blocks,
    dispatch === undefined ? undefined : (address, kind) => dispatch.matches(address, kind, symbols),
  );
  const census = createCensus(program);
  const replays = await Promise.all(frontEnds.map((frontEnd) => createReplay(program, lowering, frontEnd, { flushEvery })));

  let branches = 0;
  /** Instructions of the warm-up. */
  let ran = 0;
  let warm = warmup === 0;
  const series = replays.map((): Sample[] => []);
  const tallyOf = (replay: Replay, nativeInstructions: number): Tally => ({
    ...tally(census, undefined, lowering, replay),
    nativeInstructions,
  });
  const note = (instructions: number): void =>
    replays.forEach((replay, i) => {
      const { virtualInstructions, nativeInstructions, byKind } = tallyOf(replay, instructions);
      series[i].push({ virtualInstructions, nativeInstructions, byKind });
    });
  /** What the header says of the instructions behind the warm-up, once it has been read to its end. */
  let counted: number | undefined;
  const intervals = createIntervals(interval, (instructions) => note(counted ?? instructions));
  const totals = await recording.read(run.sink, hashed);
  run.finish();
  if (!warm || (warmup > 0 && ran >= totals.instructions)) {
    throw new UsageError(`${recording.id}: the warm-up of ${warmup} instructions is longer than the recording (${totals.instructions})`);
  }
  const nativeInstructions = totals.instructions - ran;
  counted = nativeInstructions;
  // nothing is left where the last branch ended an interval, and nothing stands behind it
  if (series[0]?.at(-1)?.nativeInstructions !== nativeInstructions) intervals.finish();
  const executions: Executions = (visit) =>
    census.forEach((block, fell, transferred, ended) => {
      visit(block, fell + transferred + ended);
    });
  return {
    totals,
    proposal: proposeDispatch(countSites(run.blocks, executions, INDIRECT), symbols),
    measurements: replays.map((replay, i) => ({
      frontEnd: replay.frontEnd,
      counts: tallyOf(replay, nativeInstructions),
      series: series[i],
      failure: replay.failure(),
    })),
  };
}

/** Reads a recording for what looks like dispatch in it. @throws UsageError when nothing does */
async function busiestIn(recording: Recording, onProgress: RecordingOptions["onProgress"]): Promise<SiteSelection> {
  const { proposal } = await summariseRecording(recording, { hashed: false, onProgress });
  if (proposal === undefined) throw new UsageError(`${recording.id}: no indirect branch goes to many places, so none looks like dispatch`);
  return readSiteSelection("dispatch", proposal.text);
}

/** What a user should know of dispatches. */
function noteOf(proposal: DispatchProposal | undefined, dispatch: SiteSelection | undefined): string[] {
  if (dispatch !== undefined) return [`Its dispatches are the indirect branches in ${dispatch.text}.`];
  if (proposal === undefined) return [];
  const { text, sites, share } = proposal;
  return [
    `--dispatch=${text} would count ${sites === 1 ? "its busiest indirect branch" : `its ${sites} busiest indirect branches`}, ` +
      `${(100 * share).toFixed(0)} % of all, as an interpreter's dispatch.`,
  ];
}

/** Simulates one recording and makes rows of it. */
export async function simulateRecording(
  recording: Recording,
  {
    settings,
    costs,
    sites = true,
    ...options
  }: Omit<RecordingOptions, "warmup" | "flushEvery" | "interval" | "dispatch"> & {
    readonly settings: Settings;
    readonly costs: readonly Partial<CostParameters>[];
    readonly sites?: boolean;
  },
): Promise<InputResults & { readonly notes: RecordingNotes }> {
  const { warmup, interval, flush: flushEvery, dispatch: named } = settings;
  const dispatch =
    named === BUSIEST
      ? await busiestIn(recording, options.onProgress)
      : named === undefined
        ? undefined
        : readSiteSelection("dispatch", named);
  const { totals, measurements, proposal } = await measureRecording(recording, {
    ...options,
    warmup,
    interval,
    flushEvery,
    dispatch,
  }).catch((error) => {
    if (error instanceof RunError) throw new RunError(`${recording.id}: ${error.message}`);
    throw error;
  });
  if (dispatch !== undefined && measurements.every(({ counts }) => counts.byKind.dispatch.branches === 0)) {
    const other = proposal === undefined ? "" : `; the busiest are in ${proposal.text}`;
    throw new UsageError(`${recording.id}: no indirect branch in ${dispatch.text} executed${other}`);
  }
  const results = noResults();
  for (const measurement of measurements) {
    const subject = {
      program: recording.id,
      size: undefined,
      technique: RECORDED,
      frontEnd: measurement.frontEnd,
      training: [],
      bodies: "",
      programSha256: totals.sha256.slice(0, 16),
      format: totals.format,
      dispatchNamed: dispatch !== undefined,
      settings,
    };
    addResults(results, subject, measurement, costs, sites);
  }
  return { ...results, notes: { program: recording.id, notes: [...totals.notes, ...noteOf(proposal, dispatch)] } };
}
