// The second half of the pipeline, for branches that were recorded elsewhere: counts (measure-recording.ts) → rows.
import { RunError, UsageError } from "../errors.ts";
import type { CostParameters, Settings } from "../options/request.ts";
import type { DispatchProposal } from "../recordings/dispatch-proposal.ts";
import type { Recording } from "../recordings/find-recording.ts";
import { BUSIEST, readSiteSelection, type SiteSelection } from "../recordings/site-selection.ts";
import { summariseRecording } from "../recordings/summary.ts";
import { addResults } from "../results/make-rows.ts";
import { type InputResults, noResults, RECORDED, type RecordingNotes } from "../results/rows.ts";
import { measureRecording, type RecordingOptions } from "./measure-recording.ts";

/** Reads a recording to find branches that look like dispatch. @throws UsageError when there are none */
async function busiestIn(recording: Recording, onProgress: RecordingOptions["onProgress"]): Promise<SiteSelection> {
  const { proposal } = await summariseRecording(recording, { hashed: false, onProgress });
  if (proposal === undefined) throw new UsageError(`${recording.id}: no indirect branch goes to many places, so none looks like dispatch`);
  return readSiteSelection("dispatch", proposal.text);
}

/** Notes for users about dispatches. */
function noteOf(proposal: DispatchProposal | undefined, dispatch: SiteSelection | undefined): string[] {
  if (dispatch !== undefined) return [`Its dispatches are the indirect branches in ${dispatch.text}.`];
  if (proposal === undefined) return [];
  const { text, sites, share } = proposal;
  return [
    `--dispatch=${text} would count ${sites === 1 ? "its busiest indirect branch" : `its ${sites} busiest indirect branches`}, ` +
      `${(100 * share).toFixed(0)} % of all, as an interpreter's dispatch.`,
  ];
}

/** The branches that users name as an interpreter's dispatch; undefined if they name none. */
async function dispatchNamed(
  recording: Recording,
  named: string | undefined,
  onProgress: RecordingOptions["onProgress"],
): Promise<SiteSelection | undefined> {
  if (named === BUSIEST) return busiestIn(recording, onProgress);
  return named === undefined ? undefined : readSiteSelection("dispatch", named);
}

/** Simulates one recording and makes rows of it. */
export async function simulateRecording(
  recording: Recording,
  {
    settings,
    costs,
    sites = true,
    ...options
  }: Omit<RecordingOptions, "warmup" | "flushEvery" | "updateDelay" | "interval" | "maxInstructions" | "dispatch"> & {
    readonly settings: Settings;
    readonly costs: readonly Partial<CostParameters>[];
    readonly sites?: boolean;
  },
): Promise<InputResults & { readonly notes: RecordingNotes }> {
  const { warmup, interval, maxInstructions, flush: flushEvery, updateDelay, dispatch: named } = settings;
  const dispatch = await dispatchNamed(recording, named, options.onProgress);
  const { totals, cut, measurements, noReturns, proposal } = await measureRecording(recording, {
    ...options,
    warmup,
    interval,
    maxInstructions,
    flushEvery,
    updateDelay,
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
      window: cut ? maxInstructions : undefined,
      settings,
    };
    addResults(results, subject, measurement, costs, sites);
  }
  return {
    ...results,
    notes: {
      program: recording.id,
      notes: [
        ...(cut ? [`Only its first ${settings.maxInstructions} instructions were replayed.`] : []),
        ...totals.notes,
        ...(noReturns === undefined ? [] : [noReturns]),
        ...noteOf(proposal, dispatch),
      ],
    },
  };
}
