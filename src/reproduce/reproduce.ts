// `reproduce` as a function: runs the experiments behind claims, each point once however many claims look at it, and asks
// every claim what its rows say.

import { readTechniques } from "../dispatch/techniques.ts";
import { RunError } from "../errors.ts";
import { readFrontEnds, readMachines } from "../front-end/front-end.ts";
import { programIds, type Size } from "../guests/programs.ts";
import { openSession } from "../jobs/session.ts";
import { allOf } from "../jobs/spread.ts";
import { failureLines } from "../results/failures.ts";
import { groupBy } from "../results/group-by.ts";
import type { Row } from "../results/rows.ts";
import { simulateIn } from "../simulate/simulate.ts";
import type { Experiment, Finding, Verdict } from "./claim.ts";
import { findClaims, type NamedClaim } from "./claims.ts";
import { type Answers, ask, type Deciders, decide } from "./decide.ts";
import { missingFor, type OtherLanguage, otherLanguages, otherPrograms } from "./other-programs.ts";
import { type Selection, select } from "./selection.ts";

export interface ReproduceRequest extends Deciders {
  /** Ids of claims; default: all. */
  readonly claims?: readonly string[];
  /** Only claims of this source: "rust", "zig", "zaleski", "literature". */
  readonly source?: string;
  /** "test" (default) or "full". */
  readonly size?: Size;
  /** Worker threads at most; default: one for every core. */
  readonly jobs?: number;
  /** Whether programs play from tapes of earlier runs, and are taped; default: yes. */
  readonly cache?: boolean;
  /** Order and padding of bodies in all experiments that name none; default: the layout as it is. */
  readonly layoutSeed?: number;
  /** Takes what could not be compiled or timed, and what makes times doubtful: a line each. */
  readonly onDoubt?: (line: string) => void;
  /** Called as the work goes on: runs of programs done, of how many, and the program that runs. */
  readonly onProgress?: (done: number, total: number, program: string) => void;
}

/** What became of a claim on programs in another language; without rows, why it was left out. */
export interface OutcomeOnOthers {
  readonly measured: string;
  readonly verdict?: Verdict;
  readonly rows: readonly Row[];
}

/** A claim and what became of it. */
export interface Outcome {
  readonly claim: NamedClaim;
  readonly finding: Finding;
  /** Everything that the verdict was computed from. */
  readonly rows: readonly Row[];
  /** The same by experiment. */
  readonly experiments: Readonly<Record<string, Selection>>;
  /** Those that its chart shows. */
  readonly shown: readonly Row[];
  /** What became of the same on programs in other languages, or why it was left out, for those that the claim names. */
  readonly on: Readonly<Partial<Record<OtherLanguage, OutcomeOnOthers>>>;
}

type Options = Omit<Experiment, "inputs" | "technique" | "predictor" | "machine">;

/** One program through one technique and one front end under some options: five rows. */
interface ExperimentPoint {
  readonly options: Options;
  readonly program: string;
  readonly technique: string;
  readonly predictor: string;
  /** Whether the front end is a machine's. */
  readonly machine: boolean;
}

const keyOf = (...parts: readonly unknown[]): string => JSON.stringify(parts);
const optionsKey = (options: Options): string => keyOf(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1)));
const pointKey = ({ options, program, technique, predictor }: ExperimentPoint): string =>
  keyOf(optionsKey(options), program, technique, predictor);

/** The points of an experiment, everything named as rows name it. */
async function pointsOf(experiment: Experiment): Promise<ExperimentPoint[]> {
  const { inputs = programIds(), technique, predictor, machine, ...options } = experiment;
  const techniques = await readTechniques(technique);
  const frontEnds = [
    ...(predictor === undefined ? [] : await readFrontEnds(predictor)),
    ...(machine === undefined ? [] : await readMachines(machine)),
  ];
  return inputs.flatMap((program) =>
    techniques.flatMap(({ name }) =>
      frontEnds.map((frontEnd) => ({
        options,
        program,
        technique: name,
        predictor: frontEnd.name,
        machine: frontEnd.machine !== undefined,
      })),
    ),
  );
}

/** Points that differ in programs, techniques and front ends only: one call of `simulate` for each set of programs makes them. */
function runsOf(points: readonly ExperimentPoint[]): ExperimentPoint[][] {
  const distinct = [...new Map(points.map((point) => [pointKey(point), point])).values()];
  const byProgram = [...groupBy(distinct, ({ options, program }) => keyOf(optionsKey(options), program)).values()];
  const wanted = (group: readonly ExperimentPoint[]): string =>
    keyOf(...group.map(({ technique, predictor }) => keyOf(technique, predictor)).sort());
  return [...groupBy(byProgram, (group) => keyOf(optionsKey(group[0].options), wanted(group))).values()].map((groups) => groups.flat());
}

/** An experiment under a layout, unless it names one. */
const laidOut = (experiment: Experiment, layoutSeed: number | undefined): Experiment =>
  layoutSeed === undefined || experiment.layoutSeed !== undefined ? experiment : { ...experiment, layoutSeed };

/** A claim with the verdict that is expected at size full. */
export const atFull = (claim: NamedClaim): NamedClaim => ({ ...claim, expectedVerdict: claim.expectedAtFull ?? claim.expectedVerdict });

/** Does one thing after the other. */
async function inTurn<T, R>(things: readonly T[], work: (thing: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const thing of things) results.push(await work(thing));
  return results;
}

/**
 * @throws UsageError for unknown claims or sources
 * @throws RunError when a program fails
 */
export async function reproduce(request: ReproduceRequest = {}): Promise<Outcome[]> {
  const { claims: ids = [], source, size, jobs, cache, layoutSeed, onDoubt, onProgress } = request;
  const claims = await findClaims(ids, source);
  const points = new Map<Experiment, ExperimentPoint[]>();
  for (const experiment of claims.flatMap(({ experiments }) => Object.values(experiments)))
    points.set(experiment, await pointsOf(laidOut(experiment, layoutSeed)));
  /** What other languages need that is missing here. */
  const missing = new Map<OtherLanguage, string | undefined>();
  for (const language of otherLanguages) {
    const asked = claims.flatMap(({ on }) => on?.[language] ?? []);
    if (asked.length === 0) continue;
    missing.set(language, missingFor(language));
    if (missing.get(language) !== undefined) continue;
    for (const { experiment } of asked)
      points.set(experiment, [
        ...(points.get(experiment) ?? []),
        ...(await pointsOf(laidOut({ ...experiment, inputs: otherPrograms(language) }, layoutSeed))),
      ]);
  }
  const runs = runsOf([...points.values()].flat());
  const total = runs.reduce((sum, run) => sum + new Set(run.map(({ program }) => program)).size, 0);
  const session = openSession({ jobs, cache });
  const finished = new Map<ExperimentPoint[], number>();
  /** A run's rows. */
  async function work(run: ExperimentPoint[]): Promise<readonly Row[]> {
    const namesOf = (what: (point: ExperimentPoint) => string, among = run): string[] => [...new Set(among.map(what))];
    const front = (machine: boolean): string | undefined =>
      namesOf(
        ({ predictor }) => predictor,
        run.filter((point) => point.machine === machine),
      ).join(",") || undefined;
    const programs = namesOf(({ program }) => program);
    const pairs = new Set(run.map(({ technique, predictor }) => keyOf(technique, predictor)));
    const [{ options }] = run;
    const simulated = {
      ...options,
      inputs: programs,
      technique: namesOf(({ technique }) => technique).join(","),
      predictor: front(false),
      machine: front(true),
      size,
      sites: false,
      onProgress(program: string, done: number) {
        finished.set(run, done);
        onProgress?.(
          [...finished.values()].reduce((sum, count) => sum + count, 0),
          total,
          program,
        );
      },
    };
    const results = await simulateIn(session, simulated, {
      pairs: (technique, predictor) => pairs.has(keyOf(technique, predictor)),
      baseline: false,
      many: session.jobs > 1 && runs.length > 1 ? total : undefined,
    });
    finished.set(run, programs.length);
    if (results.failures.length > 0) throw new RunError(failureLines(results.failures).join("\n"));
    return results.rows;
  }
  const rows = new Map<string, Row[]>();
  let answers: Answers;
  try {
    // before workers disturb the clock
    answers = await ask(claims, request, session, (what) => onProgress?.(0, total, what));
    for (const line of answers.doubts) onDoubt?.(line);
    // with one job they run one after the other; else all of them wait for the same workers
    const results = session.jobs === 1 ? await inTurn(runs, work) : await allOf(runs.map(work));
    results.forEach((found, i) => {
      const [{ options }] = runs[i];
      for (const row of found) {
        const key = keyOf(optionsKey(options), row.program, row.technique, row.predictor);
        rows.set(key, [...(rows.get(key) ?? []), row]);
      }
    });
  } finally {
    await session.close();
  }
  const rowsOf = (experiment: Experiment): Row[] => (points.get(experiment) ?? []).flatMap((point) => rows.get(pointKey(point)) ?? []);
  return claims.map((claim) => {
    const { experiments } = claim;
    const evidence = Object.entries(experiments).map(([name, experiment]) => [name, select(rowsOf(experiment))] as const);
    const all = new Set(evidence.flatMap(([, selection]) => selection.rows));
    const selections = Object.fromEntries(evidence);
    const finding = decide(claim, answers, claim.judge(selections));
    const named = evidence.find(([name]) => name === claim.shows?.experiment);
    const rows = [...all];
    const shown = named === undefined ? rows : named[1].rows;
    const on = Object.fromEntries(
      otherLanguages.flatMap((language): [OtherLanguage, OutcomeOnOthers][] => {
        const part = claim.on?.[language];
        if (part === undefined) return [];
        const what = missing.get(language);
        if (what !== undefined) return [[language, { measured: `left out: ${what}`, rows: [] }]];
        const programs = new Set(otherPrograms(language));
        const ofOthers = rowsOf(part.experiment).filter(({ program }) => programs.has(program));
        const selected = select(ofOthers);
        return [[language, { measured: part.measured(selected), verdict: part.verdict?.(selected), rows: ofOthers }]];
      }),
    );
    return { claim: size === "full" ? atFull(claim) : claim, finding, rows, experiments: selections, shown, on };
  });
}
