// Finds charts by file name in charts/.
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { TopLevelSpec } from "vega-lite";
import { UsageError } from "../errors.ts";
import { unknown } from "../parameters.ts";
import type { Chart } from "./chart.ts";
import { noted } from "./drawing.ts";
import { withParameters } from "./named-parameters.ts";
import { ofOneSetting, type ResultKind, type ResultTable } from "./records.ts";

const FOLDER = new URL("./charts/", import.meta.url);

export interface NamedChart extends Chart {
  readonly id: string;
}

/** A chart of some results. */
export interface DrawnChart {
  readonly chart: NamedChart;
  readonly spec: TopLevelSpec;
}

/** All charts, in the order in which pages show them. */
export async function allCharts(): Promise<NamedChart[]> {
  const ids = readdirSync(fileURLToPath(FOLDER))
    .filter((file) => file.endsWith(".js"))
    .map((file) => basename(file, ".js"));
  const charts = await Promise.all(
    ids.map(async (id): Promise<NamedChart> => ({ id, ...(await import(new URL(`${id}.js`, FOLDER).href)).default })),
  );
  return charts.sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1));
}

const WHAT: Readonly<Record<ResultKind, string>> = {
  rows: "results of whole runs (without --per-site and --interval)",
  sites: "results by site (--per-site)",
  intervals: "results over time (--interval)",
  targets: "where dispatches led (--contexts)",
};

/** All charts that results are enough for. */
export async function fittingCharts(table: ResultTable): Promise<DrawnChart[]> {
  const { records: one, note } = ofOneSetting(table.records);
  const records = await withParameters(one);
  const charts = await allCharts();
  return charts
    .filter((chart) => chart.of === table.of && records.length > 0 && chart.fits(records))
    .map((chart) => ({ chart, spec: noted(chart.spec(records), note) }));
}

/**
 * Charts of results that users ask for.
 * @param ids  of charts; default: all that fit
 * @param from what the results are from, for messages
 * @throws UsageError for an unknown chart, for one that does not fit, and when none does
 */
export async function drawCharts(table: ResultTable, from: string, ids?: readonly string[]): Promise<DrawnChart[]> {
  const fitting = await fittingCharts(table);
  const known = await allCharts();
  const wanted = ids?.map((id) => {
    const chart = known.find((other) => other.id === id);
    if (chart === undefined)
      throw unknown(
        "chart",
        id,
        known.map((other) => other.id),
      );
    const drawn = fitting.find((other) => other.chart.id === id);
    if (drawn !== undefined) return drawn;
    const fit = fitting.length === 0 ? "none" : fitting.map((other) => other.chart.id).join(", ");
    throw new UsageError(
      `${from}: the chart ${id} needs ${chart.of === table.of ? chart.needs : WHAT[chart.of]} (charts that fit: ${fit})`,
    );
  });
  if (fitting.length === 0) throw new UsageError(`${from}: there is nothing to draw: no predictor covers the dispatch branches`);
  return wanted ?? fitting;
}
