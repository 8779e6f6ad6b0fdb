// Results of the benchmark: one line per measurement, with its baseline from the same run. Compare the ratios; absolute numbers vary
// between machines and from minute to minute.
import { toCsv } from "../src/report/csv.ts";
import { textTable } from "../src/report/tables/text-table.ts";

export interface Result {
  readonly subject: string;
  readonly value: number;
  /** Of both values. */
  readonly unit: string;
  readonly comparedWith: string;
  readonly comparedValue: number;
  /** Bound on value / comparedValue, if there is one. */
  readonly bound?: { readonly atLeast: number } | { readonly atMost: number };
}

const ratioOf = ({ value, comparedValue }: Result): number => value / comparedValue;

function boundText({ bound }: Result): string {
  if (bound === undefined) return "";
  return "atLeast" in bound ? `at least ${bound.atLeast.toFixed(2)}` : `at most ${bound.atMost.toFixed(2)}`;
}

function verdict(result: Result): string {
  const { bound } = result;
  if (bound === undefined) return "";
  const holds = "atLeast" in bound ? ratioOf(result) >= bound.atLeast : ratioOf(result) <= bound.atMost;
  return holds ? "holds" : "does not hold";
}

const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

export function resultTable(results: readonly Result[]): string {
  const rows = results.map((result) => [
    result.subject,
    `${digits(result.value)} ${result.unit}`,
    result.comparedWith,
    digits(result.comparedValue),
    ratioOf(result).toFixed(2),
    boundText(result),
    verdict(result),
  ]);
  return textTable(["", "", "compared with", "", "ratio", "must be", ""], rows, 1);
}

export function resultCsv(results: readonly (Result & { readonly section: string })[]): string {
  return toCsv(
    [
      ["section", ({ section }) => section],
      ["subject", ({ subject }) => subject],
      ["value", ({ value }) => Number(value.toFixed(3))],
      ["unit", ({ unit }) => unit],
      ["compared_with", ({ comparedWith }) => comparedWith],
      ["compared_value", ({ comparedValue }) => Number(comparedValue.toFixed(3))],
      ["ratio", (result) => Number(ratioOf(result).toFixed(4))],
      ["must_be", boundText],
      ["verdict", verdict],
    ],
    results,
  );
}
