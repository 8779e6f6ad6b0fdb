// bplab simulate: programs through techniques and front ends, as a table, CSV or JSON.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { SingleBar } from "cli-progress";
import { ASSUMED } from "../cost.ts";
import { DEFAULT_TECHNIQUES } from "../dispatch/techniques.ts";
import { UsageError } from "../errors.ts";
import { predictorFiles } from "../front-end.ts";
import { SIZES } from "../programs.ts";
import { drawCharts, fittingCharts } from "../report/charts.ts";
import { intervalColumns, rowColumns, siteColumns, worstSites } from "../report/columns.ts";
import { toCsv } from "../report/csv.ts";
import { toJson } from "../report/json.ts";
import { type ResultTable, recordsOf } from "../report/records.ts";
import { CHART_FILES, renderChart } from "../report/render.ts";
import { resultsPage } from "../report/results-page.ts";
import { intervalTable, simulationTable, siteTable } from "../report/table.ts";
import { failureLines, type Results } from "../rows.ts";
import { simulate } from "../simulate.ts";
import { thisCommand } from "./command-line.ts";
import { type Format, formatOption, maxInstructionsOption, parseCache, parseChoice, parseCount, parseNumber } from "./options.ts";
import { openOutput } from "./write-output.ts";

const WORST = 10;

function render(simulation: Results, format: Format, perSite: number): string {
  const sites = perSite > 0 ? worstSites(simulation.sites, perSite) : [];
  const { intervals } = simulation;
  if (format === "table") {
    const parts = [
      simulationTable(simulation),
      ...(intervals.length > 0 ? [intervalTable(intervals)] : []),
      ...(perSite > 0 ? [siteTable(sites)] : []),
    ];
    return parts.join("\n");
  }
  const write = format === "csv" ? toCsv : toJson;
  if (intervals.length > 0) return write(intervalColumns, intervals);
  return perSite > 0 ? write(siteColumns, sites) : write(rowColumns(simulation), simulation.rows);
}

/** What charts are made from: whole runs first. */
function tablesOf(simulation: Results, perSite: number): ResultTable[] {
  const { rows, intervals } = simulation;
  const tables: ResultTable[] = [{ of: "rows", records: recordsOf(rowColumns(simulation), rows) }];
  if (perSite > 0) tables.push({ of: "sites", records: recordsOf(siteColumns, worstSites(simulation.sites, perSite)) });
  if (intervals.length > 0) tables.push({ of: "intervals", records: recordsOf(intervalColumns, intervals) });
  return tables;
}

/** @throws UsageError when two options name one file: the second would overwrite the first */
function checkDistinct(files: Readonly<Record<string, string | undefined>>): void {
  const seen = new Map<string, string>();
  for (const [option, file] of Object.entries(files)) {
    if (file === undefined) continue;
    const other = seen.get(resolve(file));
    if (other !== undefined) throw new UsageError(`${other} and ${option} are one file: ${file}`);
    seen.set(resolve(file), option);
  }
}

export function simulateCommand() {
  return new Command("simulate")
    .description("run programs and replay their dispatch branches through predictors")
    .argument(
      "[inputs...]",
      "program ids (bplab list programs) and files: Forth, register assembly, opcode streams; all programs if none is given",
    )
    .option("--technique <list>", `dispatch techniques, separated by commas, or all (default: ${DEFAULT_TECHNIQUES.replaceAll(",", ", ")})`)
    .option(
      "--train <list>",
      "programs that choose superinstructions and replicas, separated by commas (default: all others of ours in the same language)",
    )
    .option("--predictor <list>", "front ends, separated by commas: btb:sets=128, btb:sets=64..4096, btb+gshare, ./mine.ts (default: btb)")
    .option("--machine <list>", "front ends of real processors, separated by commas (bplab list machines)")
    .addOption(
      new Option("--penalty <cycles>", `cycles lost by a misprediction (default: the machine's, or ${ASSUMED.penaltyCycles})`).argParser(
        parseNumber("penalty"),
      ),
    )
    .addOption(
      new Option("--ipc <n>", "native instructions per cycle, for the estimate of speedups")
        .default(ASSUMED.instructionsPerCycle)
        .argParser(parseNumber("ipc")),
    )
    .addOption(
      new Option("--taken-branch <cycles>", "cycles of every taken branch")
        .default(ASSUMED.takenBranchCycles)
        .argParser(parseNumber("taken-branch")),
    )
    .addOption(new Option("--call <cycles>", "extra cycles of every call").default(ASSUMED.callCycles).argParser(parseNumber("call")))
    .addOption(
      new Option("--return <cycles>", "extra cycles of every return").default(ASSUMED.returnCycles).argParser(parseNumber("return")),
    )
    .addOption(
      new Option(
        "--indirect-stall <cycles>",
        "a machine without indirect prediction: what every indirect branch costs, however predicted",
      ).argParser(parseNumber("indirect-stall")),
    )
    .addOption(
      new Option("--bubble <cycles>", "cycles of a front-end bubble, where the front end models them")
        .default(ASSUMED.bubbleCycles)
        .argParser(parseNumber("bubble")),
    )
    .addOption(new Option("--icache [spec]", "an instruction cache: bytes=32768:ways=8:line=64").argParser(parseCache("icache")))
    .addOption(new Option("--dcache [spec]", "a data cache for jump tables, written likewise").argParser(parseCache("dcache")))
    .addOption(
      new Option("--icache-miss <cycles>", "cycles of a miss of the instruction cache")
        .default(ASSUMED.icacheMissCycles)
        .argParser(parseNumber("icache-miss")),
    )
    .addOption(
      new Option("--dcache-miss <cycles>", "cycles of a miss of the data cache")
        .default(ASSUMED.dcacheMissCycles)
        .argParser(parseNumber("dcache-miss")),
    )
    .addOption(
      new Option("--layout-seed <n>", "permutes and pads bodies in memory; 0 keeps their order")
        .default(0)
        .argParser(parseNumber("layout-seed")),
    )
    .addOption(
      new Option("--size <size>", "how much work our programs do: test or full")
        .default("test" as const)
        .argParser(parseChoice("size", SIZES)),
    )
    .addOption(new Option("--warmup <n>", "virtual instructions before counting starts").default(0).argParser(parseNumber("warmup")))
    .addOption(
      new Option("--interval <n>", "mispredictions over time, every n virtual instructions; csv and json then hold these").argParser(
        parseCount("interval"),
      ),
    )
    .addOption(
      new Option("--flush <n>", "predictors forget everything after every n native branches: context switches").argParser(
        parseCount("flush"),
      ),
    )
    .option("--bodies <interpreter>", "give opcodes the native bodies of a measured interpreter (bplab list bodies); default: their own")
    .addOption(maxInstructionsOption)
    .addOption(formatOption)
    .option("--output <file>", "write there instead of to standard output")
    .option(
      "--chart <file>",
      "draw misprediction rates by technique and predictor: .svg, .png, or the Vega-Lite specification as .json (others: bplab report)",
    )
    .option("--report <file>", "write a page with all charts that fit, which works offline: .html")
    .addOption(
      new Option(
        "--per-site [n]",
        `show the n worst sites (${WORST}) with the opcodes that own them; csv and json then hold these`,
      ).argParser((text) => {
        // `--per-site queens` takes the program for the number
        if (!/^\d/.test(text)) throw new UsageError(`--per-site: write --per-site=N, got ${text}`);
        return parseCount("per-site")(text);
      }),
    )
    .action(async (inputs, options) => {
      if (options.chart !== undefined && !CHART_FILES.some((ending) => options.chart?.endsWith(ending))) {
        throw new UsageError(`--chart must be a file that ends in ${CHART_FILES.join(" or ")}, got ${options.chart}`);
      }
      if (options.report !== undefined && !options.report.endsWith(".html"))
        throw new UsageError(`--report must be a file that ends in .html, got ${options.report}`);
      if (options.perSite !== undefined && options.interval !== undefined && options.format !== "table") {
        throw new UsageError(`--per-site and --interval are two results: ask for one of them with --format=${options.format}`);
      }
      const read = [...inputs.filter((input) => existsSync(input)), ...predictorFiles(options.predictor ?? "")];
      const output = openOutput(options.output, read);
      const chart = options.chart === undefined ? undefined : openOutput(options.chart, read);
      const report = options.report === undefined ? undefined : openOutput(options.report, read);
      checkDistinct({ "--output": options.output, "--chart": options.chart, "--report": options.report });
      const bar = new SingleBar({
        format: "{bar} {value}/{total} {program}, {blocks} blocks",
        stream: process.stderr,
        noTTYOutput: false,
        clearOnComplete: true,
      });
      const terminal = process.stderr.isTTY === true;
      let started = false;
      let shown = 0;
      try {
        const simulation = await simulate({
          inputs,
          technique: options.technique,
          train: options.train?.split(","),
          predictor: options.predictor,
          machine: options.machine,
          size: options.size,
          penalty: options.penalty,
          ipc: options.ipc,
          takenBranch: options.takenBranch,
          call: options.call,
          return: options.return,
          bubble: options.bubble,
          icacheMiss: options.icacheMiss,
          dcacheMiss: options.dcacheMiss,
          indirectStall: options.indirectStall,
          icache: options.icache,
          dcache: options.dcache,
          layoutSeed: options.layoutSeed,
          warmup: options.warmup,
          interval: options.interval,
          flush: options.flush,
          maxInstructions: options.maxInstructions,
          bodies: options.bodies,
          onProgress(program, done, total, blocks) {
            if (!terminal) return;
            if (!started) bar.start(total, 0, { program, blocks: 0 });
            started = true;
            bar.update(done, { program, blocks: blocks.toLocaleString("en-US") });
            // the loop never yields to timers: draw here, a few times a second's worth of blocks
            if (blocks - shown > 2_000_000 || blocks < shown) {
              shown = blocks;
              bar.render();
            }
          },
        });
        bar.stop();
        const perSite = options.perSite === true ? WORST : (options.perSite ?? 0);
        const tables = tablesOf(simulation, perSite);
        if (chart !== undefined && options.chart !== undefined) {
          const [headline] = await drawCharts(tables[0], "--chart", ["misprediction-rate"]);
          chart.write(await renderChart(headline.spec, options.chart));
        }
        if (report !== undefined) {
          const charts = (await Promise.all(tables.map(fittingCharts))).flat();
          const programs = [...new Set(simulation.rows.map(({ program }) => program))];
          const from = programs.length > 4 ? `${programs.length} programs` : programs.join(", ");
          report.write(await resultsPage({ from, table: tables[0], charts, command: thisCommand() }));
        }
        output.write(render(simulation, options.format, perSite));
        for (const line of failureLines(simulation.failures)) process.stderr.write(`${line}\n`);
        if (simulation.failures.length > 0) process.exitCode = 1;
      } finally {
        if (started) bar.stop();
      }
    });
}
