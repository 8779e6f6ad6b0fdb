// Where `bplab simulate` writes: rows to standard output or a file, a chart, a page. Everything is opened before anything runs.
import { existsSync } from "node:fs";
import { UsageError } from "../errors.ts";
import { predictorFiles } from "../front-end/front-end.ts";
import { filesNamed } from "../guests/program-reference.ts";
import { unknownName } from "../parameters.ts";
import { CHART_FILES, renderChart } from "../report/drawing/render.ts";
import { tablesOf } from "../report/result-tables.ts";
import { checkArrangement } from "../report/tables/arrangement.ts";
import { PROGRAM_COLUMN_IDS } from "../report/tables/program-columns.ts";
import { RECORDED_COLUMN_IDS } from "../report/tables/recorded-table.ts";
import { WIDE_COLUMNS } from "../report/tables/wide.ts";
import { RECORDED, type Results } from "../results/rows.ts";
import { thisCommand } from "./command-line.ts";
import { withHeader } from "./header.ts";
import type { Format } from "./options.ts";
import { render, renderCompared, renderWide, WIDE } from "./render-simulation.ts";
import { checkDistinct, openOutput, openPage } from "./write-output.ts";

/** Sites that `--per-site` shows unless a number is named. */
export const WORST = 10;

/** Flags for the output. */
export interface OutputFlags {
  readonly format: Format;
  readonly header?: true;
  readonly output?: string;
  readonly chart?: string;
  readonly report?: string;
  readonly wide?: string | true;
  readonly compare?: boolean;
  readonly perSite?: number | true;
  readonly columns?: readonly string[];
  readonly sort?: string;
  readonly top?: number;
  /** Given if csv and json are to hold intervals, or targets. */
  readonly interval?: number;
  readonly contexts?: boolean;
}

export interface SimulationFiles {
  /** Whether sites are shown. */
  readonly sites: boolean;
  /** Whether the SHA-256 of recordings is shown. */
  readonly hashed: boolean;
  write(simulation: Results): Promise<void>;
}

/** Columns of the tables of programs and of recordings, those of CSV last. */
const COLUMN_IDS = [...new Set([...PROGRAM_COLUMN_IDS, ...RECORDED_COLUMN_IDS])];
const NAMES = ["program", "technique", "kind"];

/** @throws UsageError for results that cannot be shown together */
function checkFlags({ format, chart, wide, compare, perSite, interval, contexts, columns, sort, top }: OutputFlags): void {
  if (chart !== undefined && !CHART_FILES.some((ending) => chart.endsWith(ending)))
    throw new UsageError(`--chart must be a file that ends in ${CHART_FILES.join(" or ")}, got ${chart}`);
  if (typeof wide === "string" && !WIDE_COLUMNS.includes(wide)) throw unknownName("column of --wide", wide, WIDE_COLUMNS);
  const arranges = Object.entries({ "--columns": columns, "--sort": sort, "--top": top }).find(([, value]) => value !== undefined);
  if (arranges !== undefined && (format === "csv" || format === "json"))
    throw new UsageError(`${arranges[0]} is for tables: --format=${format} always holds all rows and columns, in one order`);
  if (columns !== undefined && wide !== undefined)
    throw new UsageError("--columns: the columns of --wide are the front ends, leave one of the two out");
  if (wide === undefined) checkArrangement({ columns, sort }, COLUMN_IDS, NAMES);
  const others = Object.entries({
    "--per-site": perSite,
    "--interval": interval,
    "--contexts": contexts,
    "--wide": wide,
    "--compare": compare,
  });
  const asked = others.flatMap(([name, value]) => (value === undefined ? [] : name));
  const arranging = arranges?.[0];
  if (compare && (arranging !== undefined || asked.length > 1))
    throw new UsageError(`--compare is a table of its own: leave ${arranging ?? asked.find((name) => name !== "--compare")} out`);
  if (asked.length > 1 && (format === "csv" || format === "json"))
    throw new UsageError(`${asked.join(" and ")} are results of their own: ask for one of them with --format=${format}`);
}

/**
 * @param inputs files that the simulation reads, which must not be overwritten
 * @throws UsageError when one of them cannot be written, or two are the same
 */
export function openSimulationFiles(flags: OutputFlags, inputs: readonly string[], predictor = ""): SimulationFiles {
  checkFlags(flags);
  const { format } = flags;
  const read = [...inputs.flatMap(filesNamed).filter((input) => existsSync(input)), ...predictorFiles(predictor)];
  const output = withHeader(openOutput(flags.output, read), format, flags.header);
  const chart = flags.chart === undefined ? undefined : { file: flags.chart, ...openOutput(flags.chart, read) };
  const report = openPage(flags.report, read);
  checkDistinct({ "--output": flags.output, "--chart": flags.chart, "--report": flags.report });
  const perSite = flags.perSite === true ? WORST : (flags.perSite ?? 0);
  const wide = flags.wide === true ? WIDE : flags.wide;
  return {
    sites: perSite > 0,
    // tables show no checksums
    hashed: format !== "table" || report !== undefined || chart !== undefined,
    async write(simulation) {
      const tables = chart === undefined && report === undefined ? [] : tablesOf(simulation, perSite);
      if (chart !== undefined) {
        if (simulation.rows.every(({ technique }) => technique === RECORDED))
          throw new UsageError("--chart: there is nothing to draw: rates are per virtual instruction, and recorded branches have none");
        const { drawCharts } = await import("../report/drawing/find-charts.ts");
        const [headline] = await drawCharts(tables[0], "--chart", ["misprediction-rate"]);
        chart.write(await renderChart(headline.spec, chart.file));
      }
      if (report !== undefined) {
        const [{ fittingCharts }, { resultsPage }] = await Promise.all([
          import("../report/drawing/find-charts.ts"),
          import("../report/pages/results-page.ts"),
        ]);
        const charts = (await Promise.all(tables.map(fittingCharts))).flat();
        const programs = [...new Set(simulation.rows.map(({ program }) => program))];
        const from = programs.length > 4 ? `${programs.length} programs` : programs.join(", ");
        report.write(await resultsPage({ from, table: tables[0], charts, command: thisCommand() }));
      }
      const { columns, sort, top } = flags;
      const look = { arranged: { columns, sort, top }, terminal: output.terminal };
      if (flags.compare === true) output.write(renderCompared(simulation, format, output.terminal));
      else output.write(wide === undefined ? render(simulation, format, perSite, look) : renderWide(simulation, format, wide, look));
    },
  };
}
