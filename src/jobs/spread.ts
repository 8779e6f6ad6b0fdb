// One input spread over workers: as a whole where there are many inputs, else its tape first, and then techniques and front
// ends in parts that share it. Whatever is done first, results come in the order of what was asked for.

import { type MeasuredBodies, readMeasuredBodies } from "../bodies/measured-bodies.ts";
import { runWithBodies } from "../bodies/with-bodies.ts";
import { NO_PROFILE } from "../dispatch/profile.ts";
import type { Technique } from "../dispatch/techniques.ts";
import { messageOf, RunError, UsageError } from "../errors.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { Program, Size } from "../guests/programs.ts";
import { startFromTapes } from "../guests/tapes/tape-store.ts";
import { MOST_INSTRUCTIONS, withBaseline } from "../lab/lab.ts";
import type { Trainer } from "../lab/training.ts";
import type { CostParameters, Settings } from "../options/request.ts";
import type { Recording } from "../recordings/find-recording.ts";
import { withSpeedups } from "../results/speedups.ts";
import { type Failure } from "../results/failures.ts";
import { groupBy } from "../results/group-by.ts";
import { type InputResults, joinResults, noResults, OWN_BODIES, RECORDED, type RecordingNotes } from "../results/rows.ts";
import { playTape } from "../trace/tape.ts";
import { type Pool, WorkerEnded } from "./pool.ts";
import { tapeIn } from "./shared-tape.ts";
import type { FrontEndName, SharedTape } from "./tasks.ts";

/** What is asked of every input alike. */
export interface SpreadOptions {
  readonly frontEnds: readonly FrontEnd[];
  readonly settings: Settings;
  readonly costs: readonly Partial<CostParameters>[];
  readonly sites: boolean;
  /**
   * Parts into which the work on one input is split, as far as there are so many. Each plays the tape again: all programs at
   * size full took two workers 43 seconds of CPU time with a part for each technique, 30 as a whole each.
   */
  readonly parts: number;
  /** Called when something is done. */
  readonly onDone?: (executedBlocks: number) => void;
}

export interface SpreadProgramOptions extends SpreadOptions {
  readonly techniques: readonly Technique[];
  readonly pairs: (technique: Technique, frontEnd: FrontEnd) => boolean;
  readonly baseline?: boolean;
  readonly trainer: Trainer;
  readonly size: Size;
  readonly tapeFolder: string | undefined;
  /** The program's tape, if there is one already. */
  readonly tape?: { readonly tape: SharedTape; readonly executedBlocks: number };
}

/** Results of an input, asked for when all inputs are done: what hung anywhere is known then. */
export type Settled<T = InputResults> = () => T;

export const isForeign = ({ models }: FrontEnd): boolean => models.some(({ foreign }) => foreign);

const nameOf = ({ name, machine }: FrontEnd): FrontEndName => ({ name, machine: machine !== undefined });

/** What is said of a front end whose worker ended. */
function endOf(frontEnd: FrontEnd, { hung, message }: WorkerEnded): string {
  if (hung) return `predictor ${frontEnd.name} does not return: ${message}`;
  return isForeign(frontEnd)
    ? `predictor ${frontEnd.name} ended its worker: ${message}`
    : `the worker of ${frontEnd.name} ended: ${message}`;
}

/** One technique under one front end. */
interface Pair {
  readonly technique: string;
  readonly frontEnd: FrontEnd;
}

/** Users' front ends apart, so that what they do is theirs alone; the others in parts that differ by at most one. */
function split(pairs: readonly Pair[], parts: number): Pair[][] {
  const own = pairs.filter(({ frontEnd }) => !isForeign(frontEnd));
  const count = Math.min(parts, own.length);
  const cut = (part: number): number => Math.floor((part * own.length) / count);
  return [
    ...Array.from({ length: count }, (_, part) => own.slice(cut(part), cut(part + 1))),
    ...pairs.filter(({ frontEnd }) => isForeign(frontEnd)).map((pair) => [pair]),
  ];
}

/** Some pairs, and what became of them. */
interface PairsOutcome {
  readonly pairs: readonly Pair[];
  readonly outcome: InputResults | Error;
}

/** Does a part; what ends its worker, or is our bug, is its outcome. @throws UsageError, RunError for the whole input */
async function attempt(pairs: readonly Pair[], work: () => Promise<InputResults>): Promise<PairsOutcome> {
  const outcome = await work().catch((error: Error) => {
    if (error instanceof UsageError || error instanceof RunError) throw error;
    return error;
  });
  return { pairs, outcome };
}

/** Rows by what they are of. */
function sorted(results: InputResults): (pair: Pair) => InputResults {
  const keyOf = ({ technique, predictor }: { readonly technique: string; readonly predictor: string }): string =>
    JSON.stringify([technique, predictor]);
  const rows = groupBy(results.rows, keyOf);
  const sites = groupBy(results.sites, keyOf);
  const intervals = groupBy(results.intervals, keyOf);
  const failures = groupBy(results.failures, keyOf);
  return ({ technique, frontEnd }) => {
    const key = keyOf({ technique, predictor: frontEnd.name });
    return {
      rows: rows.get(key) ?? [],
      sites: sites.get(key) ?? [],
      intervals: intervals.get(key) ?? [],
      failures: failures.get(key) ?? [],
      targets: [],
    };
  };
}

/**
 * Joins the parts of an input in the order of its pairs.
 * @param hung front ends that did not return, wherever that was: they have no results at all, so that it does not matter when
 */
function settle(program: string, pairs: readonly Pair[], parts: readonly PairsOutcome[], hung: ReadonlyMap<string, string>): InputResults {
  const all = noResults();
  const found = new Map(
    parts.flatMap(({ pairs: own, outcome }) => {
      const resultsOf = outcome instanceof Error ? () => outcome : sorted(outcome);
      return own.map((pair) => [pair, resultsOf] as const);
    }),
  );
  for (const pair of pairs) {
    const { technique, frontEnd } = pair;
    const message = hung.get(frontEnd.name);
    const outcome = message === undefined ? found.get(pair)?.(pair) : new WorkerEnded(message, true);
    if (outcome instanceof Error) all.failures.push(failureOf({ program, technique, predictor: frontEnd.name }, frontEnd, outcome));
    else if (outcome !== undefined) joinResults(all, outcome);
  }
  // where dispatches lead is the same under every front end
  for (const technique of new Set(pairs.map((pair) => pair.technique))) {
    const targets = parts.map(({ outcome }) =>
      outcome instanceof Error ? [] : outcome.targets.filter((row) => row.technique === technique),
    );
    for (const target of targets.find(({ length }) => length > 0) ?? []) all.targets.push(target);
  }
  return all;
}

function failureOf(of: Omit<Failure, "message">, frontEnd: FrontEnd, error: Error): Failure {
  if (error instanceof WorkerEnded) return { ...of, message: endOf(frontEnd, error) };
  return { ...of, message: `a bug in bplab: ${messageOf(error)}`, bug: error.stack };
}

/** What the pool watches while it replays a part. */
const watchedIn = (pairs: readonly Pair[]): string | undefined => pairs.find(({ frontEnd }) => isForeign(frontEnd))?.frontEnd.name;

/** @throws UsageError, RunError as the program does, or what is asked of it is wrong */
export async function spreadProgram(pool: Pool, program: Program, options: SpreadProgramOptions): Promise<Settled> {
  const { size, tapeFolder, settings, costs, sites, onDone } = options;
  const name = { input: program.id, size, maxInstructions: settings.maxInstructions ?? MOST_INSTRUCTIONS, tapeFolder };
  const bodies = settings.bodies === undefined ? undefined : readMeasuredBodies(settings.bodies);
  const techniques = await withBaseline(options.techniques, options.baseline);
  const pairs = techniques.flatMap((technique) =>
    options.frontEnds
      .filter((frontEnd) => options.pairs(technique, frontEnd))
      .map((frontEnd): Pair => ({ technique: technique.name, frontEnd })),
  );
  const asked = options.techniques.map((technique) => technique.name);
  const settled =
    (parts: readonly PairsOutcome[]): Settled =>
    () =>
      withSpeedups(settle(program.id, pairs, parts, pool.hung), asked);
  const work = split(pairs, options.parts);
  // one part alone needs no tape first: its worker starts the program
  const whole = work.length === 1;
  const taped = options.tape ?? (whole ? undefined : await pool.run("tape", name).catch((error: Error) => error));
  if (taped instanceof UsageError || taped instanceof RunError) throw taped;
  if (taped instanceof Error) return settled([{ pairs, outcome: taped }]);
  const tape = taped?.tape;
  const trains = techniques.some((technique) => technique.trains);
  const profile = trains ? await options.trainer(program, opcodesOf(program, options, bodies, tape)) : NO_PROFILE;
  const subject = { program: program.id, programSha256: program.sha256, size, bodies: bodies?.id ?? OWN_BODIES };
  const parts = work.map((part) =>
    attempt(part, async () => {
      const trained = part.some(({ technique }) => techniques.some((one) => one.name === technique && one.trains));
      const request = {
        program: name,
        subject,
        tape,
        pairs: part.map(({ technique, frontEnd }) => ({ technique, frontEnd: nameOf(frontEnd) })),
        profile: trained ? profile : NO_PROFILE,
        settings,
        costs,
        sites,
      };
      const { executedBlocks, ...results } = await pool.run("program", request, watchedIn(part));
      onDone?.(executedBlocks);
      return results;
    }),
  );
  return settled(await allOf(parts));
}

/** Names of the opcodes that a program has before it runs. */
function opcodesOf(
  program: Program,
  { size, settings, tapeFolder }: SpreadProgramOptions,
  bodies: MeasuredBodies | undefined,
  tape: SharedTape,
): ReadonlySet<string> {
  const run =
    tape === undefined ? startFromTapes(tapeFolder)(program, size, settings.maxInstructions ?? MOST_INSTRUCTIONS) : playTape(tapeIn(tape));
  return new Set(runWithBodies(run, bodies).program.opcodes.map(({ name }) => name));
}

/** @throws UsageError, RunError as the recording does */
export async function spreadRecording(
  pool: Pool,
  recording: Recording,
  options: SpreadOptions & { readonly hashed: boolean },
): Promise<Settled<InputResults & { readonly notes: RecordingNotes }>> {
  const { settings, costs, sites, hashed, onDone } = options;
  const pairs = options.frontEnds.map((frontEnd): Pair => ({ technique: RECORDED, frontEnd }));
  let notes: RecordingNotes = { program: recording.id, notes: [] };
  const parts = split(pairs, options.parts).map((part) =>
    attempt(part, async () => {
      const frontEnds = part.map(({ frontEnd }) => nameOf(frontEnd));
      const results = await pool.run("recording", { path: recording.id, frontEnds, settings, costs, sites, hashed }, watchedIn(part));
      notes = results.notes;
      onDone?.(0);
      return results;
    }),
  );
  const done = await allOf(parts);
  return () => ({ ...settle(recording.id, pairs, done, pool.hung), notes });
}

/** All results, or what the first in their order throws, whichever threw first. */
export async function allOf<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}
