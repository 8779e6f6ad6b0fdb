// `advise` as a function: programs in, advice out. What dispatch costs on each machine, the best technique that each means of
// building an interpreter allows, and which superinstructions pay. Everything follows from simulations of all techniques.
import { existsSync } from "node:fs";
import { readMeasuredBodies } from "../bodies/measured-bodies.ts";
import { runWithBodies } from "../bodies/with-bodies.ts";
import { MEANS, type Means } from "../dispatch/native-code.ts";
import type { Profile } from "../dispatch/profile.ts";
import { readTechnique, techniqueDefinition, techniqueIds } from "../dispatch/techniques.ts";
import { ofProgram, RunError, UsageError } from "../errors.ts";
import { type FrontEnd, readMachines } from "../front-end/front-end.ts";
import { COST_NAMES } from "../front-end/machines/costs.ts";
import { type Machine, unfitForPrograms } from "../front-end/machines/machine.ts";
import { findProgram, type Program, programIds, type Size } from "../guests/programs.ts";
import { startFromTapes } from "../guests/tapes/tape-store.ts";
import { openSession, type Session } from "../jobs/session.ts";
import { MOST_INSTRUCTIONS } from "../lab/lab.ts";
import { createTrainer, profileOf } from "../lab/training.ts";
import type { OptionValues } from "../options/request.ts";
import { findRecording, recordingKinds } from "../recordings/find-recording.ts";
import { type Charges, estimatedCycles } from "../results/cost.ts";
import { groupBy } from "../results/group-by.ts";
import { BASELINE, type Row } from "../results/rows.ts";
import { type EstimateTerms, speedupOver } from "../results/speedups.ts";
import type { SimulateRequest } from "../simulate/request.ts";
import { simulateIn } from "../simulate/simulate.ts";
import { mispredictedPairs, type OpcodePair } from "./mispredicted-pairs.ts";
import { type Superinstruction, superinstructionsFor } from "./superinstructions.ts";

/** Whom to advise, and what is taken to hold; everything but the inputs has a default. */
export interface AdviseRequest
  extends Pick<OptionValues, "machine" | "size" | "bodies" | "maxInstructions">,
    Pick<SimulateRequest, "jobs" | "cache"> {
  /** Programs: ids, files, opcode logs. Several are one interpreter's workload: counts are added up. */
  readonly inputs: readonly string[];
  /** The technique that the interpreter has today; default: switch. */
  readonly now?: string;
  /** Called as the work goes on. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** What one technique comes to on one machine. */
export interface Candidate {
  readonly technique: string;
  readonly means: Means;
  /** Estimated cycles of the technique of today over this one's: the geometric mean over layouts of the bodies. */
  readonly speedup: number;
  /** The least and the most: figures of the machine within what they may be off, and layouts. */
  readonly range: readonly [least: number, most: number];
  /** Bytes of native code (bodies, dispatch and what is generated for the programs) and of tables; the largest of several programs. */
  readonly codeBytes: number;
  readonly tableBytes: number;
  /** Mispredicted dispatches, and their share of executed dispatches; undefined if there is none. */
  readonly mispredictions: number;
  readonly mispredictionRate: number | undefined;
}

export interface MachineAdvice {
  readonly machine: string;
  readonly title: string;
  /** Estimated cycles for a virtual instruction under the technique of today. */
  readonly cyclesPerInstruction: number;
  /** Those of them that are not the bodies' own instructions: dispatch, mispredictions and what else branches cost. */
  readonly dispatchCyclesPerInstruction: number;
  readonly now: Candidate;
  /** The fastest for each means, the least means first. */
  readonly best: readonly Candidate[];
  /** Those of `best` that are worth their means: faster by WORTH at least, and by as much than what less means allow. */
  readonly advised: readonly Candidate[];
}

export interface Advice {
  readonly programs: readonly string[];
  readonly virtualInstructions: number;
  readonly size: Size;
  readonly now: string;
  /** Orders of the bodies in memory that were tried. */
  readonly layoutSeeds: readonly number[];
  readonly machines: readonly MachineAdvice[];
  readonly superinstructions: readonly Superinstruction[];
  /** On the first machine, under the technique of today. */
  readonly pairs: readonly (OpcodePair & { readonly share: number })[];
  /** Whether the run was cut at this limit of virtual instructions. */
  readonly window: number | undefined;
}

/** One wide core of each of the three large makers, and what `bplab calibrate` wrote, if it stands in the working folder. */
export const DEFAULT_MACHINES = "golden-cove,zen-4,apple-m1";
const HOST_FILE = "./host.json";

/** What to gain is worth the work from here on; anything less is within what the model is off by (docs/cycles.md). */
export const WORTH = 1.05;

const LAYOUT_SEEDS = [0, 1, 2, 3, 4];
const MOST_LISTED = 10;

/** @throws UsageError for recordings, unknown names, and machines whose model says nothing of programs */
async function read({ inputs, now = BASELINE, machine }: AdviseRequest) {
  const kinds = await recordingKinds();
  const programs: Program[] = [];
  for (const name of inputs) {
    if (!programIds().includes(name) && (await findRecording(name)) !== undefined)
      throw new UsageError(
        `${name} is a recording, and advise needs virtual instructions: expected a program or a log of opcodes; what a recording says: bplab simulate ${name} --per-site`,
      );
    programs.push(await findProgram(name, kinds));
  }
  if (programs.length === 0) throw new UsageError("advise: expected at least one program or log of opcodes, got none");
  const asked = machine ?? (existsSync(HOST_FILE) ? `${DEFAULT_MACHINES},${HOST_FILE}` : DEFAULT_MACHINES);
  const machines = await readMachines(asked);
  for (const { machine: one } of machines) {
    const unfit = one && unfitForPrograms(one);
    if (unfit !== undefined) throw new UsageError(`machine ${one?.id}: ${unfit}: choose another one`);
  }
  const technique = await readTechnique(now);
  return { programs, machines: machines as readonly (FrontEnd & { readonly machine: Machine })[], asked, technique };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Rows of several programs under one technique and machine as one. */
interface Together extends EstimateTerms {
  readonly charges: Charges;
  readonly dispatch: readonly Row[];
}

function together(rows: readonly Row[]): Together {
  const dispatch = rows.filter(({ kind }) => kind === "dispatch");
  const charges = Object.fromEntries(COST_NAMES.map((name) => [name, sum(dispatch.map((row) => row.charges?.[name] ?? 0))])) as Charges;
  return { charges, costs: dispatch[0].costs, dispatch };
}

/** All rows of one layout, by technique and machine. */
type Layout = ReadonlyMap<string, Together>;
const keyOf = (technique: string, machine: string): string => JSON.stringify([technique, machine]);

async function layoutOf(session: Session, request: SimulateRequest): Promise<Layout> {
  const { rows, failures } = await simulateIn(session, { ...request, sites: false }, { baseline: false });
  const [failure] = failures;
  if (failure !== undefined) throw new RunError(failure.message);
  return new Map(
    [...groupBy(rows, ({ technique, predictor }) => keyOf(technique, predictor))].map(([key, group]) => [key, together(group)]),
  );
}

/** @param layouts all of which have both techniques on the machine */
function candidateOf(technique: string, means: Means, now: string, machine: string, layouts: readonly Layout[]): Candidate {
  const speedups = layouts.map((layout) => {
    const [before, after] = [now, technique].map((name) => layout.get(keyOf(name, machine)) as Together);
    return speedupOver(before, after, []);
  });
  const dispatch = layouts[0].get(keyOf(technique, machine))?.dispatch ?? [];
  const bytes = (of: (row: Row) => number): number => Math.max(...dispatch.map(of));
  const mispredictions = sum(dispatch.map((row) => row.mispredictions ?? 0));
  const branches = sum(dispatch.map((row) => row.branches));
  return {
    technique,
    means,
    speedup: Math.exp(sum(speedups.map(({ speedup = 1 }) => Math.log(speedup))) / speedups.length),
    range: [Math.min(...speedups.map(({ range }) => range?.[0] ?? 1)), Math.max(...speedups.map(({ range }) => range?.[1] ?? 1))],
    codeBytes: bytes(({ footprint }) => sum(Object.values(footprint?.bytes ?? {})) - (footprint?.bytes.table ?? 0)),
    tableBytes: bytes(({ footprint }) => footprint?.bytes.table ?? 0),
    mispredictions,
    mispredictionRate: branches === 0 ? undefined : mispredictions / branches,
  };
}

/** Those that gain so much over what less means allow that the means are worth it. */
function worthTheirMeans(best: readonly Candidate[]): Candidate[] {
  const advised: Candidate[] = [];
  for (const candidate of best) {
    const before = Math.max(1, ...advised.map(({ speedup }) => speedup));
    if (candidate.range[0] > 1 && candidate.speedup >= before * WORTH) advised.push(candidate);
  }
  return advised;
}

/**
 * Advises who writes the interpreter that runs these programs.
 * @throws UsageError for wrong names or values, and for recordings
 * @throws RunError when a program fails
 */
export async function advise(request: AdviseRequest): Promise<Advice> {
  const { programs, machines, asked, technique: today } = await read(request);
  const { onProgress } = request;
  const size = request.size ?? "test";
  const session = openSession(request);
  try {
    const meansOf = new Map<string, Means>();
    for (const id of techniqueIds()) meansOf.set(id, (await techniqueDefinition(id)).means);
    const now = today.name;
    const means = meansOf.get(now.split(":")[0]) ?? MEANS[0];
    const all = [...new Set([now, ...techniqueIds()])];
    const steps = LAYOUT_SEEDS.length + 1;
    const layoutOfSeed = (layoutSeed: number, techniques: readonly string[]): Promise<Layout> =>
      layoutOf(session, {
        inputs: request.inputs,
        machine: asked,
        technique: techniques.join(","),
        size,
        bodies: request.bodies,
        maxInstructions: request.maxInstructions,
        layoutSeed,
      });
    onProgress?.(0, steps);
    const first = await layoutOfSeed(LAYOUT_SEEDS[0], all);
    onProgress?.(1, steps);
    const bestOf = (layouts: readonly Layout[], machine: string, techniques: readonly string[]): Candidate[] => {
      const candidates = techniques.map((id) => candidateOf(id, meansOf.get(id) ?? means, now, machine, layouts));
      return MEANS.flatMap((one) => {
        const [best] = candidates.filter((candidate) => candidate.means === one).sort((a, b) => b.speedup - a.speedup);
        return best ?? [];
      });
    };
    const found = new Map(machines.map(({ name }) => [name, bestOf([first], name, all).map(({ technique }) => technique)]));
    // only what was found in the first layout is worth trying in others
    const tried = [...new Set([now, ...[...found.values()].flat()])];
    const layouts = [first];
    for (const seed of LAYOUT_SEEDS.slice(1)) {
      layouts.push(await layoutOfSeed(seed, tried));
      onProgress?.(layouts.length, steps);
    }

    const { profile, bodyInstructions, pairs } = await opcodesOf(session, request, programs, machines[0], now);
    const rowsNow = (first.get(keyOf(now, machines[0].name)) as Together).dispatch;
    const virtualInstructions = sum(rowsNow.map((row) => row.virtualInstructions ?? 0));
    const machineAdvice = machines.map(({ name, machine }): MachineAdvice => {
      const { charges, costs } = first.get(keyOf(now, name)) as Together;
      const cycles = estimatedCycles(charges, costs.values);
      const best = bestOf(layouts, name, found.get(name) ?? []);
      return {
        machine: name,
        title: machine.title,
        cyclesPerInstruction: cycles / virtualInstructions,
        dispatchCyclesPerInstruction: (cycles - bodyInstructions / costs.values.instructionsPerCycle) / virtualInstructions,
        now: candidateOf(now, means, now, name, layouts),
        best,
        advised: worthTheirMeans(best),
      };
    });
    onProgress?.(steps, steps);
    return {
      programs: programs.map(({ id }) => id),
      virtualInstructions,
      size,
      now,
      layoutSeeds: LAYOUT_SEEDS,
      machines: machineAdvice,
      superinstructions: superinstructionsFor(profile, MOST_LISTED),
      pairs: pairs
        .slice(0, MOST_LISTED)
        .map((pair) => ({ ...pair, share: pair.mispredictions / sum(pairs.map((one) => one.mispredictions)) })),
      window: rowsNow.find(({ window }) => window !== undefined)?.window,
    };
  } finally {
    await session.close();
  }
}

/** What the programs execute: their straight runs, the native instructions of their bodies, and the pairs that are mispredicted. */
async function opcodesOf(
  { tapeFolder, profiler }: Session,
  { bodies, size = "test", maxInstructions = MOST_INSTRUCTIONS }: AdviseRequest,
  programs: readonly Program[],
  machine: FrontEnd,
  now: string,
) {
  const technique = await readTechnique(now);
  const measured = bodies === undefined ? undefined : readMeasuredBodies(bodies);
  const start = startFromTapes(tapeFolder);
  const trainer = technique.trains ? createTrainer(undefined, profiler(false)) : undefined;
  const profile: Profile & { readonly runs: Profile["runs"][number][] } = { programs: programs.map(({ id }) => id), runs: [] };
  const pairs = new Map<string, OpcodePair>();
  let bodyInstructions = 0;
  for (const program of programs) {
    const started = () => runWithBodies(start(program, size, maxInstructions), measured);
    try {
      const run = started();
      const runs = profileOf(run);
      const opcodes = new Map(run.program.opcodes.map((opcode) => [opcode.name, opcode]));
      for (const { opcodes: names, count } of runs)
        bodyInstructions += count * sum(names.map((name) => opcodes.get(name)?.nativeInstructions ?? 0));
      profile.runs.push(...runs);
      const trained = (await trainer?.(program, new Set(opcodes.keys()))) ?? profile;
      for (const pair of await mispredictedPairs(started(), technique, machine, { layoutSeed: LAYOUT_SEEDS[0], profile: trained })) {
        const key = JSON.stringify([pair.opcode, pair.next]);
        pairs.set(key, { ...pair, mispredictions: pair.mispredictions + (pairs.get(key)?.mispredictions ?? 0) });
      }
    } catch (error) {
      throw ofProgram(program.id, error);
    }
  }
  return { profile, bodyInstructions, pairs: [...pairs.values()].sort((a, b) => b.mispredictions - a.mispredictions) };
}
