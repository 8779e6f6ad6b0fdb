// Sentences about the costs in estimates of cycles: for each front end every cost that is charged, by what it rests on.
import { COST_NAMES, COSTS, type CostName } from "../../front-end/machines/costs.ts";
import { groupBy } from "../../results/group-by.ts";
import type { Row } from "../../results/rows.ts";

/** In descending order of reliability. */
const BASES = ["given", "measured", "published", "assumed"] as const;

/** The charged costs of one front end: "measured: IPC 3.2, 18 per mispredicted indirect branch or return; assumed: …". */
function figuresOf(rows: readonly Row[]): string {
  const [{ cost, costs }] = rows;
  const counts = (name: CostName): boolean => rows.some(({ charges }) => (charges?.[name] ?? 0) > 0);
  return BASES.flatMap((basis) => {
    const names = COST_NAMES.filter((name) => costs.basis[name] === basis && counts(name));
    // costs that are assumed to be zero are left out of the text
    const shown = names.filter((name) => basis !== "assumed" || cost[name] !== 0);
    if (shown.length === 0) return [];
    const said = shown.map((name) => (name === "instructionsPerCycle" ? `IPC ${cost[name]}` : `${cost[name]} per ${COSTS[name]}`));
    return `${basis}: ${said.join(", ")}`;
  }).join("; ");
}

const BRACKETS = "; in brackets the least and the most that it is while every figure stays within what it may be off";

/** The ends of a speedup's range, as shown; undefined if there is none. */
function rangeText({ estimatedSpeedupOverSwitch, speedupRange }: Row): string | undefined {
  if (estimatedSpeedupOverSwitch === undefined || speedupRange === undefined) return undefined;
  const [least, most] = speedupRange.map((value) => value.toFixed(2));
  return least === most ? undefined : `${least}–${most}`;
}

/** Sentences for all rows of a simulation. @param brief whether words are left unexplained, and costs are where a link leads */
export function estimateText(rows: readonly Row[], brief = false): string[] {
  const predictors = [...groupBy(rows, ({ predictor }) => predictor)].map(([predictor, own]) => ({ predictor, figures: figuresOf(own) }));
  const alike = groupBy(predictors, ({ figures }) => figures);
  // means over layout seeds have neither ranges nor marks
  const single = new Set(rows.map(({ settings }) => settings.layoutSeed)).size === 1;
  const isBracketed = single && rows.some((row) => rangeText(row) !== undefined);
  const flips = single && rows.some(({ rankFlips }) => rankFlips);
  if (brief) return [`Cycles are estimates (docs/cycles.md)${flips ? "; * depends on the IPC" : ""}.`];
  return [
    "Cycles lost: to mispredictions of all modelled kinds, and to stalls.",
    `Speedup over switch: an estimate, from cycles = native instructions / IPC + what each event costs${isBracketed ? BRACKETS : ""}.`,
    ...(flips ? ["Those with * are faster than another technique at an IPC of 1 and slower at 4, or the other way round."] : []),
    ...[...alike].flatMap(([figures, group]) => {
      // a front end that leaves dispatches without prediction has no estimate
      if (figures === "") return [];
      const of = alike.size === 1 ? "Cycles" : `On ${group.map(({ predictor }) => predictor).join(", ")}, cycles`;
      return `${of} ${figures}.`;
    }),
  ];
}

/** A speedup with its range, and a mark if its rank depends on an assumption. */
export function speedupText(row: Row, dash: string): string {
  const { estimatedSpeedupOverSwitch: speedup, rankFlips } = row;
  if (speedup === undefined) return dash;
  const range = rangeText(row);
  return `${speedup.toFixed(2)}${range === undefined ? "" : ` (${range})`}${rankFlips ? "*" : ""}`;
}
