// `advise` as a function: programs or recordings in, advice out. What dispatch costs on each machine, the best technique that each means
// of building an interpreter allows, and which superinstructions pay. Everything follows from simulations of all techniques.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Means } from "../dispatch/native-code.ts";
import { readTechniques, techniqueDefinition, techniqueIds } from "../dispatch/techniques.ts";
import { UsageError } from "../errors.ts";
import { readMachines } from "../front-end/front-end.ts";
import { doubtLines, unfitForPrograms } from "../front-end/machines/machine.ts";
import { refuseIdleSize, type Size } from "../guests/programs.ts";
import { openSession, type Session } from "../jobs/session.ts";
import { MOST_INSTRUCTIONS } from "../lab/lab.ts";
import type { OptionValues } from "../options/request.ts";
import { estimatedCycles } from "../results/cost.ts";
import type { SimulateRequest } from "../simulate/request.ts";
import { simulateIn } from "../simulate/simulate.ts";
import { bestOfMeans, type Candidate, candidateOf, layoutOf, promising, sum, worthTheirMeans } from "./candidates.ts";
import { BRIEF, executedBy } from "./executed.ts";
import { type FitMachine, type PairFilter, PERFECT, replayPromising } from "./fastest.ts";
import type { OpcodePair } from "./mispredicted-pairs.ts";
import { type Superinstruction, superinstructionsFor } from "./superinstructions.ts";
import { type RecordedInterpreter, readWorkload, type Workload } from "./workload.ts";

/** Whom to advise, and what is taken to hold; everything but the inputs has a default. */
export interface AdviseRequest
  extends Pick<OptionValues, "machine" | "size" | "bodies" | "maxInstructions" | "technique" | "dispatch">,
    Pick<SimulateRequest, "jobs" | "cache"> {
  /**
   * Programs (ids, files, logs of opcodes) or recordings. Several are one interpreter's workload: counts are added up.
   */
  readonly inputs: readonly string[];
  /** The technique that the interpreter has today; default: switch, or what a recording shows. */
  readonly now?: string;
  /** A folder for what recordings become: a log of opcodes, bodies and dispatch sites; default: they are not kept. */
  readonly keep?: string;
  /** Called as the work goes on. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** The dispatches of a recorded interpreter on one machine, among all branches of its process. */
export interface RecordedDispatches {
  readonly dispatches: number;
  readonly mispredictions: number;
}

export interface MachineAdvice {
  readonly machine: string;
  readonly title: string;
  /** Estimated cycles for a virtual instruction under the technique of today. */
  readonly cyclesPerInstruction: number;
  /** Those of them that are not the bodies' own instructions: dispatch, mispredictions and what else branches cost. */
  readonly dispatchCyclesPerInstruction: number;
  readonly now: Candidate;
  /** Of recordings: what was recorded, replayed. */
  readonly recorded: RecordedDispatches | undefined;
  /** Why estimates of today's technique are not to be believed on this machine, a line each. */
  readonly doubts: readonly string[];
  /** The fastest for each means, the least means first. */
  readonly best: readonly Candidate[];
  /** Those of `best` that are worth their means: faster by WORTH at least, and by as much than what less means allow. */
  readonly advised: readonly Candidate[];
}

export interface Advice {
  /** Programs or recordings, as they were given. */
  readonly programs: readonly string[];
  /** The same as files and ids that simulations take: of a recording, its log of opcodes if it is kept. */
  readonly simulated: readonly string[];
  /** Whether these are there still. */
  readonly kept: boolean;
  /** Whose bodies the opcodes have, as `--bodies` takes it; undefined for their own. */
  readonly bodies: string | undefined;
  readonly virtualInstructions: number;
  readonly size: Size;
  readonly now: string;
  /** The same for people. */
  readonly nowText: string;
  /** Orders of the bodies in memory that were tried. */
  readonly layoutSeeds: readonly number[];
  /** Whether virtual addresses are known; if not, what depends on them is left out, and superinstructions save at most so much. */
  readonly addresses: boolean;
  readonly recorded: RecordedInterpreter | undefined;
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

const LAYOUT_SEEDS = [0, 1, 2, 3, 4];
const MOST_LISTED = 10;

/** @throws UsageError for unknown names, and machines whose model says nothing of programs */
async function fitMachines(machine: string | undefined): Promise<{ readonly asked: string; readonly machines: readonly FitMachine[] }> {
  const asked = machine ?? (existsSync(HOST_FILE) ? `${DEFAULT_MACHINES},${HOST_FILE}` : DEFAULT_MACHINES);
  const machines = await readMachines(asked);
  for (const { machine: one } of machines) {
    const unfit = one && unfitForPrograms(one);
    if (unfit !== undefined) throw new UsageError(`machine ${one?.id}: ${unfit}: choose another one`);
  }
  return { asked, machines: machines as readonly FitMachine[] };
}

/** The techniques to choose from, by name, with their means. @throws UsageError for one that a trace without addresses says nothing of */
async function candidateTechniques(asked: string | undefined, addresses: boolean): Promise<Map<string, Means>> {
  const found = new Map<string, Means>();
  const names = asked === undefined || asked === "all" ? techniqueIds() : (await readTechniques(asked)).map(({ name }) => name);
  for (const name of names) {
    const { means, needsAddresses } = await techniqueDefinition(name.split(":")[0]);
    if (needsAddresses !== true || addresses) found.set(name, means);
    else if (asked !== undefined && asked !== "all")
      throw new UsageError(
        `--technique=${name}: its code depends on virtual addresses, which neither a recording nor a log of opcodes alone has`,
      );
  }
  return found;
}

/** The recorded dispatches themselves, on each machine by its name. */
async function recordedOn(
  session: Session,
  { recordings, recorded }: Workload,
  machine: string,
): Promise<ReadonlyMap<string, RecordedDispatches>> {
  if (recorded === undefined) return new Map();
  const inputs = recordings.map(({ id }) => id);
  const request = { inputs, machine, dispatch: recorded.sites.join(","), sites: false };
  const { rows } = await simulateIn(session, request, { hashed: false });
  const dispatching = rows.filter(({ kind }) => kind === "dispatch");
  const on = new Map<string, RecordedDispatches>();
  for (const { predictor, branches, mispredictions = 0 } of dispatching) {
    const before = on.get(predictor) ?? { dispatches: 0, mispredictions: 0 };
    on.set(predictor, { dispatches: before.dispatches + branches, mispredictions: before.mispredictions + mispredictions });
  }
  return on;
}

/**
 * Advises who writes the interpreter that runs these programs, or that was recorded.
 * @throws UsageError for wrong names or values
 * @throws RunError when a program fails
 */
export async function advise(request: AdviseRequest): Promise<Advice> {
  // names of techniques hold paths, between commas and colons
  if (request.keep !== undefined && /[,:]/.test(request.keep))
    throw new UsageError(`--keep: expected a folder without commas and colons in its path, got ${request.keep}`);
  const folder = request.keep ?? mkdtempSync(join(tmpdir(), "bplab-"));
  const session = openSession(request);
  try {
    return await adviseIn(session, request, folder);
  } finally {
    await session.close();
    if (request.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function adviseIn(session: Session, request: AdviseRequest, folder: string): Promise<Advice> {
  const { onProgress, size = "test", maxInstructions = MOST_INSTRUCTIONS } = request;
  const steps = LAYOUT_SEEDS.length + 3;
  onProgress?.(0, steps);
  const { asked, machines } = await fitMachines(request.machine);
  const work = await readWorkload({ ...request, maxInstructions }, folder);
  const { now, recorded } = work;
  if (recorded !== undefined && request.size !== undefined)
    throw new UsageError("--size says how much work a program does, and the inputs are recordings: leave it out");
  refuseIdleSize(size, work.programs);
  const executed = await executedBy(session, work, machines[0], size, maxInstructions);
  const { profile, virtualInstructions, bodyInstructions, addresses, pairs } = executed;
  const techniques = await candidateTechniques(request.technique, addresses);
  const { means: meansNow } = await techniqueDefinition(now.split(":")[0]);
  const recordedDispatches = await recordedOn(session, work, asked);
  onProgress?.(1, steps);

  const layoutOfSeed = (
    layoutSeed: number,
    on: Pick<SimulateRequest, "machine" | "predictor">,
    names: Iterable<string>,
    pairs?: PairFilter,
  ) =>
    layoutOf(
      session,
      {
        inputs: work.programs.map(({ id }) => id),
        ...on,
        technique: [...names].join(","),
        ...(recorded === undefined ? { size } : {}),
        bodies: work.bodies,
        maxInstructions: request.maxInstructions,
        layoutSeed,
      },
      { pairs, brief: virtualInstructions <= BRIEF ? true : undefined },
    );
  const [firstSeed, ...otherSeeds] = LAYOUT_SEEDS;
  const perfect = await layoutOfSeed(firstSeed, { predictor: PERFECT }, techniques.keys());
  onProgress?.(2, steps);
  const layouts = [
    await replayPromising(techniques, now, machines, perfect, (names, pairs) => layoutOfSeed(firstSeed, { machine: asked }, names, pairs)),
  ];
  onProgress?.(3, steps);
  const bestOf = (machine: string, names: Iterable<string>): Candidate[] =>
    bestOfMeans([...new Set(names)].map((name) => candidateOf(name, techniques.get(name) ?? meansNow, now, machine, layouts)));
  const found = new Map(
    machines.map(({ name }) => [
      name,
      bestOf(
        name,
        [now, ...techniques.keys()].filter((technique) => layouts[0].has(technique, name)),
      ),
    ]),
  );
  /** What is worth trying in other orders of the bodies: on each machine, what can come to be advised. */
  const tried = new Map(
    machines.map(({ name }) => {
      const others = promising(found.get(name) ?? []).filter(({ technique }) => technique !== now);
      return [name, new Set(others.length === 0 ? [] : [now, ...others.map(({ technique }) => technique)])];
    }),
  );
  for (const seed of otherSeeds) {
    const names = new Set([...tried.values()].flatMap((of) => [...of]));
    if (names.size === 0) break;
    layouts.push(await layoutOfSeed(seed, { machine: asked }, names, (technique, machine) => tried.get(machine)?.has(technique) === true));
    onProgress?.(layouts.length + 2, steps);
  }

  const kept = recorded === undefined || request.keep !== undefined;
  /** Without the path of a file that is not kept. */
  const shown = (candidate: Candidate): Candidate =>
    kept || candidate.technique !== now ? candidate : { ...candidate, technique: work.nowText };
  const machineAdvice = machines.map(({ name, machine }): MachineAdvice => {
    const { charges, costs } = layouts[0].of(now, name);
    const cycles = estimatedCycles(charges, costs.values);
    const best = bestOf(
      name,
      (found.get(name) ?? []).map(({ technique }) => technique),
    ).map(shown);
    return {
      machine: name,
      title: machine.title,
      cyclesPerInstruction: cycles / virtualInstructions,
      dispatchCyclesPerInstruction: (cycles - bodyInstructions / costs.values.instructionsPerCycle) / virtualInstructions,
      now: shown(candidateOf(now, meansNow, now, name, layouts)),
      recorded: recordedDispatches.get(name),
      doubts: doubtLines(machine, [now]),
      best,
      advised: worthTheirMeans(
        best.filter(({ technique }) => tried.get(name)?.has(technique)),
        meansNow,
      ),
    };
  });
  const mispredicted = sum(pairs.map((one) => one.mispredictions));
  return {
    programs: request.inputs,
    simulated: work.programs.map(({ id }) => id),
    virtualInstructions,
    size,
    kept,
    bodies: kept ? work.bodies : request.bodies,
    now: kept ? now : work.nowText,
    nowText: work.nowText,
    layoutSeeds: LAYOUT_SEEDS,
    addresses,
    recorded,
    machines: machineAdvice,
    superinstructions: superinstructionsFor(profile, MOST_LISTED),
    pairs: pairs.slice(0, MOST_LISTED).map((pair) => ({ ...pair, share: pair.mispredictions / mispredicted })),
    window: layouts[0].of(now, machines[0].name).dispatch.find(({ window }) => window !== undefined)?.window,
  };
}
