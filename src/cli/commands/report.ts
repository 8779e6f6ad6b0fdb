// bplab report: charts of any results file, as a page that works offline or as pictures.
import { Command } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { toCsv } from "../../report/csv.ts";
import { drawCharts, fittingCharts } from "../../report/drawing/find-charts.ts";
import { CHART_FILES, renderChart } from "../../report/drawing/render.ts";
import { toJson } from "../../report/json.ts";
import { resultsPage } from "../../report/pages/results-page.ts";
import { readResults } from "../../report/read-results.ts";
import { budgetColumns, budgetSheet, budgetsOf } from "../../report/tables/budgets.ts";
import { toDocument } from "../../report/tables/document.ts";
import type { Terminal } from "../../report/tables/text-table.ts";
import { thisCommand } from "../command-line.ts";
import { type Format, formatOption } from "../options.ts";
import { openOutput } from "../write-output.ts";

async function budgetTable(file: string, format: Format, terminal: Terminal | undefined): Promise<string> {
  const { of, records } = await readResults(file);
  if (of !== "rows") throw new UsageError(`${file}: --budgets needs results of whole runs (without --per-site and --interval)`);
  const budgets = await budgetsOf(records);
  const { best, said } = budgets;
  if (best.length === 0) throw new UsageError(`${file}: --budgets needs front ends that predict dispatches and whose storage is known`);
  if (format === "csv") return toCsv(budgetColumns, best);
  if (format === "json") return toJson(budgetColumns, best);
  return toDocument([budgetSheet(budgets), said], format, terminal);
}

const ENDINGS = [".html", ...CHART_FILES];

export function reportCommand() {
  return new Command("report")
    .argument("<file>", "results as CSV or Parquet: of whole runs, by site (--per-site), or over time (--interval)")
    .option("--chart <list>", "ids of charts, separated by commas (bplab list charts); default: in a page all that fit, else the first")
    .option("--budgets", "instead of charts a table: for each power of two of storage bits, the best front end of each technique")
    .addOption(formatOption)
    .option(
      "--output <file>",
      "of charts: .html (a page that works offline), .svg, .png, or .vl.json (the Vega-Lite specification); of the table: any file",
    )
    .action(async (file, { chart, budgets, format, output }, command) => {
      if (budgets) {
        if (chart !== undefined) throw new UsageError("--budgets is a table, --chart a picture: ask for one of them");
        const destination = openOutput(output, [file]);
        destination.write(await budgetTable(file, format, destination.terminal));
        return;
      }
      if (command.getOptionValueSource("format") === "cli")
        throw new UsageError("--format is for tables (--budgets): the ending of --output chooses the format of charts");
      if (output === undefined) throw new UsageError("--output says what to make: a file that ends in .html, .svg, .png or .vl.json");
      if (!ENDINGS.some((ending) => output.endsWith(ending)))
        throw new UsageError(`--output must be a file that ends in .html, .svg, .png or .vl.json, got ${output}`);
      const page = output.endsWith(".html");
      const ids = chart?.split(",").map((id) => id.trim());
      if (!page && ids !== undefined && ids.length > 1)
        throw new UsageError(`--chart: a picture holds one chart, got ${ids.join(", ")}; ask for them one by one, or for a page (.html)`);
      const destination = openOutput(output, [file]);
      const table = await readResults(file);
      // a page shows the numbers even if there is nothing to draw
      const charts = page && ids === undefined ? await fittingCharts(table) : await drawCharts(table, file, ids);
      if (page) destination.write(await resultsPage({ from: file, table, charts, command: thisCommand() }));
      else destination.write(await renderChart(charts[0].spec, output));
    });
}
