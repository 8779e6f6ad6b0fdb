// The estimate of a run's cycles, linear in all costs:
//
//   native instructions / IPC + Σ (count of an event × its cost)
//
// Events are listed in front-end/machines/costs.ts, and options/table.ts says how they are counted. Not modelled: that other work
// hides part of a miss or a misprediction, second-level caches, caches for data other than jump tables, and that IPC itself differs
// between techniques. docs/cycles.md compares the model with a clock, and says what it cannot tell.
import { type Basis, COST_NAMES, type CostFigure, type CostFigures, type CostName } from "../front-end/machines/costs.ts";
import type { Machine } from "../front-end/machines/machine.ts";
import type { Assumption } from "../options/option.ts";
import { type CostParameters, optionEntries } from "../options/request.ts";
import type { Counts } from "../replay/statistics.ts";

/** Number of events for each cost; for `instructionsPerCycle`, native instructions. */
export type Charges = Readonly<Record<CostName, number>>;

const COST_OPTIONS = optionEntries.flatMap(([, option]) => (option.role === "cost" ? [option] : []));

/** Default costs with their ranges of uncertainty; the table of options gives the reasons. */
export const ASSUMPTIONS = Object.fromEntries(
  COST_OPTIONS.flatMap(({ parameter, assumed }) => (assumed === undefined ? [] : [[parameter, assumed]])),
) as Partial<Record<CostName, Assumption>> as Readonly<Record<Exclude<CostName, "indirectStallCycles">, Assumption>>;

/** The same without ranges. */
export const ASSUMED = Object.fromEntries(
  COST_OPTIONS.flatMap(({ parameter, assumed }) => (assumed === undefined ? [] : [[parameter, assumed.value]])),
) as CostParameters;

/** What each cost rests on; `given` means given by the user. */
export type CostBasis = Readonly<Partial<Record<CostName, Basis | "given">>>;

/** The costs of one front end, with what each rests on and its range of uncertainty. */
export interface Costs {
  readonly values: CostParameters;
  readonly basis: CostBasis;
  readonly low: CostParameters;
  readonly high: CostParameters;
}

/** A machine's figures, its penalty among them. */
function figuresOf({ penaltyCycles, indirectStallCycles, parts, costs }: Machine): CostFigures {
  const { confidence, published } = parts.penalty;
  const basis = confidence === "unpublished" ? "assumed" : confidence === "measured" ? "measured" : "published";
  const figure = (value: number | undefined): CostFigure | undefined =>
    value === undefined ? undefined : { value, basis, source: published };
  return { penaltyCycles: figure(penaltyCycles), indirectStallCycles: figure(indirectStallCycles), ...costs };
}

/** The costs of one front end: the given ones, then its machine's, then the assumed ones. */
export function costsOn(machine: Machine | undefined, said: Partial<CostParameters>): Costs {
  const known: CostFigures = machine === undefined ? {} : figuresOf(machine);
  const costs = { values: {}, basis: {}, low: {}, high: {} } as Record<"values" | "low" | "high", Record<string, number>> & {
    basis: Record<string, Basis | "given">;
  };
  for (const name of COST_NAMES) {
    // a given or known penalty also applies to conditional branches, unless theirs is given or known
    const names: readonly CostName[] = name === "conditionalPenaltyCycles" ? [name, "penaltyCycles"] : [name];
    const given = names.map((each) => said[each]).find((value) => value !== undefined);
    const figure = names.map((each) => known[each]).find((each) => each !== undefined);
    const assumption = name === "indirectStallCycles" ? undefined : ASSUMPTIONS[name];
    const found: (Assumption & { readonly basis: Basis | "given" }) | undefined =
      given !== undefined
        ? { value: given, low: given, high: given, basis: "given" }
        : figure !== undefined
          ? { ...figure, low: figure.low ?? figure.value, high: figure.high ?? figure.value }
          : assumption && { ...assumption, basis: "assumed" };
    if (found === undefined) continue;
    costs.values[name] = found.value;
    costs.low[name] = found.low;
    costs.high[name] = found.high;
    costs.basis[name] = found.basis;
  }
  return costs as unknown as Costs;
}

/**
 * Number of events for each cost. Undefined if dispatch can be mispredicted but no model predicts it; stalls need no model.
 * @param stalls whether every indirect branch stalls, predicted or not
 */
export function chargesOf(counts: Counts, stalls: boolean): Charges | undefined {
  const { dispatch, return: returned } = counts.byKind;
  if (stalls ? dispatch.mispredictions === undefined && returned.mispredictions === undefined : dispatch.mispredictions === undefined)
    return undefined;
  return Object.fromEntries(COST_OPTIONS.map(({ parameter, charge }) => [parameter, charge(counts, stalls)])) as Charges;
}

/** Cycles lost to mispredictions of all modelled kinds, and to stalls. */
export function cyclesLost(charges: Charges, cost: CostParameters): number {
  return (
    charges.penaltyCycles * cost.penaltyCycles +
    charges.conditionalPenaltyCycles * cost.conditionalPenaltyCycles +
    charges.indirectStallCycles * (cost.indirectStallCycles ?? 0)
  );
}

/** All cycles, estimated. */
export function estimatedCycles(charges: Charges, cost: CostParameters): number {
  return COST_NAMES.reduce(
    (sum, name) => (name === "instructionsPerCycle" ? sum : sum + charges[name] * (cost[name] ?? 0)),
    charges.instructionsPerCycle / cost.instructionsPerCycle,
  );
}

/**
 * The least and the greatest ratio of two runs' cycles while every cost stays within its range. A ratio of two linear forms has
 * its extremes in corners; each step goes to the best corner for the ratio so far (Dinkelbach 1967), instead of trying all of up
 * to 2048 corners: the default command took 12.6 s of CPU with all corners, 11.2 s without.
 */
export function speedupRange(baseline: Charges, charges: Charges, { values, low, high }: Costs): readonly [number, number] {
  const unsure = COST_NAMES.filter((name) => low[name] !== high[name] && baseline[name] + charges[name] > 0);
  const ratioAt = (cost: CostParameters): number => estimatedCycles(baseline, cost) / estimatedCycles(charges, cost);
  const extreme = (sign: 1 | -1): number => {
    for (let ratio = ratioAt(values); ; ) {
      const corner = unsure.map((name) => {
        const dearer = sign * (baseline[name] - ratio * charges[name]) > 0;
        // a higher IPC costs less
        return [name, dearer === (name !== "instructionsPerCycle") ? high[name] : low[name]];
      });
      const next = ratioAt({ ...values, ...Object.fromEntries(corner) });
      if (!(sign * (next - ratio) > 0)) return ratio;
      ratio = next;
    }
  };
  return [extreme(-1), extreme(1)];
}
