// Finds the cliff of a curve: the point where it leaves its level because a table is full.

/** Cycles by x, ascending. */
export type Curve = ReadonlyMap<number, number>;

export interface Cliff {
  /** The last point on the level; undefined if not even the first is on it. */
  readonly last: number | undefined;
  /** The first point above it; undefined if the curve has no cliff. */
  readonly next: number | undefined;
}

/**
 * Finds where a curve rises above a limit for good. A point above it that is followed by one below is a disturbance.
 * @param limit in the curve's own unit; a function of x where the level rises
 */
export function cliff(curve: Curve, limit: number | ((x: number) => number)): Cliff {
  const points = [...curve];
  const above = ([x, y]: readonly [number, number]): boolean => y > (typeof limit === "number" ? limit : limit(x));
  const found = points.findIndex((point, i) => above(point) && (i === points.length - 1 || above(points[i + 1])));
  if (found < 0) return { last: points.at(-1)?.[0], next: undefined };
  return { last: found === 0 ? undefined : points[found - 1][0], next: points[found][0] };
}

/** Values of a curve between two places, both included. */
export const valuesBetween = (curve: Curve, from: number, to: number): number[] =>
  [...curve].flatMap(([x, y]) => (x >= from && x <= to ? [y] : []));
