// bplab report: charts of any results file, as a page that works offline or as pictures.
import { Command } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { drawCharts } from "../report/charts.ts";
import { readRecords } from "../report/records.ts";
import { CHART_FILES, renderChart } from "../report/render.ts";
import { resultsPage } from "../report/results-page.ts";
import { thisCommand } from "./command-line.ts";
import { readInput } from "./read-input.ts";
import { openOutput } from "./write-output.ts";

const ENDINGS = [".html", ...CHART_FILES];

export function reportCommand() {
  return new Command("report")
    .argument("<file>", "results as CSV: of whole runs, by site (--per-site), or over time (--interval)")
    .option("--chart <list>", "ids of charts, separated by commas (bplab list charts); default: in a page all that fit, else the first")
    .option("--output <file>", ".html (a page that works offline), .svg, .png, or .vl.json (the Vega-Lite specification)")
    .action(async (file, { chart, output }) => {
      if (output === undefined) throw new UsageError("--output says what to make: a file that ends in .html, .svg, .png or .vl.json");
      if (!ENDINGS.some((ending) => output.endsWith(ending)))
        throw new UsageError(`--output must be a file that ends in .html, .svg, .png or .vl.json, got ${output}`);
      const page = output.endsWith(".html");
      const ids = chart?.split(",").map((id) => id.trim());
      if (!page && ids !== undefined && ids.length > 1)
        throw new UsageError(`--chart: a picture holds one chart, got ${ids.join(", ")}; ask for them one by one, or for a page (.html)`);
      const destination = openOutput(output, [file]);
      const table = readRecords(readInput(file), file);
      const charts = await drawCharts(table, file, ids);
      if (page) destination.write(await resultsPage({ from: file, table, charts, command: thisCommand() }));
      else destination.write(await renderChart(charts[0].spec, output));
    });
}
