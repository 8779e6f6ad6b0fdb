// The whole pipeline in one file:
//
//   program → guest → virtual trace → technique's layout, lowered → native branches → front end → counts → rows
//
// The guest runs once per program; its blocks stream through every technique and front end as they come.

import { optimisingLater } from "#platform/os";
import { readMeasuredBodies } from "../bodies/measured-bodies.ts";
import { runWithBodies } from "../bodies/with-bodies.ts";
import { NO_PROFILE, type Profile } from "../dispatch/profile.ts";
import { readTechnique, type Technique } from "../dispatch/techniques.ts";
import { ofProgram, RunError, UsageError } from "../errors.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import { OPCODES } from "../guests/languages.ts";
import { isBrief, type Program, type Size, type Starter, startOnGuest } from "../guests/programs.ts";
import type { CostParameters, Settings } from "../options/request.ts";
import { createBlockMemory } from "../replay/block-memory.ts";
import { createCensus } from "../replay/census.ts";
import { createLane, type LaneOptions, type Measurement } from "../replay/lane.ts";
import { createRunLoop } from "../replay/run-loop.ts";
import { addResults, targetRowsOf } from "../results/make-rows.ts";
import { BASELINE, type InputResults, noResults, OWN_BODIES } from "../results/rows.ts";
import { withSpeedups } from "../results/speedups.ts";
import type { VirtualRun } from "../trace/run.ts";
import { checkLog, lowersWithin } from "./lowering-memory.ts";
import type { Trainer } from "./training.ts";

export interface ExperimentOptions extends LaneOptions {
  readonly techniques: readonly Technique[];
  /** Whether a front end replays a technique; default: every pair. */
  readonly pairs?: (technique: Technique, frontEnd: FrontEnd) => boolean;
  /** Virtual instructions that train the predictors before counting starts, to the next end of a block. */
  readonly warmup: number;
  /** Length of an interval in virtual instructions, to the next end of a block; default: no intervals. */
  readonly interval?: number;
  /** Called at the end of the run with the virtual instructions of the warm-up, which ends with a block and so may be a few longer than requested. */
  readonly onEnd?: (warmedUp: number) => void;
  /** Called now and then with the virtual blocks that ran so far. */
  readonly onProgress?: (blocks: number) => void;
}

/** Runs a program once and replays it through every technique and front end. */
export async function measure(run: VirtualRun, options: ExperimentOptions): Promise<Measurement[]> {
  const { program } = run;
  const census = createCensus(program);
  const { techniques, pairs = () => true } = options;
  const memory = options.brief && options.warmup === 0 && options.interval === undefined ? createBlockMemory() : undefined;
  const lanes = await Promise.all(
    techniques.map((technique) => {
      const frontEnds = options.frontEnds.filter((frontEnd) => pairs(technique, frontEnd));
      return createLane(program, census, technique, { ...options, frontEnds, memory });
    }),
  );

  let blocks = 0;
  const checkMemory = lowersWithin(program, lanes.length);
  const loop = createRunLoop({
    warmup: options.warmup,
    interval: options.interval,
    onWarm() {
      census.reset();
      for (const lane of lanes) lane.reset();
    },
    onInterval() {
      for (const lane of lanes) lane.mark();
    },
  });
  /** Instructions of the last block. */
  let last = 0;
  run.run((ids, length, next) => {
    checkMemory();
    if (blocks === 0) {
      census.enter(ids[0]);
      for (const lane of lanes) lane.enter(ids);
    }
    // the last block of a trace has no successor: it is handled separately
    const to = next < 0 ? length - 1 : length;
    ids[length] = next;
    memory?.add(ids, 0, length);
    loop.run(
      0,
      to,
      (at) => program.blockLength(ids[at]),
      (start, end) => {
        census.run(ids, start, end);
        for (const lane of lanes) lane.run(ids, start, end);
      },
    );
    if (next < 0) {
      last = program.blockLength(ids[to]);
      options.onEnd?.(loop.warmedUp);
      census.finish(ids[to]);
      for (const lane of lanes) lane.finish(ids, to);
      loop.finish();
    }
    blocks += length;
    options.onProgress?.(blocks);
  });
  memory?.release();
  if (blocks === 0)
    throw new RunError("it executed no virtual instructions: only what is compiled is traced, not what a text interpreter does");
  if (!loop.warm) {
    const ran = loop.warmedUp + last;
    throw new UsageError(`the warm-up of ${options.warmup} virtual instructions is longer than the run (${ran})`);
  }
  return lanes.flatMap((lane) => lane.measurements());
}

/** Default limit of a program's simulated virtual instructions. */
export const MOST_INSTRUCTIONS = 250_000_000;

/** Columns of a program's rows besides its counts. */
export interface ProgramSubject {
  readonly program: string;
  readonly programSha256: string;
  readonly size: Size;
  /** Source of its opcodes' native bodies. */
  readonly bodies: string;
}

export interface RunOptions
  extends Omit<ExperimentOptions, "context" | "warmup" | "interval" | "caches" | "contexts" | "flushEvery" | "updateDelay"> {
  readonly settings: Settings;
  readonly profile: Profile;
  /** Given costs, each of which makes rows; the other costs are the machine's, or assumed. */
  readonly costs: readonly Partial<CostParameters>[];
  /** Whether results have rows of sites; default: yes. */
  readonly sites?: boolean;
}

/** Runs a program and makes its rows, without speedups. */
export async function simulateRun(run: VirtualRun, of: ProgramSubject, options: RunOptions): Promise<InputResults> {
  const { settings, profile } = options;
  const { icache, dcache, layoutSeed, warmup, interval, contexts, flush: flushEvery, updateDelay } = settings;
  const context = { layoutSeed, profile };
  const replayed = { ...options, caches: { icache, dcache }, warmup, interval, contexts, flushEvery, updateDelay, context };
  let warmedUp = 0;
  const onEnd = (instructions: number): void => {
    warmedUp = instructions;
  };
  const measured = () => measure(run, { ...replayed, onEnd });
  const measurements = await (options.brief ? optimisingLater(measured) : measured()).catch((error) => {
    throw ofProgram(of.program, error);
  });
  const results = noResults();
  for (const measurement of measurements) {
    const { technique, frontEnd, counts } = measurement;
    const training = technique.trains ? profile.programs : [];
    const limit = settings.maxInstructions ?? MOST_INSTRUCTIONS;
    const window = warmedUp + (counts.virtualInstructions ?? 0) >= limit ? limit : undefined;
    const subject = { ...of, technique: technique.name, frontEnd, training, settings, window };
    addResults(results, subject, measurement, options.costs, options.sites ?? true);
    // the same under every front end
    if (counts.contexts !== undefined && measurement === measurements.find((other) => other.technique === technique))
      for (const row of targetRowsOf(subject, counts.contexts)) results.targets.push(row);
  }
  return results;
}

export interface SimulateOptions extends Omit<RunOptions, "profile"> {
  readonly trainer: Trainer;
  /** Starts the program; default: on its guest. */
  readonly start?: Starter;
  readonly size: Size;
  /** Whether to replay switch as well, the baseline of speedups; default: yes. */
  readonly baseline?: boolean;
}

/** The techniques to replay: the requested ones, and the baseline of speedups. */
export async function withBaseline(asked: readonly Technique[], baseline = true): Promise<readonly Technique[]> {
  return !baseline || asked.some(({ name }) => name === BASELINE) ? asked : [...asked, await readTechnique(BASELINE)];
}

/** Simulates one program and makes its rows, with switch as the baseline of speedups. */
export async function simulateProgram(program: Program, options: SimulateOptions): Promise<InputResults> {
  const { size, settings, start = startOnGuest, brief = isBrief(program, size) } = options;
  const bodies = settings.bodies === undefined ? undefined : readMeasuredBodies(settings.bodies);
  const techniques = await withBaseline(options.techniques, options.baseline);
  if (program.language === OPCODES && settings.maxInstructions === undefined) checkLog(program.id, program.path, techniques.length);
  const run = runWithBodies(start(program, size, settings.maxInstructions ?? MOST_INSTRUCTIONS), bodies);
  const profile = techniques.some(({ trains }) => trains)
    ? await options.trainer(program, new Set(run.program.opcodes.map(({ name }) => name)))
    : NO_PROFILE;
  const subject = { program: program.id, programSha256: program.sha256, size, bodies: bodies?.id ?? OWN_BODIES };
  const results = await simulateRun(run, subject, { ...options, techniques, profile, brief });
  return withSpeedups(
    results,
    options.techniques.map(({ name }) => name),
  );
}
