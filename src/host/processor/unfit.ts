// Finds measurements that describe no processor: of an emulator, or of a machine on which nothing can be timed. Bounds are wide: known
// processors take 6 to 30 cycles for a misprediction, 10 to 20 for a jump in no buffer, 2 to 5 for a call and its return. Under qemu's
// translation the three figures were 41, 350 and 20.
import type { FigureId, MeasuredFigure } from "./figures.ts";

/** A figure with the bounds in which it is believed. */
type Bounds = readonly [id: FigureId, name: string, unit: string, least: number, most: number];

/** The figures that everything else is computed from. */
const NEEDED: readonly Bounds[] = [
  ["clockGigahertz", "the clock", "GHz", 0.1, 10],
  ["indirectPenaltyCycles", "a mispredicted indirect jump", "cycles", 2, 200],
  ["conditionalPenaltyCycles", "a mispredicted conditional branch", "cycles", 2, 200],
];
/** Figures that a processor may not have, as a buffer whose end was not found. */
const OTHERS: readonly Bounds[] = [
  ["beyondBufferCycles", "a direct jump in no buffer", "cycles", 0, 200],
  ["callReturnCycles", "a call and its return", "cycles", -1, 15],
];
/** Ratio of the greatest to the least repeat from which a figure is not believed. */
const APART = 3;

const shown = (value: number): string => value.toPrecision(3);

/** Why a machine cannot be calibrated, in words; undefined if it can. */
export function unfit(figures: readonly Pick<MeasuredFigure, "id" | "value" | "low" | "high">[]): string | undefined {
  for (const [id, name, unit, least, most] of [...NEEDED, ...OTHERS]) {
    const needed = NEEDED.some(([known]) => known === id);
    const figure = figures.find((one) => one.id === id);
    if (figure === undefined) {
      if (needed) return `${name}: nothing was measured`;
      continue;
    }
    const { value, low, high } = figure;
    if (!(value >= least && value <= most)) return `${name}: expected ${least} to ${most} ${unit}, got ${shown(value)}`;
    if (needed && high > APART * low)
      return `${name}: repeats are ${shown(low)} to ${shown(high)} ${unit}, more than a factor of ${APART} apart`;
  }
  return undefined;
}

/** Bounds of native instructions per cycle: the widest processors complete 10. */
const INSTRUCTIONS_PER_CYCLE = { least: 0.1, most: 10 };

export const isPlausibleIpc = (value: number): boolean => value >= INSTRUCTIONS_PER_CYCLE.least && value <= INSTRUCTIONS_PER_CYCLE.most;
