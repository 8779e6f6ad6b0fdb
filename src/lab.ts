// The whole pipeline on one page:
//
//   program → guest → virtual trace → technique's layout, lowered → native branches → front end → counts → rows
//
// The guest runs once per program; its blocks stream through every technique and front end as they come.
import type { CacheGeometries } from "./cache.ts";
import { replayFetches, replayTableLoads } from "./cache-replay.ts";
import type { CostParameters } from "./cost.ts";
import { createLowering, type Lowering } from "./dispatch/lowering.ts";
import type { LayoutContext } from "./dispatch/native-code.ts";
import { NO_PROFILE } from "./dispatch/profile.ts";
import { readTechnique, type Technique } from "./dispatch/techniques.ts";
import { RunError, UsageError } from "./errors.ts";
import { footprintOf } from "./footprint.ts";
import type { FrontEnd } from "./front-end.ts";
import type { MeasuredBodies } from "./measured-bodies.ts";
import type { Program, Size } from "./programs.ts";
import { createReplay, type Replay } from "./replay.ts";
import { type Row, rowsOf, type SiteRow, siteRowsOf } from "./rows.ts";
import { type Census, type Counts, count, createCensus, type TechniqueCounts } from "./statistics.ts";
import type { VirtualRun } from "./trace/run.ts";
import type { TraceView } from "./trace/view.ts";
import type { Trainer } from "./training.ts";
import { runWithBodies } from "./with-bodies.ts";

export interface ExperimentOptions {
  readonly techniques: readonly Technique[];
  readonly frontEnds: readonly FrontEnd[];
  /** Virtual instructions that train the predictors before counting starts, to the next end of a block. */
  readonly warmup: number;
  /** What layouts may depend on besides the program; default: plain ones. */
  readonly context?: LayoutContext;
  /** Default: none is modelled. */
  readonly caches?: CacheGeometries;
  /** Called now and then with the virtual blocks that ran so far. */
  readonly onProgress?: (blocks: number) => void;
}

/** One technique under one front end. */
export interface Measurement {
  readonly technique: Technique;
  readonly frontEnd: FrontEnd;
  readonly counts: Counts;
}

/** What blocks stream through. */
type Part = Pick<Replay, "run" | "enter" | "finish" | "reset">;

/** One technique's way through a run: how it looks at the trace, and the replays and caches that share its lowering. */
interface Lane {
  readonly technique: Technique;
  readonly view: TraceView | undefined;
  readonly census: Census;
  readonly lowering: Lowering;
  readonly replays: readonly Replay[];
  /** The replays, and the caches. */
  readonly parts: readonly Part[];
  counts(): TechniqueCounts;
}

/** Runs a program once and replays it through every technique and front end. */
export async function measure(run: VirtualRun, options: ExperimentOptions): Promise<Measurement[]> {
  const { program } = run;
  const census = createCensus(program);
  const lanes: Lane[] = await Promise.all(
    options.techniques.map(async (technique) => {
      const view = technique.view(program);
      const seen = view?.program ?? program;
      const lowering = createLowering(seen, technique.layout(seen, options.context));
      const replays = await Promise.all(options.frontEnds.map((frontEnd) => createReplay(seen, lowering, frontEnd)));
      const { icache, dcache } = options.caches ?? {};
      const fetches = icache && replayFetches(seen, lowering, icache);
      const loads = dcache && replayTableLoads(seen, lowering, dcache);
      const own = view === undefined ? census : createCensus(seen);
      return {
        technique,
        view,
        census: own,
        lowering,
        replays,
        parts: [...replays, ...(fetches ? [fetches] : []), ...(loads ? [loads] : [])],
        counts: () => ({ footprint: footprintOf(own, lowering), icache: fetches?.counts(), dcache: loads?.counts() }),
      };
    }),
  );

  let blocks = 0;
  let ran = 0;
  let warm = options.warmup === 0;
  const feed = (ids: Int32Array, from: number, to: number): void => {
    if (from === to) return;
    census.run(ids, from, to);
    for (const { view, census: own, parts } of lanes) {
      if (view === undefined) {
        for (const part of parts) part.run(ids, from, to);
      } else {
        runAll([own, ...parts], view.translate(ids, from, to));
      }
    }
  };
  run.run((ids, length, next) => {
    if (blocks === 0) {
      census.enter();
      for (const { view, census: own, parts } of lanes) {
        const [first] = view === undefined ? ids : view.translate(ids, 0, 0);
        if (view !== undefined) own.enter();
        for (const part of parts) part.enter(first);
      }
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
        for (const { census: own, parts } of lanes) for (const part of [own, ...parts]) part.reset();
      }
    }
    feed(ids, from, to);
    if (next < 0) {
      ran += program.blockLength(ids[to]);
      census.finish(ids[to]);
      for (const { view, census: own, parts: all } of lanes) {
        const parts = view === undefined ? all : [own, ...all];
        const last = view === undefined ? ids[to] : view.translate(ids, to, to)[0];
        for (const part of parts) part.finish(last);
        const epilogue = view?.epilogue?.();
        if (epilogue !== undefined) {
          runAll(parts, epilogue);
          for (const part of parts) part.finish(epilogue[epilogue.length - 1]);
        }
      }
    }
    blocks += length;
    options.onProgress?.(blocks);
  });
  if (blocks === 0) throw new RunError("it executed no virtual instructions: only what colon definitions execute is traced");
  if (!warm) throw new UsageError(`the warm-up of ${options.warmup} virtual instructions is longer than the run (${ran})`);
  const virtualInstructions = census.virtualInstructions();
  return lanes.flatMap(({ technique, census: own, lowering, replays, counts }) => {
    const techniqueCounts = counts();
    return replays.map((replay) => {
      return { technique, frontEnd: replay.frontEnd, counts: count(own, virtualInstructions, lowering, replay, techniqueCounts) };
    });
  });
}

/** Runs all of `ids` but the last, which only says what follows. */
function runAll(parts: readonly Pick<Part, "run">[], ids: Int32Array): void {
  for (const part of parts) part.run(ids, 0, ids.length - 1);
}

export interface SimulateOptions extends Omit<ExperimentOptions, "context"> {
  readonly layoutSeed: number;
  readonly trainer: Trainer;
  readonly size: Size;
  readonly cost: CostParameters;
  readonly maxInstructions: number;
  /** Native bodies for the program's opcodes; default: those that its guest gives them. */
  readonly bodies?: MeasuredBodies;
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
  const run = runWithBodies(program.start(size, options.maxInstructions), options.bodies);
  const profile = techniques.some(({ trains }) => trains)
    ? options.trainer(program, new Set(run.program.opcodes.map(({ name }) => name)))
    : NO_PROFILE;
  const context = { layoutSeed: options.layoutSeed, profile };
  const measurements = await measure(run, { ...options, techniques, context }).catch((error) => {
    // a program's own errors begin with file and line
    if (error instanceof RunError && !/^.+?:\d+: /.test(error.message)) throw new RunError(`${program.id}: ${error.message}`);
    if (error instanceof UsageError) throw new UsageError(`${program.id}: ${error.message}`);
    throw error;
  });
  const rows: Row[] = [];
  const sites: SiteRow[] = [];
  for (const { technique, frontEnd, counts } of measurements) {
    if (!options.techniques.includes(technique)) continue;
    const bodies = options.bodies?.id ?? "own";
    const subject = { program: program.id, size, technique: technique.name, frontEnd, bodies, programSha256: program.sha256 };
    const switchCounts = measurements.find((other) => other.technique === (asked ?? baseline) && other.frontEnd === frontEnd)?.counts;
    rows.push(...rowsOf(subject, counts, switchCounts ?? counts, cost));
    sites.push(...siteRowsOf(subject, counts));
  }
  return { rows, sites };
}
