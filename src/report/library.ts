// Charts and pages as functions: what `bplab report` makes, for programs that have results of `simulate` or of a file.
import { UsageError } from "../errors.ts";
import type { Results } from "../results/rows.ts";
import { type DrawnChart, drawCharts, fittingCharts } from "./drawing/find-charts.ts";
import type { PrintSize } from "./drawing/print-size.ts";
import { CHART_FILES, renderChart } from "./drawing/render.ts";
import { resultsPage } from "./pages/results-page.ts";
import type { ResultTable } from "./result-records.ts";
import { tablesOf } from "./result-tables.ts";

/** The worst sites in charts of a simulation. */
const SITES = 10;

/** Of a file, one table; of a simulation, one for each kind of results. */
const tablesIn = (results: Results | ResultTable): ResultTable[] =>
  "records" in results ? [results] : tablesOf(results, results.sites.length > 0 ? SITES : 0);

/** The charts that fit some results, those of whole runs first. */
const fittingIn = async (tables: readonly ResultTable[]): Promise<DrawnChart[]> => (await Promise.all(tables.map(fittingCharts))).flat();

/** Its size on paper is what `bplab report --width --font-size --no-title` says. */
export interface ChartRequest extends PrintSize {
  /** The chart's id, with its parameters (`bplab list charts`); default: the first that fits. */
  readonly chart?: string;
  /** Default: svg. `vl.json` is the Vega-Lite specification; `pdf` needs packages that its error names. */
  readonly format?: "pdf" | "svg" | "png" | "vl.json";
}

/**
 * Draws a chart of results.
 * @returns text, or the bytes of a PDF or PNG
 * @throws UsageError for an unknown chart, and one that does not fit
 */
export async function chart(
  results: Results | ResultTable,
  { chart: asked, format = "svg", ...size }: ChartRequest = {},
): Promise<string | Uint8Array> {
  if (!CHART_FILES.some((ending) => `.${format}`.endsWith(ending)))
    throw new UsageError(`format must be pdf, svg, png or vl.json, got ${format}`);
  const tables = tablesIn(results);
  const charts = asked === undefined ? await fittingIn(tables) : await drawAsked(tables, asked);
  if (charts.length === 0) throw new UsageError("there is nothing to draw: no predictor covers the dispatch branches");
  return renderChart(charts[0].spec, `chart.${format}`, size);
}

/** The chart from the first table that it fits. */
async function drawAsked(tables: readonly ResultTable[], asked: string): Promise<DrawnChart[]> {
  for (const table of tables.slice(1)) {
    const found = (await fittingCharts(table)).find(({ chart: { id } }) => id === asked);
    if (found !== undefined) return [found];
  }
  return drawCharts(tables[0], "results", [asked]);
}

/** A page for browsers with all charts that fit, and the numbers; it works offline. @param from the title of the results */
export async function report(results: Results | ResultTable, from = "results"): Promise<string> {
  const tables = tablesIn(results);
  return resultsPage({ from, table: tables[0], charts: await fittingIn(tables), command: "report(results), a function of the library" });
}
