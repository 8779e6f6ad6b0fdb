// bplab report: charts of any results file, as a page that works offline or as pictures.
import { Command, Option } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { toCsv } from "../../report/csv.ts";
import { type DrawnChart, drawCharts, fittingCharts } from "../../report/drawing/find-charts.ts";
import { CHART_FILES, renderChart } from "../../report/drawing/render.ts";
import { toJson } from "../../report/json.ts";
import { resultsPage } from "../../report/pages/results-page.ts";
import { readResults } from "../../report/read-results.ts";
import { budgetColumns, budgetSheet, budgetsOf } from "../../report/tables/budgets.ts";
import { toDocument } from "../../report/tables/document.ts";
import type { Terminal } from "../../report/tables/text-table.ts";
import { thisCommand } from "../command-line.ts";
import { headerOption, withHeader } from "../header.ts";
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
const EXPECTED = "a file that ends in .html, .pdf, .svg, .png or .vl.json";

/** Units of --width in centimetres. */
const CENTIMETRES: Readonly<Record<string, number>> = { cm: 1, mm: 0.1, in: 2.54, pt: 2.54 / 72 };

function parseWidth(text: string): number {
  const [, value, unit] = /^(\d+(?:\.\d+)?)(cm|mm|in|pt)$/.exec(text) ?? [];
  const width = Number(value) * CENTIMETRES[unit];
  if (!(width >= 1 && width <= 100))
    throw new UsageError(`--width: write a width from 1cm to 100cm (cm, mm, in, pt), as in --width=8cm, got ${text}`);
  return width;
}

function parseFontSize(text: string): number {
  const [, value] = /^(\d+(?:\.\d+)?)(?:pt)?$/.exec(text) ?? [];
  const size = Number(value);
  if (!(size >= 1 && size <= 100)) throw new UsageError(`--font-size: write points from 1 to 100, as in --font-size=8, got ${text}`);
  return size;
}

/** What a chart without title says in it goes to the writer of its caption. */
function sayCaption({ spec: { title } }: DrawnChart): void {
  if (typeof title !== "object" || !("text" in title)) return;
  const { text, subtitle } = title;
  process.stderr.write(
    `caption: ${[text, ...(Array.isArray(subtitle) ? [subtitle] : [])].map((lines) => [lines].flat().join(" ")).join(". ")}\n`,
  );
}

export function reportCommand() {
  return new Command("report")
    .argument("<file>", "results as CSV, JSON or Parquet: of whole runs, by site (--per-site), or over time (--interval)")
    .option("--chart <list>", "ids of charts, separated by commas (bplab list charts); default: in a page all that fit, else the first")
    .option("--budgets", "instead of charts a table: for each power of two of storage bits, the best front end of each technique")
    .addOption(formatOption)
    .addOption(headerOption)
    .option(
      "--output <file>",
      "of charts: .html (a page that works offline), .pdf, .svg, .png, or .vl.json (the Vega-Lite specification); of the table: any file",
    )
    .addOption(
      new Option("--width <width>", "width of the picture: 8cm, 84mm, 3.3in, 240pt").argParser(parseWidth).helpGroup("For papers:"),
    )
    .addOption(
      new Option("--font-size <points>", "size of the labels at axes (default: 9)").argParser(parseFontSize).helpGroup("For papers:"),
    )
    .addOption(new Option("--no-title", "leave title and subtitle to the caption, for which they are printed").helpGroup("For papers:"))
    .action(async (file, { chart, budgets, format, header, output, width, fontSize, title }, command) => {
      const sized = Object.entries({ "--width": width, "--font-size": fontSize, "--no-title": title ? undefined : false });
      const ofPicture = sized.find(([, value]) => value !== undefined)?.[0];
      if (budgets) {
        if (chart !== undefined) throw new UsageError("--budgets is a table, --chart a picture: ask for one of them");
        if (ofPicture !== undefined)
          throw new UsageError(`${ofPicture} is for pictures, and --budgets is a table: leave one of the two out`);
        const destination = withHeader(openOutput(output, [file]), format, header);
        destination.write(await budgetTable(file, format, destination.terminal));
        return;
      }
      if (command.getOptionValueSource("format") === "cli")
        throw new UsageError("--format is for tables (--budgets): the ending of --output chooses the format of charts");
      if (header) throw new UsageError("--header is for tables (--budgets): a page names its command as it is");
      if (output === undefined) throw new UsageError(`--output says what to make: ${EXPECTED}`);
      if (!ENDINGS.some((ending) => output.endsWith(ending))) throw new UsageError(`--output must be ${EXPECTED}, got ${output}`);
      const page = output.endsWith(".html");
      if (page && ofPicture !== undefined) throw new UsageError(`${ofPicture} is for pictures (.pdf, .svg, .png), got ${output}`);
      const ids = chart?.split(",").map((id) => id.trim());
      if (!page && ids !== undefined && ids.length > 1)
        throw new UsageError(`--chart: a picture holds one chart, got ${ids.join(", ")}; ask for them one by one, or for a page (.html)`);
      const destination = openOutput(output, [file]);
      const table = await readResults(file);
      // a page shows the numbers even if there is nothing to draw
      const charts = page && ids === undefined ? await fittingCharts(table) : await drawCharts(table, file, ids);
      if (page) destination.write(await resultsPage({ from: file, table, charts, command: thisCommand() }));
      else {
        destination.write(await renderChart(charts[0].spec, output, { widthCentimetres: width, fontPoints: fontSize, title }));
        if (!title) sayCaption(charts[0]);
      }
    });
}
