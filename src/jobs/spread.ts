// One input spread over workers: its tape first, then every technique apart, and groups of front ends where that makes
// enough to do. Whatever is done first, results come in the order of what was asked for.
import type { CostParameters } from "../cost.ts";
import { NO_PROFILE } from "../dispatch/profile.ts";
import type { Technique } from "../dispatch/techniques.ts";
import { messageOf, RunError, UsageError } from "../errors.ts";
import type { FrontEnd } from "../front-end.ts";
import { withBaseline } from "../lab.ts";
import type { MeasuredBodies } from "../measured-bodies.ts";
import type { Program, Size } from "../programs.ts";
import type { Recording } from "../recordings.ts";
import {
  type Failure,
  type InputResults,
  joinResults,
  noResults,
  OWN_BODIES,
  RECORDED,
  type RecordingNotes,
  type Settings,
  withSpeedups,
} from "../rows.ts";
import { playTape } from "../trace/tape.ts";
import { cacheStarter } from "../trace-cache.ts";
import type { Trainer } from "../training.ts";
import { runWithBodies } from "../with-bodies.ts";
import { type Pool, WorkerEnded } from "./pool.ts";
import { tapeIn } from "./shared-tape.ts";
import type { FrontEndName, SharedTape } from "./tasks.ts";

/** What is asked of every input alike. */
export interface SpreadOptions {
  readonly frontEnds: readonly FrontEnd[];
  readonly settings: Settings;
  readonly cost: Partial<CostParameters>;
  readonly interval: number | undefined;
  readonly sites: boolean;
  /** Groups into which the front ends of each technique are split, as far as there are so many. */
  readonly groups: number;
  /** Called when something is done. */
  readonly onDone?: (executedBlocks: number) => void;
}

export interface SpreadProgramOptions extends SpreadOptions {
  readonly techniques: readonly Technique[];
  readonly pairs: (technique: Technique, frontEnd: FrontEnd) => boolean;
  readonly baseline?: boolean;
  readonly trainer: Trainer;
  readonly size: Size;
  readonly maxInstructions: number;
  readonly bodies: MeasuredBodies | undefined;
  readonly contexts: boolean;
  readonly cache: string | undefined;
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

/** Users' front ends apart, so that what they do is theirs alone; the others in groups that differ by at most one. */
function grouped(frontEnds: readonly FrontEnd[], groups: number): FrontEnd[][] {
  const own = frontEnds.filter((frontEnd) => !isForeign(frontEnd));
  const count = Math.min(groups, own.length);
  const parts = Array.from({ length: count }, (_, i) =>
    own.slice(Math.floor((i * own.length) / count), Math.floor(((i + 1) * own.length) / count)),
  );
  return [...parts, ...frontEnds.filter(isForeign).map((frontEnd) => [frontEnd])];
}

/** Some front ends of one technique, and what became of them. */
interface Part {
  readonly program: string;
  readonly technique: string;
  readonly frontEnds: readonly FrontEnd[];
  readonly outcome: InputResults | Error;
}

/** Does a part; whatever ends its worker, or is our bug, is its outcome. @throws UsageError, RunError for the whole input */
async function attempt(
  of: Omit<Part, "outcome">,
  { onDone }: SpreadOptions,
  executedBlocks: number,
  work: () => Promise<InputResults>,
): Promise<Part> {
  const outcome = await work().catch((error: Error) => {
    if (error instanceof UsageError || error instanceof RunError) throw error;
    return error;
  });
  onDone?.(executedBlocks);
  return { ...of, outcome };
}

/**
 * Joins the parts of an input in the order of its techniques and front ends.
 * @param hung front ends that did not return, wherever that was: they have no results at all, so that it does not matter when
 */
function settle(parts: readonly Part[], frontEnds: readonly FrontEnd[], hung: ReadonlyMap<string, string>): InputResults {
  const all = noResults();
  for (const technique of new Set(parts.map((part) => part.technique))) {
    const own = parts.filter((part) => part.technique === technique);
    for (const { outcome } of own) if (!(outcome instanceof Error)) for (const target of outcome.targets) all.targets.push(target);
    for (const frontEnd of frontEnds) {
      const part = own.find((candidate) => candidate.frontEnds.includes(frontEnd));
      if (part === undefined) continue;
      const { outcome, program } = part;
      const { name: predictor } = frontEnd;
      const message = hung.get(predictor);
      const failure = message === undefined ? outcome : new WorkerEnded(message, true);
      if (failure instanceof Error) {
        all.failures.push(failureOf({ program, technique, predictor }, frontEnd, failure));
        continue;
      }
      const isIts = (row: { readonly predictor: string }): boolean => row.predictor === predictor;
      const { rows, sites, intervals, failures } = failure;
      joinResults(all, {
        rows: rows.filter(isIts),
        sites: sites.filter(isIts),
        intervals: intervals.filter(isIts),
        failures: failures.filter(isIts),
        targets: [],
      });
    }
  }
  return all;
}

function failureOf(of: Omit<Failure, "message">, frontEnd: FrontEnd, error: Error): Failure {
  if (error instanceof WorkerEnded) return { ...of, message: endOf(frontEnd, error) };
  return { ...of, message: `a bug in bplab: ${messageOf(error)}`, bug: error.stack };
}

/** What the pool watches while it replays front ends. */
const watchedIn = (group: readonly FrontEnd[]): string | undefined => group.find(isForeign)?.name;

/** @throws UsageError, RunError as the program does, or what is asked of it is wrong */
export async function spreadProgram(pool: Pool, program: Program, options: SpreadProgramOptions): Promise<Settled> {
  const { size, maxInstructions, cache, bodies, settings, cost, interval, contexts, sites, frontEnds } = options;
  const name = { input: program.id, size, maxInstructions, cache };
  const techniques = await withBaseline(options.techniques, options.baseline);
  const asked = options.techniques.map((technique) => technique.name);
  const pairsOf = (technique: Technique): FrontEnd[] => frontEnds.filter((frontEnd) => options.pairs(technique, frontEnd));
  const taped = options.tape ?? (await pool.run("tape", name).catch((error: Error) => error));
  if (taped instanceof UsageError || taped instanceof RunError) throw taped;
  if (taped instanceof Error) {
    const parts = techniques.map((technique) => ({
      program: program.id,
      technique: technique.name,
      frontEnds: pairsOf(technique),
      outcome: taped,
    }));
    return () => withSpeedups(settle(parts, frontEnds, pool.hung), asked);
  }
  const { tape, executedBlocks } = taped;
  const trains = techniques.some((technique) => technique.trains);
  const profile = trains ? await options.trainer(program, opcodesOf(program, options, tape)) : NO_PROFILE;
  const subject = { program: program.id, programSha256: program.sha256, size, bodies: bodies?.id ?? OWN_BODIES };
  const work = techniques.flatMap((technique) =>
    grouped(pairsOf(technique), options.groups).map((group, i) => {
      const part = { program: program.id, technique: technique.name, frontEnds: group };
      const request = {
        program: name,
        subject,
        tape,
        technique: technique.name,
        frontEnds: group.map(nameOf),
        profile: technique.trains ? profile : NO_PROFILE,
        bodies: bodies?.id,
        settings,
        cost,
        interval,
        sites,
        contexts,
      };
      return attempt(part, options, executedBlocks, async () => {
        const results = await pool.run("technique", request, watchedIn(group));
        // the same under every front end
        return i === 0 ? results : { ...results, targets: [] };
      });
    }),
  );
  const parts = await allOf(work);
  return () => withSpeedups(settle(parts, frontEnds, pool.hung), asked);
}

/** Names of the opcodes that a program has before it runs. */
function opcodesOf(
  program: Program,
  { size, maxInstructions, cache, bodies }: SpreadProgramOptions,
  tape: SharedTape,
): ReadonlySet<string> {
  const run = tape === undefined ? cacheStarter(cache)(program, size, maxInstructions) : playTape(tapeIn(tape));
  return new Set(runWithBodies(run, bodies).program.opcodes.map(({ name }) => name));
}

/** @throws UsageError, RunError as the recording does */
export async function spreadRecording(
  pool: Pool,
  recording: Recording,
  options: SpreadOptions,
): Promise<Settled<InputResults & { readonly notes: RecordingNotes }>> {
  const { settings, cost, interval, sites, frontEnds } = options;
  let notes: RecordingNotes = { program: recording.id, notes: [] };
  const work = grouped(frontEnds, options.groups).map((group) => {
    const part = { program: recording.id, technique: RECORDED, frontEnds: group };
    const request = { path: recording.id, frontEnds: group.map(nameOf), settings, cost, interval, sites };
    return attempt(part, options, 0, async () => {
      const results = await pool.run("recording", request, watchedIn(group));
      notes = results.notes;
      return results;
    });
  });
  const parts = await allOf(work);
  return () => ({ ...settle(parts, frontEnds, pool.hung), notes });
}

/** All results, or what the first in their order throws, whichever threw first. */
export async function allOf<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}
