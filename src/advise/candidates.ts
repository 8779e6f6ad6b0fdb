// The techniques that an interpreter could have, beside the one of today: what each comes to on a machine, and which is the best that
// each means of building an interpreter allows.
import { MEANS, type Means } from "../dispatch/native-code.ts";
import { RunError } from "../errors.ts";
import { COST_NAMES } from "../front-end/machines/costs.ts";
import type { Session } from "../jobs/session.ts";
import type { Charges } from "../results/cost.ts";
import { groupBy } from "../results/group-by.ts";
import type { Row } from "../results/rows.ts";
import { type EstimateTerms, speedupOver } from "../results/speedups.ts";
import type { Manner, SimulateRequest } from "../simulate/request.ts";
import { simulateIn } from "../simulate/simulate.ts";

/** What one technique comes to on one machine. */
export interface Candidate {
  readonly technique: string;
  readonly means: Means;
  /** Estimated cycles of the technique of today over this one's: the geometric mean over layouts of the bodies. */
  readonly speedup: number;
  /** The least and the most: figures of the machine within what they may be off, and layouts. */
  readonly range: readonly [least: number, most: number];
  /** Orders of the bodies in memory that were tried: one where the technique is slower in the first than what less means allow. */
  readonly layouts: number;
  /** Bytes of native code (bodies, dispatch and what is generated for the programs) and of tables; the largest of several programs. */
  readonly codeBytes: number;
  readonly tableBytes: number;
  /** Mispredicted dispatches, and their share of executed dispatches; undefined if there is none. */
  readonly mispredictions: number;
  readonly mispredictionRate: number | undefined;
}

/** What to gain is worth the work from here on; anything less is within what the model is off by (docs/cycles.md). */
export const WORTH = 1.05;

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Rows of several programs under one technique and machine as one. */
export interface Together extends EstimateTerms {
  readonly charges: Charges;
  readonly dispatch: readonly Row[];
}

function together(rows: readonly Row[]): Together {
  const dispatch = rows.filter(({ kind }) => kind === "dispatch");
  const charges = Object.fromEntries(COST_NAMES.map((name) => [name, sum(dispatch.map((row) => row.charges?.[name] ?? 0))])) as Charges;
  return { charges, costs: dispatch[0].costs, dispatch };
}

/** All rows of one order of the bodies, by technique and machine. */
export interface Layout {
  has(technique: string, machine: string): boolean;
  of(technique: string, machine: string): Together;
}

const keyOf = (technique: string, machine: string): string => JSON.stringify([technique, machine]);

/** Simulates all pairs of techniques and machines that a manner allows. @throws RunError when one fails */
export async function layoutOf(session: Session, request: SimulateRequest, manner: Manner): Promise<Layout> {
  const { rows, failures } = await simulateIn(session, { ...request, sites: false }, { ...manner, baseline: false });
  const [failure] = failures;
  if (failure !== undefined) throw new RunError(failure.message);
  const all = new Map(
    [...groupBy(rows, ({ technique, predictor }) => keyOf(technique, predictor))].map(([key, group]) => [key, together(group)]),
  );
  return {
    has: (technique, machine) => all.has(keyOf(technique, machine)),
    of: (technique, machine) => all.get(keyOf(technique, machine)) as Together,
  };
}

/** Parts of the same order of the bodies as one. */
export const joined = (parts: readonly Layout[]): Layout => ({
  has: (technique, machine) => parts.some((part) => part.has(technique, machine)),
  of: (technique, machine) => (parts.find((part) => part.has(technique, machine)) as Layout).of(technique, machine),
});

/** @param layouts the first of which has every technique on every machine */
export function candidateOf(technique: string, means: Means, now: string, machine: string, layouts: readonly Layout[]): Candidate {
  const tried = layouts.filter((layout) => layout.has(technique, machine));
  const speedups = tried.map((layout) => speedupOver(layout.of(now, machine), layout.of(technique, machine), []));
  const { dispatch } = layouts[0].of(technique, machine);
  const bytes = (of: (row: Row) => number): number => Math.max(...dispatch.map(of));
  const mispredictions = sum(dispatch.map((row) => row.mispredictions ?? 0));
  const branches = sum(dispatch.map((row) => row.branches));
  return {
    technique,
    means,
    speedup: Math.exp(sum(speedups.map(({ speedup = 1 }) => Math.log(speedup))) / speedups.length),
    range: [Math.min(...speedups.map(({ range }) => range?.[0] ?? 1)), Math.max(...speedups.map(({ range }) => range?.[1] ?? 1))],
    layouts: tried.length,
    codeBytes: bytes(({ footprint }) => sum(Object.values(footprint?.bytes ?? {})) - (footprint?.bytes.table ?? 0)),
    tableBytes: bytes(({ footprint }) => footprint?.bytes.table ?? 0),
    mispredictions,
    mispredictionRate: branches === 0 ? undefined : mispredictions / branches,
  };
}

/** The fastest for each means, the least means first. */
export const bestOfMeans = (candidates: readonly Candidate[]): Candidate[] =>
  MEANS.flatMap((means) => {
    const [best] = candidates.filter((candidate) => candidate.means === means).sort((a, b) => b.speedup - a.speedup);
    return best ?? [];
  });

/**
 * Those that are at least as fast as everything that less means allow, and faster than today whatever the figures are: none of the
 * others comes to be advised.
 */
export const promising = (best: readonly Candidate[]): Candidate[] =>
  best.filter(({ speedup, range }, i) => range[0] > 1 && speedup >= Math.max(1, ...best.slice(0, i).map((less) => less.speedup)));

/**
 * Those that gain so much over what less means allow that the means are worth it. Means up to those of today are at hand: of what they
 * allow, the fastest.
 * @param best the fastest for each means, the least means first
 */
export function worthTheirMeans(best: readonly Candidate[], today: Means): Candidate[] {
  const isAtHand = ({ means }: Candidate): boolean => MEANS.indexOf(means) <= MEANS.indexOf(today);
  const [atHand] = best.filter(isAtHand).sort((a, b) => b.speedup - a.speedup);
  const advised: Candidate[] = [];
  for (const candidate of best) {
    if (isAtHand(candidate) && candidate !== atHand) continue;
    const before = Math.max(1, ...advised.map(({ speedup }) => speedup));
    if (candidate.range[0] > 1 && candidate.speedup >= before * WORTH) advised.push(candidate);
  }
  return advised;
}
