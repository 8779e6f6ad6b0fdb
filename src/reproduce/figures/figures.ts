// Published figures beside ours: what the rows of claims come to, and how far that is from what was published.
import type { Outcome } from "../reproduce.ts";
import { type Selection, select } from "../selection.ts";
import { measureOf } from "./measure.ts";
import { PUBLISHED_FIGURES, type PublishedFigure } from "./published.ts";

export interface ComparedFigure extends PublishedFigure {
  readonly value: number;
  /** Ours over what was published; over the nearer end of a range, and 1 inside of it. */
  readonly ratio: number;
}

/** The claims whose rows figures are compared with. */
export const figureClaims = (): string[] => [...new Set(PUBLISHED_FIGURES.map(({ ours }) => ours.claim))];

/** Ours over a published range. */
export const ratioTo = (value: number, { low, high }: Pick<PublishedFigure, "low" | "high">): number =>
  value < low ? value / low : value > high ? value / high : 1;

/** Rows that a figure is compared with; undefined where none were made: another claim, or a language whose programs do not run here. */
function rowsOf({ ours: { experiment } }: PublishedFigure, outcome: Outcome | undefined): Selection | undefined {
  if (typeof experiment === "string") return outcome?.experiments[experiment];
  const rows = outcome?.on[experiment.on]?.rows ?? [];
  return rows.length === 0 ? undefined : select(rows);
}

/** All figures that outcomes have rows for. */
export function comparedFigures(outcomes: readonly Outcome[]): ComparedFigure[] {
  const byId = new Map(outcomes.map((outcome) => [outcome.claim.id, outcome]));
  return PUBLISHED_FIGURES.flatMap((figure) => {
    const { claim, technique, predictor, measure, against } = figure.ours;
    const rows = rowsOf(figure, byId.get(claim));
    if (rows === undefined) return [];
    const choice = { technique, predictor };
    const value = measureOf(measure, rows, choice, { ...choice, ...against });
    return [{ ...figure, value, ratio: ratioTo(value, figure) }];
  });
}
