// Summaries over several programs, in the two ways that papers use: the rate of the sums, as if the programs were one long run, and
// the arithmetic mean of the programs' rates, which weights short and long programs equally.

import { roundedRatio } from "../../results/columns.ts";
import { groupBy } from "../../results/group-by.ts";
import type { Row } from "../../results/rows.ts";
import { fixed, percentText } from "./cells.ts";
import type { Sheet } from "./sheet.ts";

/** A rate over several programs. Undefined if some count is unknown. */
export interface SuiteRate {
  readonly ofSums: number | null;
  readonly mean: number | null;
}

/** @param parts numerator and denominator of each program */
export function suiteRate(parts: readonly (readonly [count: number | undefined, per: number | undefined])[]): SuiteRate {
  const sum = (place: 0 | 1): number | undefined =>
    parts.reduce<number | undefined>(
      (total, part) => (total === undefined || part[place] === undefined ? undefined : total + part[place]),
      0,
    );
  const rates = parts.map(([count, per]) => (count === undefined || per === undefined || per === 0 ? Number.NaN : count / per));
  return {
    ofSums: roundedRatio(sum(0), sum(1)),
    mean: roundedRatio(
      rates.reduce((total, rate) => total + rate, 0),
      rates.length,
    ),
  };
}

/** For two or more programs: each technique's rates over all of them. @param rows those of one front end */
export function suiteSheets(predictor: string, rows: readonly Row[]): Sheet[] {
  const dispatches = rows.filter(({ kind }) => kind === "dispatch");
  const programs = new Set(dispatches.map(({ program }) => program)).size;
  if (programs < 2) return [];
  const lines = [...groupBy(dispatches, ({ technique }) => technique)].map(([technique, own]) => {
    const perDispatch = suiteRate(own.map((row) => [row.mispredictions, row.branches]));
    const perVirtual = suiteRate(own.map((row) => [row.mispredictions, row.virtualInstructions]));
    const percent = (rate: number | null): string => percentText(rate === null ? null : rate * 100);
    return [technique, percent(perDispatch.ofSums), percent(perDispatch.mean), fixed(perVirtual.ofSums, 3), fixed(perVirtual.mean, 3)];
  });
  const head = ["technique", "rate of the sums", "mean of the rates", "per virtual, of the sums", "per virtual, mean"];
  return [{ title: `All ${programs} programs: ${predictor}`, head, rows: lines, left: 1 }];
}
