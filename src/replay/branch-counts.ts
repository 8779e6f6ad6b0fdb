// A replay's counts for every branch: mispredictions, bubbles, overrides of a first level, and those of them that a middle level
// served; summed by site.

import { grown, reserve } from "../files/grown.ts";
import type { FrontEnd } from "../front-end/front-end.ts";

const FETCHES = ["bubbles", "overrides", "middles"] as const;

/** A column for each count, a row for each branch; absent if the front end does not model it. */
export type CountColumns = { readonly misses: Int32Array } & { readonly [what in (typeof FETCHES)[number]]?: Int32Array };
export type CountColumn = keyof CountColumns;

/** Executions after which counts are moved out of the 32-bit columns. One call adds far fewer than are left to 2 ** 31. */
const MOST_UNDRAINED = 2 ** 30;

/** Which site each row belongs to. */
export interface RowSites {
  /** By row; may have more rows than are in use. */
  readonly siteOf: Int32Array;
  readonly rows: number;
  readonly sites: number;
  /** Adds mispredictions that were counted by block to those of sites, and forgets them; undefined if there are none. */
  readonly addRepeated?: ((misses: Float64Array) => void) | undefined;
}

export interface BranchCounts {
  readonly columns: CountColumns;
  /** Makes room for this many rows; returns whether the columns were replaced by longer ones. */
  reserve(rows: number): boolean;
  /** Announces that this many blocks or branches are about to execute. */
  expect(executions: number): void;
  /** Sums counts by site: the rows are about to change. @param counted columns to sum in the place of its own */
  drain(counted?: CountColumns): void;
  /** Forgets everything. */
  reset(): void;
  /** Counts by site; undefined if the front end does not model them. */
  bySite(what: CountColumn): Float64Array | undefined;
}

/** @param sites called whenever counts are summed, because rows and sites grow */
export function createBranchCounts({ fetches, answersFirst, levels }: FrontEnd, rows: number, sites: () => RowSites): BranchCounts {
  const columns: Partial<Record<CountColumn, Int32Array>> & { misses: Int32Array } = { misses: new Int32Array(rows) };
  if (fetches !== 0) columns.bubbles = new Int32Array(rows);
  if (answersFirst !== 0) columns.overrides = new Int32Array(rows);
  if (levels > 2) columns.middles = new Int32Array(rows);
  const sums: Record<CountColumn, Float64Array> = {
    misses: new Float64Array(0),
    bubbles: new Float64Array(0),
    overrides: new Float64Array(0),
    middles: new Float64Array(0),
  };
  let undrained = 0;

  /** Moves a column's counts to the sums by site. */
  function drain(what: CountColumn, column: Int32Array | undefined): void {
    if (column === undefined) return;
    const { siteOf, rows: used, sites: count, addRepeated } = sites();
    if (sums[what].length < count) sums[what] = grown(sums[what], count);
    const sum = sums[what];
    const counted = Math.min(used, column.length);
    for (let row = 0; row < counted; row++) sum[siteOf[row]] += column[row];
    column.fill(0, 0, counted);
    if (what === "misses") addRepeated?.(sum);
  }
  function drainAll(counted: CountColumns = columns): void {
    for (const what of ["misses", ...FETCHES] as const) drain(what, counted[what]);
    undrained = 0;
  }
  return {
    columns,
    reserve: (wanted) => reserve(columns, wanted),
    expect(executions) {
      undrained += executions;
      if (undrained > MOST_UNDRAINED) drainAll();
    },
    drain: drainAll,
    reset() {
      drainAll();
      for (const sum of Object.values(sums)) sum.fill(0);
    },
    bySite(what) {
      drain(what, columns[what]);
      return columns[what] === undefined ? undefined : sums[what];
    },
  };
}
