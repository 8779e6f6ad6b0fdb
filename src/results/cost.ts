// What a run costs in cycles, as an estimate that is linear in all of its figures:
//
//   native instructions / IPC + Σ (how often something happened × what it costs)
//
// What may happen is listed in front-end/machines/costs.ts, and how its events are counted in options/table.ts. Not modelled:
// how much of a miss or a misprediction other work hides, second-level caches, caches for other data than jump tables, and that
// IPC itself differs between techniques. What the model reaches beside a clock, and what it cannot tell: docs/cycles.md.
import { type Basis, COST_NAMES, type CostFigure, type CostFigures, type CostName } from "../front-end/machines/costs.ts";
import type { Machine } from "../front-end/machines/machine.ts";
import type { Assumption } from "../options/option.ts";
import { type CostParameters, optionEntries } from "../options/request.ts";
import type { Counts } from "../replay/statistics.ts";

/** How often each thing happened that a figure is charged for; for `instructionsPerCycle`, native instructions. */
export type Charges = Readonly<Record<CostName, number>>;

const COST_OPTIONS = optionEntries.flatMap(([, option]) => (option.role === "cost" ? [option] : []));

/** What is assumed unless users or their machine say otherwise, and how far off it may be: the table of options says why. */
export const ASSUMPTIONS = Object.fromEntries(
  COST_OPTIONS.flatMap(({ parameter, assumed }) => (assumed === undefined ? [] : [[parameter, assumed]])),
) as Partial<Record<CostName, Assumption>> as Readonly<Record<Exclude<CostName, "indirectStallCycles">, Assumption>>;

/** The same without how far off it may be. */
export const ASSUMED = Object.fromEntries(
  COST_OPTIONS.flatMap(({ parameter, assumed }) => (assumed === undefined ? [] : [[parameter, assumed.value]])),
) as CostParameters;

/** What figures rest on; `given` is what users say. */
export type CostBasis = Readonly<Partial<Record<CostName, Basis | "given">>>;

/** The costs of one front end, what each rests on, and how far each may be off. */
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

/** What holds for one front end: what was said, else what is known of its machine, else what is assumed. */
export function costsOn(machine: Machine | undefined, said: Partial<CostParameters>): Costs {
  const known: CostFigures = machine === undefined ? {} : figuresOf(machine);
  const costs = { values: {}, basis: {}, low: {}, high: {} } as Record<"values" | "low" | "high", Record<string, number>> & {
    basis: Record<string, Basis | "given">;
  };
  for (const name of COST_NAMES) {
    // a penalty that is said, or known, is that of conditional branches too, unless theirs is
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
 * How often each thing happened. Undefined where dispatch can be mispredicted and no model says how often; stalls need no model.
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
 * The least and the most that a ratio of two runs' cycles can be while every figure stays within what it may be off. A ratio of
 * two linear forms is least and most in corners; each step goes to the best corner for the ratio so far (Dinkelbach 1967), which
 * replaces trying all of up to 2048 corners: the default command took 12.6 s of CPU with that, 11.2 s without.
 */
export function speedupRange(baseline: Charges, charges: Charges, { values, low, high }: Costs): readonly [number, number] {
  const unsure = COST_NAMES.filter((name) => low[name] !== high[name] && baseline[name] + charges[name] > 0);
  const ratioAt = (cost: CostParameters): number => estimatedCycles(baseline, cost) / estimatedCycles(charges, cost);
  const extreme = (sign: 1 | -1): number => {
    for (let ratio = ratioAt(values); ; ) {
      const corner = unsure.map((name) => {
        const dearer = sign * (baseline[name] - ratio * charges[name]) > 0;
        // more instructions in a cycle cost less
        return [name, dearer === (name !== "instructionsPerCycle") ? high[name] : low[name]];
      });
      const next = ratioAt({ ...values, ...Object.fromEntries(corner) });
      if (!(sign * (next - ratio) > 0)) return ratio;
      ratio = next;
    }
  };
  return [extreme(-1), extreme(1)];
}
