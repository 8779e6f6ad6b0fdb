// Speedups over switch, with their ranges while assumptions are uncertain.
import { ASSUMPTIONS, type Charges, type Costs, estimatedCycles, speedupRange } from "./cost.ts";
import { BASELINE, type InputResults, type Row } from "./rows.ts";

/** Terms of the estimate of one technique's cycles on one front end. */
export interface EstimateTerms {
  /** Number of events for each cost; undefined if dispatch is not modelled. */
  readonly charges: Charges | undefined;
  readonly costs: Costs;
}

export interface Speedup {
  /** Cycles of switch / cycles; undefined if either is unknown. */
  readonly speedup: number | undefined;
  /** The least and the greatest speedup while all costs stay within their ranges. */
  readonly range: readonly [least: number, most: number] | undefined;
  /** Whether an assumed IPC decides which of two techniques is faster; undefined if IPC is not assumed, or without switch to compare with (a recording). */
  readonly rankFlips: boolean | undefined;
}

/**
 * @param baseline switch on the same front end, if it ran
 * @param others all techniques on the same front end
 */
export function speedupOver(
  baseline: EstimateTerms | undefined,
  { charges, costs }: EstimateTerms,
  others: Iterable<EstimateTerms>,
): Speedup {
  const both = baseline?.charges !== undefined && charges !== undefined;
  return {
    speedup: both ? estimatedCycles(baseline.charges, baseline.costs.values) / estimatedCycles(charges, costs.values) : undefined,
    range: both ? speedupRange(baseline.charges, charges, costs) : undefined,
    rankFlips:
      baseline !== undefined && costs.basis.instructionsPerCycle === "assumed"
        ? [...others].some((other) => flips(charges, other.charges, costs))
        : undefined,
  };
}

/** Whether the assumed IPC, 1 or 4, decides which of two runs is faster. */
function flips(some: Charges | undefined, others: Charges | undefined, { values }: Costs): boolean {
  if (some === undefined || others === undefined) return false;
  const { low, high } = ASSUMPTIONS.instructionsPerCycle;
  const [slow, fast] = [low, high].map((instructionsPerCycle) => {
    const at = { ...values, instructionsPerCycle };
    return Math.sign(estimatedCycles(some, at) - estimatedCycles(others, at));
  });
  return slow * fast < 0;
}

/**
 * The results of one program with speedups over switch under the same front end, undefined if switch failed or is missing.
 * @param asked names of the requested techniques: rows of others are removed
 */
export function withSpeedups(results: InputResults, asked: readonly string[]): InputResults {
  const keyOf = ({ predictor, frontEnd, cost }: Row): string => JSON.stringify([predictor, frontEnd, cost.penaltyCycles]);
  const switches = new Map(results.rows.filter(({ technique }) => technique === BASELINE).map((row) => [keyOf(row), row]));
  const wanted = ({ technique }: { readonly technique: string }): boolean => asked.includes(technique);
  /** The same in all rows of a technique and front end. */
  const found = new Map<string, Speedup>();
  const speedupOf = (row: Row): Speedup => {
    const key = JSON.stringify([row.technique, keyOf(row)]);
    const known = found.get(key);
    if (known !== undefined) return known;
    const others = results.rows.filter((other) => other.kind === row.kind && wanted(other) && keyOf(other) === keyOf(row));
    const speedup = speedupOver(switches.get(keyOf(row)), row, others);
    found.set(key, speedup);
    return speedup;
  };
  return {
    rows: results.rows.filter(wanted).map((row) => {
      const { speedup, range, rankFlips } = speedupOf(row);
      return { ...row, estimatedSpeedupOverSwitch: speedup, speedupRange: range, rankFlips };
    }),
    sites: results.sites.filter(wanted),
    intervals: results.intervals.filter(wanted),
    failures: results.failures.filter(wanted),
    targets: results.targets.filter(wanted),
  };
}
