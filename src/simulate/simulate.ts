// `simulate` as a function: names in, rows out, called by the command and the library. The work is done by workers if that pays
// off, otherwise by this thread, one input after the other.
import { HAS_THREADS } from "#platform/threads";
import type { Technique } from "../dispatch/techniques.ts";
import { RunError } from "../errors.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import { isForeign } from "../jobs/parts.ts";
import { openSession, type Session } from "../jobs/session.ts";
import { allOf, type Settled, spreadProgram, spreadRecording } from "../jobs/spread.ts";
import { MOST_INSTRUCTIONS, simulateProgram, withBaseline } from "../lab/lab.ts";
import { simulateRecording } from "../lab/simulate-recording.ts";
import { failureLines } from "../results/failures.ts";
import { type InputResults, joinResults, noResults, type RecordingNotes, type Results } from "../results/rows.ts";
import { isRecording, readRequest, type SimulationInput, type Work } from "./checks.ts";
import { areWorthWorkers, isLengthKnown, likelyLength, unitsOf } from "./length.ts";
import type { Manner, SimulateRequest } from "./request.ts";

/**
 * Runs programs and replays them through every technique and front end asked for.
 * @throws UsageError for wrong names, parameters or files, before anything runs
 * @throws RunError when a program fails, or every user's predictor and there was no other
 */
export async function simulate(request: SimulateRequest = {}): Promise<Results> {
  const session = openSession(request);
  try {
    return await simulateIn(session, request);
  } finally {
    await session.close();
  }
}

type Result = InputResults & { readonly notes?: RecordingNotes };

/** The same with the workers of a session. */
export async function simulateIn(session: Session, request: SimulateRequest, manner: Manner = {}): Promise<Results> {
  const work = await readRequest(session, request);
  const { inputs, frontEnds } = work;
  const replayed = await replaysOfProgram(work, manner);

  /** For a single program of unknown length, a tape is made first to find its length. */
  function lengthOf(input: SimulationInput): number {
    if (inputs.length > 1 || isRecording(input) || isLengthKnown(input, work.size)) return likelyLength(input, work.size);
    return unitsOf(session.tapes.tapeOf(input, work.size, mostInstructionsOf(work)).executedBlocks);
  }
  function isWorthIt(): boolean {
    const replaysOf = (input: SimulationInput): number => (isRecording(input) ? frontEnds.length : replayed);
    if (inputs.reduce((sum, input) => sum + replaysOf(input), 0) < 2) return false;
    return areWorthWorkers(inputs.map((input) => ({ replays: replaysOf(input), length: lengthOf(input) })));
  }
  // functions do not reach other threads
  const spreads =
    HAS_THREADS &&
    request.definitions === undefined &&
    (frontEnds.some(isForeign) || manner.many !== undefined || (session.jobs > 1 && isWorthIt()));
  const results = noResults();
  const recordings: RecordingNotes[] = [];
  for (const result of await (spreads ? doneByWorkers : doneHere)(session, work, request, manner)) {
    joinResults(results, result);
    if (result.notes !== undefined) recordings.push(result.notes);
  }
  if (results.rows.length === 0) {
    const message = failureLines(results.failures).join("\n");
    const bug = results.failures.find((failure) => failure.bug !== undefined)?.bug;
    throw bug === undefined ? new RunError(message) : Object.assign(new Error(message), { stack: bug });
  }
  return { ...results, machines: work.machines, recordings };
}

const mostInstructionsOf = ({ replays }: Work): number => replays.programs.settings.maxInstructions ?? MOST_INSTRUCTIONS;

/** Whether to replay a technique through a front end. */
const pairsIn =
  ({ pairs }: Manner) =>
  (technique: Technique, frontEnd: FrontEnd): boolean =>
    pairs?.(technique.name, frontEnd.name) ?? true;

/** How many replays a program takes: one for each technique and front end. */
async function replaysOfProgram({ techniques, frontEnds }: Work, manner: Manner): Promise<number> {
  if (techniques.length === 0) return 0;
  const pairs = pairsIn(manner);
  const all = await withBaseline(techniques, manner.baseline);
  return all.reduce((sum, technique) => sum + frontEnds.filter((frontEnd) => pairs(technique, frontEnd)).length, 0);
}

/** The parts of a request that are the same for all programs, and for all recordings. */
function commonOf({ frontEnds, techniques, size, replays }: Work, { sites = true }: SimulateRequest, manner: Manner) {
  const common = { frontEnds, sites };
  const { baseline, brief, hashed = true } = manner;
  return {
    ofPrograms: { ...common, ...replays.programs, techniques, size, baseline, brief, pairs: pairsIn(manner) },
    ofRecordings: { ...common, ...replays.recordings, hashed },
  };
}

/** Workers replay all inputs concurrently, long ones in parts. */
async function doneByWorkers(session: Session, work: Work, request: SimulateRequest, manner: Manner): Promise<Result[]> {
  const { inputs } = work;
  const { ofPrograms, ofRecordings } = commonOf(work, request, manner);
  const pool = session.pool();
  const trainer = session.trainer(work.training, true);
  // parts differ in length: with four for each worker, the last ones to end leave few idle
  const parts = Math.ceil((4 * session.jobs) / (manner.many ?? inputs.length));
  let done = 0;
  request.onProgress?.(inputs[0].id, 0, inputs.length, 0);
  const settled = await allOf(
    inputs.map(async (input) => {
      let blocks = 0;
      const onDone = (executed: number): void => {
        blocks += executed;
        request.onProgress?.(input.id, done, inputs.length, blocks);
      };
      const settle: Settled<Result> = isRecording(input)
        ? await spreadRecording(pool, input, { ...ofRecordings, parts, onDone })
        : await spreadProgram(pool, input, {
            ...ofPrograms,
            parts,
            onDone,
            trainer,
            tapeFolder: session.tapeFolder,
            tape: session.tapes.find(input, work.size, mostInstructionsOf(work)),
          });
      done++;
      return settle;
    }),
  );
  return settled.map((settle) => settle());
}

/** This thread replays one input after the other. */
async function doneHere(session: Session, work: Work, request: SimulateRequest, manner: Manner): Promise<Result[]> {
  const { inputs } = work;
  const { ofPrograms, ofRecordings } = commonOf(work, request, manner);
  const start = manner.start ?? session.tapes.start;
  const trainer = session.trainer(work.training, false);
  const results: Result[] = [];
  for (const [index, input] of inputs.entries()) {
    const onProgress = (blocks: number): void => request.onProgress?.(input.id, index, inputs.length, blocks);
    onProgress(0);
    results.push(
      isRecording(input)
        ? await simulateRecording(input, { ...ofRecordings, onProgress })
        : await simulateProgram(input, { ...ofPrograms, trainer, start, onProgress }),
    );
  }
  return results;
}
