// Finds measurements that describe no processor: of an emulator, or of a machine on which nothing can be timed. Bounds are wide: known
// processors take 6 to 30 cycles for a misprediction.
import type { FigureId, MeasuredFigure } from "./figures.ts";

/** The figures that everything else is computed from, with the bounds in which they are believed. */
const BOUNDS: readonly (readonly [id: FigureId, name: string, unit: string, low: number, high: number])[] = [
  ["clockGigahertz", "the clock", "GHz", 0.1, 10],
  ["indirectPenaltyCycles", "a mispredicted indirect jump", "cycles", 2, 200],
  ["conditionalPenaltyCycles", "a mispredicted conditional branch", "cycles", 2, 200],
];
/** Ratio of the greatest to the least repeat from which a figure is not believed. */
const APART = 3;

const shown = (value: number): string => value.toPrecision(3);

/** Why a machine cannot be calibrated, in words; undefined if it can. */
export function unfit(figures: readonly Pick<MeasuredFigure, "id" | "value" | "low" | "high">[]): string | undefined {
  for (const [id, name, unit, least, most] of BOUNDS) {
    const figure = figures.find((one) => one.id === id);
    if (figure === undefined) return `${name}: nothing was measured`;
    const { value, low, high } = figure;
    if (!(value >= least && value <= most)) return `${name}: expected ${least} to ${most} ${unit}, got ${shown(value)}`;
    if (high > APART * low) return `${name}: repeats are ${shown(low)} to ${shown(high)} ${unit}, more than a factor of ${APART} apart`;
  }
  return undefined;
}

/** Bounds of native instructions per cycle: the widest processors complete 10. */
const INSTRUCTIONS_PER_CYCLE = { least: 0.1, most: 10 };

export const isPlausibleIpc = (value: number): boolean => value >= INSTRUCTIONS_PER_CYCLE.least && value <= INSTRUCTIONS_PER_CYCLE.most;
