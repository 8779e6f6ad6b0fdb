// Distributes one input over workers: as a whole if there are many inputs, otherwise its tape first, and then techniques and
// front ends in parts that share the tape. Results come in the order of the request, whichever part is done first.
import { type MeasuredBodies, readMeasuredBodies } from "../bodies/measured-bodies.ts";
import { runWithBodies } from "../bodies/with-bodies.ts";
import { NO_PROFILE } from "../dispatch/profile.ts";
import type { Technique } from "../dispatch/techniques.ts";
import { RunError, UsageError } from "../errors.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import { isBrief, type Program, type Size } from "../guests/programs.ts";
import { startFromTapes } from "../guests/tapes/tape-store.ts";
import { MOST_INSTRUCTIONS, withBaseline } from "../lab/lab.ts";
import type { Trainer } from "../lab/training.ts";
import type { CostParameters, Settings } from "../options/request.ts";
import type { Recording } from "../recordings/find-recording.ts";
import { type InputResults, OWN_BODIES, RECORDED, type RecordingNotes } from "../results/rows.ts";
import { withSpeedups } from "../results/speedups.ts";
import { playTape } from "../trace/tape.ts";
import { attempt, isForeign, type Pair, type PairsOutcome, settle, split } from "./parts.ts";
import type { Pool } from "./pool.ts";
import { tapeIn } from "./shared-tape.ts";
import type { FrontEndName, SharedTape } from "./tasks.ts";

/** Options for every input. */
export interface SpreadOptions {
  readonly frontEnds: readonly FrontEnd[];
  readonly settings: Settings;
  readonly costs: readonly Partial<CostParameters>[];
  readonly sites: boolean;
  /**
   * Parts into which the work on one input is split, at most. Each plays the tape again: all programs at size full took two
   * workers 43 seconds of CPU time with a part for each technique, 30 with whole inputs.
   */
  readonly parts: number;
  /** Called when a part is done. */
  readonly onDone?: (executedBlocks: number) => void;
}

export interface SpreadProgramOptions extends SpreadOptions {
  readonly techniques: readonly Technique[];
  readonly pairs: (technique: Technique, frontEnd: FrontEnd) => boolean;
  readonly baseline?: boolean;
  /** Whether its replays share their code; default: for our programs at size test. */
  readonly brief?: boolean;
  readonly trainer: Trainer;
  readonly size: Size;
  readonly tapeFolder: string | undefined;
  /** The program's tape, if there is one already. */
  readonly tape?: { readonly tape: SharedTape; readonly executedBlocks: number };
}

/** Returns the results of an input; called when all inputs are done, because only then all hung front ends are known. */
export type Settled<T = InputResults> = () => T;

const nameOf = ({ name, machine }: FrontEnd): FrontEndName => ({ name, machine: machine !== undefined });

/** Name of the user's code in a part, for the pool to watch. */
const watchedIn = (pairs: readonly Pair[]): string | undefined => pairs.find(({ frontEnd }) => isForeign(frontEnd))?.frontEnd.name;

/** @throws UsageError, RunError of the program or of the request */
export async function spreadProgram(pool: Pool, program: Program, options: SpreadProgramOptions): Promise<Settled> {
  const { size, tapeFolder, settings, costs, sites, onDone, brief = isBrief(program, size) } = options;
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
  // a single part needs no tape: its worker starts the program
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
        brief,
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

/** All results, or the error of the first one in their order that failed. */
export async function allOf<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}
