// Compares estimates of cycles, with ranges while each cost stays within its range.
import { COST_NAMES } from "../front-end/machines/costs.ts";
import { type Charges, speedupRange } from "../results/cost.ts";
import { fixed } from "./bands.ts";
import type { Selection } from "./selection.ts";

const chargesOf = (rows: Selection): Charges =>
  Object.fromEntries(COST_NAMES.map((name) => [name, rows.total(({ charges }) => charges?.[name])])) as Record<
    (typeof COST_NAMES)[number],
    number
  >;

/** A ratio of estimated cycles: at the costs of the rows, with the least and the greatest value. */
export interface CycleRatio {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The ratio of the estimated cycles of two selections of rows.
 * @param slower rows of one front end and one class of branches
 * @param faster rows of the same programs and front end
 */
export function timesTheCycles(slower: Selection, faster: Selection): CycleRatio {
  const [low, high] = speedupRange(chargesOf(slower), chargesOf(faster), faster.rows[0].costs);
  return { value: slower.estimatedCycles / faster.estimatedCycles, low, high };
}

/** "1.56 times (1.12 to 1.90)". */
export const timesText = ({ value, low, high }: CycleRatio): string => `${fixed(value, 2)} times (${fixed(low, 2)} to ${fixed(high, 2)})`;

/** Estimated cycles of one technique over those of another, by program. @param rows of one front end */
export const speedups = (rows: Selection, technique: string, over: string): (readonly [program: string, times: number])[] =>
  rows.programs.map((program) => [
    program,
    rows.where({ program, technique: over }).estimatedCycles / rows.where({ program, technique }).estimatedCycles,
  ]);

/** "2.94 (java/compress)". */
export function greatestText(times: readonly (readonly [program: string, times: number])[]): string {
  const [program, most] = times.toSorted(([, a], [, b]) => b - a)[0];
  return `${fixed(most, 2)} (${program})`;
}
