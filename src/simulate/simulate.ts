// `simulate` as a function: names in, rows out. The command and the library call the same.
import { statSync } from "node:fs";
import { readMeasuredBodies } from "../bodies/measured-bodies.ts";
import { DEFAULT_TECHNIQUES, readTechniques, type Technique } from "../dispatch/techniques.ts";
import { RunError, UsageError } from "../errors.ts";
import { type FrontEnd, readMachines } from "../front-end/front-end.ts";
import { findProgram, type Program, programIds, SIZES, type Size, type Starter } from "../guests/programs.ts";
import { startFromTapes } from "../guests/tapes/tape-store.ts";
import { openSession, readFrontEndsIn, type Session } from "../jobs/session.ts";
import { shareTape, tapeIn } from "../jobs/shared-tape.ts";
import { allOf, isForeign, type Settled, spreadProgram, spreadRecording } from "../jobs/spread.ts";
import { simulateProgram, withBaseline } from "../lab/lab.ts";
import { simulateRecording } from "../lab/simulate-recording.ts";
import { createTrainer } from "../lab/training.ts";
import { unknown } from "../parameters.ts";
import { findRecording, type Recording, recordingKinds } from "../recordings/find-recording.ts";
import { type CacheGeometry, readCache } from "../replay/cache.ts";
import type { CostParameters } from "../results/cost.ts";
import { failureLines, type InputResults, joinResults, noResults, type RecordingNotes, type Results } from "../results/rows.ts";
import { playTape } from "../trace/tape.ts";

/** What to simulate; everything has a default. */
export interface SimulateRequest {
  /** Program ids, files of programs, files of recorded branches; default: all programs of the lab. */
  readonly inputs?: readonly string[];
  /** Techniques separated by commas, or "all"; default: one of each family. */
  readonly technique?: string;
  /** Programs that train techniques which choose by a profile; default: all others of the lab in the same language. */
  readonly train?: readonly string[];
  /** Front ends separated by commas; default "btb", unless there are machines. */
  readonly predictor?: string;
  /** Real processors' front ends, separated by commas: "haswell,zen-2". */
  readonly machine?: string;
  /** "test" (default) or "full". */
  readonly size?: string;
  /** Cycles lost by a misprediction, or several such numbers, each of which has rows; default: the machine's, or 15. */
  readonly penalty?: number | readonly number[];
  /** Native instructions per cycle; default 1. */
  readonly ipc?: number;
  /** Cycles lost by every taken branch; default 0. */
  readonly takenBranch?: number;
  /** Cycles of every call, besides those of an instruction; default 1. */
  readonly call?: number;
  /** Cycles of every return, besides those of an instruction; default 1. */
  readonly return?: number;
  /** Cycles of every front-end bubble, where the front end models them; default 8. */
  readonly bubble?: number;
  /** Cycles lost by a miss of the instruction cache; default 12. */
  readonly icacheMiss?: number;
  /** Cycles lost by a miss of the data cache; default 12. */
  readonly dcacheMiss?: number;
  /** Cycles that every indirect branch stalls for, on a machine that predicts none; default: the machine's, or they are predicted. */
  readonly indirectStall?: number;
  /** An instruction cache over native code: true, or "bytes=16384:ways=4:line=32"; default: not modelled. */
  readonly icache?: boolean | string;
  /** A data cache for jump tables alone, written likewise; default: not modelled. */
  readonly dcache?: boolean | string;
  /** Permutes and pads the bodies in memory; default 0: the order of the opcode table, aligned. */
  readonly layoutSeed?: number;
  /** Instructions before counting starts, virtual ones of programs and native ones of recordings; default 0. */
  readonly warmup?: number;
  /** Counts where dispatch branches lead: rows then have `contexts`, results `targets`; default: no. */
  readonly contexts?: boolean;
  /** Virtual instructions of the intervals of a series; default: no series. */
  readonly interval?: number;
  /** Native branches, of every kind, after which predictors forget everything (context switches); default: never. */
  readonly flush?: number;
  /** Virtual instructions after which a program is stopped with an error; default 250 million. */
  readonly maxInstructions?: number;
  /** Which indirect branches of recordings are an interpreter's dispatch: "caml_interprete", "0x401000-0x402000", "busiest". */
  readonly dispatch?: string;
  /** Native bodies from a measured interpreter ("ocamlrun-4.13-gcc12"); default: those that the guest gives its opcodes. */
  readonly bodies?: string;
  /** Whether one technique goes through one front end, both by their names in rows; default: each through each. */
  readonly pairs?: (technique: string, predictor: string) => boolean;
  /** Whether to replay switch as well, for speedups; default: yes. */
  readonly baseline?: boolean;
  /**
   * Whether rows hold the SHA-256 of recordings; default: yes. Of a large file that is not compressed it takes longer than the
   * replay, on another core.
   */
  readonly hashed?: boolean;
  /** Whether results have `sites`, which take most of the memory and some of the time; default: yes. */
  readonly sites?: boolean;
  /** Worker threads at most; default: one for every core. Small work is done without any, and results are the same. */
  readonly jobs?: number;
  /** Whether programs play from tapes of earlier runs, and are taped; default: yes. */
  readonly cache?: boolean;
  /** Called as the work goes on. */
  readonly onProgress?: (program: string, programsDone: number, programs: number, blocks: number) => void;
}

function number(name: string, value: number, valid: (value: number) => boolean, expected: string): number {
  if (!valid(value)) throw new UsageError(`${name} must be ${expected}, got ${value}`);
  return value;
}
/** Virtual instructions after which a program is stopped, unless users say otherwise. */
export const MOST_INSTRUCTIONS = 250_000_000;

const count = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const cycles = (name: string, value: number | undefined): number | undefined =>
  value === undefined ? undefined : number(name, value, (n) => n >= 0 && n <= 1e6, "a number of cycles from 0 to 1000000");
const above0 = (name: string, value: number | undefined, what: string): number | undefined =>
  value === undefined ? undefined : number(name, value, (n) => count(n) && n > 0, `a number of ${what} above 0`);

/** What is said of costs, once for each penalty. */
function costsOf(request: SimulateRequest): Partial<CostParameters>[] {
  const { ipc, penalty } = request;
  const common = {
    instructionsPerCycle: ipc === undefined ? undefined : number("ipc", ipc, (n) => n > 0 && n <= 100, "a number above 0, at most 100"),
    takenBranchCycles: cycles("taken-branch", request.takenBranch),
    callCycles: cycles("call", request.call),
    returnCycles: cycles("return", request.return),
    bubbleCycles: cycles("bubble", request.bubble),
    icacheMissCycles: cycles("icache-miss", request.icacheMiss),
    dcacheMissCycles: cycles("dcache-miss", request.dcacheMiss),
    indirectStallCycles: cycles("indirect-stall", request.indirectStall),
  };
  const penalties = typeof penalty === "object" ? penalty : [penalty];
  return penalties.map((one) => ({ penaltyCycles: cycles("penalty", one), ...common }));
}

const cacheOf = (name: string, spec: boolean | string = false): CacheGeometry | undefined =>
  spec === false ? undefined : readCache(name, spec === true ? "" : spec);

/** @throws UsageError when one is given twice */
function distinct(names: readonly string[]): readonly string[] {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UsageError(`program ${twice} is given twice`);
  return names;
}

/** @throws UsageError when it is no seed */
export const readLayoutSeed = (seed = 0): number =>
  number("layout-seed", seed, (n) => count(n) && n < 2 ** 32, "a whole number from 0 to 4294967295");

/** The programs that train. @throws UsageError for unknown ones, one that is given twice, or where no technique is trained */
export async function readTraining(
  names: readonly string[] | undefined,
  techniques: readonly Technique[],
): Promise<readonly Program[] | undefined> {
  if (names === undefined) return undefined;
  if (!techniques.some(({ trains }) => trains))
    throw new UsageError("train: none of the techniques chooses its bodies by training programs (static-superinstructions does)");
  return Promise.all(distinct(names).map((name) => findProgram(name)));
}

/** @throws UsageError when there is no such program or recording, or one is given twice */
async function findInputs(names: readonly string[]): Promise<(Program | Recording)[]> {
  const ours = programIds();
  const kinds = await recordingKinds();
  const inputs: (Program | Recording)[] = [];
  for (const name of distinct(names.length === 0 ? ours : names)) {
    const recording = ours.includes(name) ? undefined : await findRecording(name);
    inputs.push(recording ?? (await findProgram(name, kinds)));
  }
  return inputs;
}

function readSize(text: string): Size {
  const size = SIZES.find((known) => known === text);
  if (size === undefined) throw unknown("size", text, SIZES);
  return size;
}

const isRecording = (input: Program | Recording): input is Recording => "read" in input;

/** @throws UsageError when something is asked of recordings alone that only interpreters have */
function checkRecordings(request: SimulateRequest): void {
  const asked = (["technique", "train", "bodies", "layoutSeed", "icache", "dcache", "contexts"] as const).find((name) => request[name]);
  if (asked === "technique") throw new UsageError("technique: recorded branches were made by a technique already, leave it out");
  if (asked !== undefined) throw new UsageError(`${asked}: it changes nothing where there are only recorded branches, leave it out`);
}

/**
 * Work is measured in replays of 100 thousand blocks through one technique and front end: 3 milliseconds (queens at size full:
 * 480 of them in 1.5 seconds). From this much on workers are worth it: each takes 0.15 seconds of CPU time to start, and two
 * of them took a second more than this thread alone for queens.
 */
const WORTH_WORKERS = 400;
const UNIT_BLOCKS = 100_000;
/** What laying out a technique and compiling its loop cost, in these; and how long other inputs are thought to be. */
export const UNITS_TO_BEGIN = 2;
const UNITS_OF_FULL = 50;
const UNITS_OF_UNKNOWN = 10;
/** Bytes of a recording that take as long: 2.4 MB of CPython's branches in our own format take 0.2 seconds. */
const UNIT_BYTES = 36_000;

/** How long a replay of an input takes, in these units, as far as it is known without running it. */
export function likelyLength(input: Program | Recording, size: Size): number {
  if (isRecording(input)) return statSync(input.id).size / UNIT_BYTES;
  if (input.expected(size) !== undefined) return size === "full" ? UNITS_OF_FULL : 1;
  return UNITS_OF_UNKNOWN;
}

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

/**
 * The same with the workers of a session.
 * @param many  inputs that the session works on at the same time, if workers do it in any case; default: the request's, and
 *              workers do it where that is worth it
 */
export async function simulateIn(session: Session, request: SimulateRequest, { many }: { readonly many?: number } = {}): Promise<Results> {
  const size = readSize(request.size ?? "test");
  const costs = costsOf(request);
  const caches = { icache: cacheOf("icache", request.icache), dcache: cacheOf("dcache", request.dcache) };
  const layoutSeed = readLayoutSeed(request.layoutSeed);
  const warmup = number("warmup", request.warmup ?? 0, count, "a number of instructions, 0 or more");
  const maxInstructions = above0("max-instructions", request.maxInstructions, "virtual instructions") ?? MOST_INSTRUCTIONS;
  const interval = above0("interval", request.interval, "instructions");
  const flushEvery = above0("flush", request.flush, "native branches");
  const settings = { caches, layoutSeed, warmup, flushEvery };
  const bodies = request.bodies === undefined ? undefined : readMeasuredBodies(request.bodies);
  const inputs = await findInputs(request.inputs ?? []);
  if (inputs.every(isRecording)) checkRecordings(request);
  if (request.dispatch !== undefined && !inputs.some(isRecording))
    throw new UsageError(
      "dispatch: it names branches of recordings, and there are only programs, whose dispatches are known: leave it out",
    );
  const techniques = await readTechniques(request.technique ?? DEFAULT_TECHNIQUES);
  const training = await readTraining(request.train, techniques);
  const machines = request.machine === undefined ? [] : await readMachines(request.machine);
  const predictor = request.predictor ?? (machines.length === 0 ? "btb" : undefined);
  const frontEnds = [...machines, ...(predictor === undefined ? [] : await readFrontEndsIn(session, predictor))];
  const { contexts = false, baseline } = request;
  const pairs = (technique: Technique, frontEnd: FrontEnd): boolean => request.pairs?.(technique.name, frontEnd.name) ?? true;
  const { sites = true, hashed = true, dispatch } = request;
  const common = { frontEnds, settings, interval, costs, sites };
  const ofPrograms = { ...common, contexts, pairs, baseline, techniques, size, maxInstructions, bodies };
  const replayed = (await withBaseline(techniques, baseline)).reduce(
    (sum, technique) => sum + frontEnds.filter((frontEnd) => pairs(technique, frontEnd)).length,
    0,
  );

  /** Tapes that were made to see how long a program is. */
  const tapes = new Map<Program, ReturnType<typeof shareTape>>();
  function lengthOf(input: Program | Recording): number {
    if (inputs.length > 1 || isRecording(input) || input.expected(size) !== undefined) return likelyLength(input, size);
    const tape = shareTape(input, size, maxInstructions, session.cache);
    tapes.set(input, tape);
    return tape.executedBlocks / UNIT_BLOCKS;
  }
  function isWorthIt(): boolean {
    const replays = (input: Program | Recording): number => (isRecording(input) ? frontEnds.length : replayed);
    if (inputs.reduce((sum, input) => sum + replays(input), 0) < 2) return false;
    return inputs.reduce((sum, input) => sum + replays(input) * (UNITS_TO_BEGIN + lengthOf(input)), 0) >= WORTH_WORKERS;
  }
  const spreads = frontEnds.some(isForeign) || many !== undefined || (session.jobs > 1 && isWorthIt());
  const results = noResults();
  const recordings: RecordingNotes[] = [];
  const join = (result: InputResults & { readonly notes?: RecordingNotes }): void => {
    joinResults(results, result);
    if (result.notes !== undefined) recordings.push(result.notes);
  };

  if (spreads) {
    const pool = session.pool();
    let done = 0;
    request.onProgress?.(inputs[0].id, 0, inputs.length, 0);
    // parts differ in length: with four for each worker, the last ones to end leave few idle
    const parts = Math.ceil((4 * session.jobs) / (many ?? inputs.length));
    const trainer = createTrainer(training, session.profiler(true));
    const settled = await allOf(
      inputs.map(async (input) => {
        let blocks = 0;
        const onDone = (executed: number): void => {
          blocks += executed;
          request.onProgress?.(input.id, done, inputs.length, blocks);
        };
        const spreadOptions = { ...common, parts, onDone };
        const settle: Settled<InputResults & { readonly notes?: RecordingNotes }> = isRecording(input)
          ? await spreadRecording(pool, input, { ...spreadOptions, hashed, dispatch })
          : await spreadProgram(pool, input, { ...ofPrograms, ...spreadOptions, trainer, cache: session.cache, tape: tapes.get(input) });
        done++;
        return settle;
      }),
    );
    for (const settle of settled) join(settle());
  } else {
    const start = startFrom(tapes, session.cache);
    const trainer = createTrainer(training, session.profiler(false));
    for (const [index, input] of inputs.entries()) {
      const onProgress = (blocks: number): void => request.onProgress?.(input.id, index, inputs.length, blocks);
      onProgress(0);
      join(
        isRecording(input)
          ? await simulateRecording(input, { ...common, hashed, dispatch, onProgress })
          : await simulateProgram(input, { ...ofPrograms, trainer, start, onProgress }),
      );
    }
  }
  if (results.rows.length === 0) {
    const message = failureLines(results.failures).join("\n");
    const bug = results.failures.find((failure) => failure.bug !== undefined)?.bug;
    throw bug === undefined ? new RunError(message) : Object.assign(new Error(message), { stack: bug });
  }
  return { ...results, machines: machines.flatMap(({ machine }) => machine ?? []), recordings };
}

/** Starts programs from tapes in memory, from those on disk, or on their guests. */
function startFrom(tapes: ReadonlyMap<Program, ReturnType<typeof shareTape>>, cache: string | undefined): Starter {
  const start = startFromTapes(cache);
  return (program, size, maxInstructions) => {
    const tape = tapes.get(program)?.tape;
    return tape === undefined ? start(program, size, maxInstructions) : playTape(tapeIn(tape));
  };
}
