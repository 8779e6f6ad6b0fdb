// The whole pipeline on one page:
//
//   program → guest → virtual trace → technique's layout, lowered → native branches → front end → counts → rows
//
// The guest runs once per program; its blocks stream through every technique and front end as they come.
import type { CostParameters } from "./cost.ts";
import { createLowering } from "./dispatch/lowering.ts";
import { readTechnique, type Technique } from "./dispatch/techniques.ts";
import { RunError, UsageError } from "./errors.ts";
import type { FrontEnd } from "./front-end.ts";
import type { Program, Size } from "./programs.ts";
import { createReplay } from "./replay.ts";
import { type Row, rowsOf, type SiteRow, siteRowsOf } from "./rows.ts";
import { type Counts, count, createCensus } from "./statistics.ts";
import type { VirtualRun } from "./trace/run.ts";

export interface ExperimentOptions {
  readonly techniques: readonly Technique[];
  readonly frontEnds: readonly FrontEnd[];
  /** Virtual instructions that train the predictors before counting starts, to the next end of a block. */
  readonly warmup: number;
  /** Called now and then with the virtual blocks that ran so far. */
  readonly onProgress?: (blocks: number) => void;
}

/** One technique under one front end. */
export interface Measurement {
  readonly technique: Technique;
  readonly frontEnd: FrontEnd;
  readonly counts: Counts;
}

/** Runs a program once and replays it through every technique and front end. */
export async function measure(run: VirtualRun, options: ExperimentOptions): Promise<Measurement[]> {
  const { program } = run;
  const census = createCensus(program);
  const lowered = options.techniques.map((technique) => ({ technique, lowering: createLowering(program, technique.layout(program)) }));
  const replays = await Promise.all(
    lowered.flatMap(({ technique, lowering }) =>
      options.frontEnds.map(async (frontEnd) => ({
        technique,
        frontEnd,
        lowering,
        replay: await createReplay(program, lowering, frontEnd),
      })),
    ),
  );

  let blocks = 0;
  let ran = 0;
  let warm = options.warmup === 0;
  const feed = (ids: Int32Array, from: number, to: number): void => {
    census.run(ids, from, to);
    for (const { replay } of replays) replay.run(ids, from, to);
  };
  run.run((ids, length, next) => {
    if (blocks === 0) {
      census.enter();
      for (const { replay } of replays) replay.enter(ids[0]);
    }
    // the last block of a trace has no successor: it is finished apart
    const to = next < 0 ? length - 1 : length;
    ids[length] = next;
    let from = 0;
    if (!warm) {
      while (from < to && ran < options.warmup) ran += program.blockLength(ids[from++]);
      feed(ids, 0, from);
      if (ran >= options.warmup) {
        warm = true;
        census.reset();
        for (const { replay } of replays) replay.reset();
      }
    }
    feed(ids, from, to);
    if (next < 0) {
      ran += program.blockLength(ids[length - 1]);
      census.finish(ids[length - 1]);
      for (const { replay } of replays) replay.finish(ids[length - 1]);
    }
    blocks += length;
    options.onProgress?.(blocks);
  });
  if (blocks === 0) throw new RunError("it executed no virtual instructions: only what colon definitions execute is traced");
  if (!warm) throw new UsageError(`the warm-up of ${options.warmup} virtual instructions is longer than the run (${ran})`);
  return replays.map(({ technique, frontEnd, lowering, replay }) => ({ technique, frontEnd, counts: count(census, lowering, replay) }));
}

export interface SimulateOptions extends ExperimentOptions {
  readonly size: Size;
  readonly cost: CostParameters;
  readonly maxInstructions: number;
}

/** Simulates one program and makes rows of it, switch included as what speedups compare with. */
export async function simulateProgram(
  program: Program,
  options: SimulateOptions,
): Promise<{ readonly rows: Row[]; readonly sites: SiteRow[] }> {
  const { size, cost } = options;
  const baseline = await readTechnique("switch");
  const asked = options.techniques.find(({ name }) => name === baseline.name);
  const techniques = asked === undefined ? [...options.techniques, baseline] : options.techniques;
  const run = program.start(size, options.maxInstructions);
  const measurements = await measure(run, { ...options, techniques }).catch((error) => {
    // a program's own errors begin with file and line
    if (error instanceof RunError && !/^.+?:\d+: /.test(error.message)) throw new RunError(`${program.id}: ${error.message}`);
    if (error instanceof UsageError) throw new UsageError(`${program.id}: ${error.message}`);
    throw error;
  });
  const rows: Row[] = [];
  const sites: SiteRow[] = [];
  for (const { technique, frontEnd, counts } of measurements) {
    if (!options.techniques.includes(technique)) continue;
    const subject = { program: program.id, size, technique: technique.name, frontEnd, programSha256: program.sha256 };
    const switchCounts = measurements.find((other) => other.technique === (asked ?? baseline) && other.frontEnd === frontEnd)?.counts;
    rows.push(...rowsOf(subject, counts, switchCounts ?? counts, cost));
    sites.push(...siteRowsOf(subject, counts));
  }
  return { rows, sites };
}
