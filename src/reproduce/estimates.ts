// Estimates of cycles compared, with the range that they have while each cost stays within what is assumed or was measured of it.
import { COST_NAMES } from "../front-end/machines/costs.ts";
import { type Charges, speedupRange } from "../results/cost.ts";
import { fixed } from "./bands.ts";
import type { Selection } from "./selection.ts";

const chargesOf = (rows: Selection): Charges =>
  Object.fromEntries(COST_NAMES.map((name) => [name, rows.total(({ charges }) => charges?.[name])])) as Record<
    (typeof COST_NAMES)[number],
    number
  >;

/** A ratio of estimated cycles: at the costs of the rows, and the least and the most that it can be. */
export interface CycleRatio {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * How many times the estimated cycles of some rows others take.
 * @param slower rows of one front end and one class of branches
 * @param faster rows of the same programs and front end
 */
export function timesTheCycles(slower: Selection, faster: Selection): CycleRatio {
  const [low, high] = speedupRange(chargesOf(slower), chargesOf(faster), faster.rows[0].costs);
  return { value: slower.estimatedCycles / faster.estimatedCycles, low, high };
}

/** "1.56 times (1.12 to 1.90)". */
export const timesText = ({ value, low, high }: CycleRatio): string => `${fixed(value, 2)} times (${fixed(low, 2)} to ${fixed(high, 2)})`;
