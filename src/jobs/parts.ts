// The parts of one input's work: which front ends a worker gets, and how the parts' results are joined, in the order of the
// request.
import { messageOf, RunError, UsageError } from "../errors.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { Failure } from "../results/failures.ts";
import { groupBy } from "../results/group-by.ts";
import { type InputResults, joinResults, noResults } from "../results/rows.ts";
import { WorkerEnded } from "./pool.ts";

export const isForeign = ({ models }: FrontEnd): boolean => models.some(({ foreign }) => foreign);

/** The message for a front end whose worker ended. */
function endOf(frontEnd: FrontEnd, { hung, message }: WorkerEnded): string {
  if (hung) return `predictor ${frontEnd.name} does not return: ${message}`;
  return isForeign(frontEnd)
    ? `predictor ${frontEnd.name} ended its worker: ${message}`
    : `the worker of ${frontEnd.name} ended: ${message}`;
}

/** One technique under one front end. */
export interface Pair {
  readonly technique: string;
  readonly frontEnd: FrontEnd;
}

/** Splits pairs into parts: each user's front end separately, so that it can disturb no other; the rest in parts of nearly equal size. */
export function split(pairs: readonly Pair[], parts: number): Pair[][] {
  const own = pairs.filter(({ frontEnd }) => !isForeign(frontEnd));
  const count = Math.min(parts, own.length);
  const cut = (part: number): number => Math.floor((part * own.length) / count);
  return [
    ...Array.from({ length: count }, (_, part) => own.slice(cut(part), cut(part + 1))),
    ...pairs.filter(({ frontEnd }) => isForeign(frontEnd)).map((pair) => [pair]),
  ];
}

/** Some pairs, with their results or error. */
export interface PairsOutcome {
  readonly pairs: readonly Pair[];
  readonly outcome: InputResults | Error;
}

/** Does a part; if its worker ends, or on a bug of ours, that is the outcome. @throws UsageError, RunError for the whole input */
export async function attempt(pairs: readonly Pair[], work: () => Promise<InputResults>): Promise<PairsOutcome> {
  const outcome = await work().catch((error: Error) => {
    if (error instanceof UsageError || error instanceof RunError) throw error;
    return error;
  });
  return { pairs, outcome };
}

/** Groups rows by pair. */
function sorted(results: InputResults): (pair: Pair) => InputResults {
  const keyOf = ({ technique, predictor }: { readonly technique: string; readonly predictor: string }): string =>
    JSON.stringify([technique, predictor]);
  const rows = groupBy(results.rows, keyOf);
  const sites = groupBy(results.sites, keyOf);
  const intervals = groupBy(results.intervals, keyOf);
  const failures = groupBy(results.failures, keyOf);
  return ({ technique, frontEnd }) => {
    const key = keyOf({ technique, predictor: frontEnd.name });
    return {
      rows: rows.get(key) ?? [],
      sites: sites.get(key) ?? [],
      intervals: intervals.get(key) ?? [],
      failures: failures.get(key) ?? [],
      targets: [],
    };
  };
}

/**
 * Joins the parts of an input in the order of its pairs.
 * @param hung front ends that did not return on any input: they have no results at all, so that results do not depend on timing
 */
export function settle(
  program: string,
  pairs: readonly Pair[],
  parts: readonly PairsOutcome[],
  hung: ReadonlyMap<string, string>,
): InputResults {
  const all = noResults();
  const found = new Map(
    parts.flatMap(({ pairs: own, outcome }) => {
      const resultsOf = outcome instanceof Error ? () => outcome : sorted(outcome);
      return own.map((pair) => [pair, resultsOf] as const);
    }),
  );
  for (const pair of pairs) {
    const { technique, frontEnd } = pair;
    const message = hung.get(frontEnd.name);
    const outcome = message === undefined ? found.get(pair)?.(pair) : new WorkerEnded(message, true);
    if (outcome instanceof Error) all.failures.push(failureOf({ program, technique, predictor: frontEnd.name }, frontEnd, outcome));
    else if (outcome !== undefined) joinResults(all, outcome);
  }
  // targets of dispatches are the same under every front end
  for (const technique of new Set(pairs.map((pair) => pair.technique))) {
    const targets = parts.map(({ outcome }) =>
      outcome instanceof Error ? [] : outcome.targets.filter((row) => row.technique === technique),
    );
    for (const target of targets.find(({ length }) => length > 0) ?? []) all.targets.push(target);
  }
  return all;
}

function failureOf(of: Omit<Failure, "message">, frontEnd: FrontEnd, error: Error): Failure {
  if (error instanceof WorkerEnded) return { ...of, message: endOf(frontEnd, error) };
  return { ...of, message: `a bug in bplab: ${messageOf(error)}`, bug: error.stack };
}
