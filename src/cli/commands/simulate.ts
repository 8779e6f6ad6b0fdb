// bplab simulate: programs through techniques and front ends, as a table, CSV or JSON.
import { existsSync } from "node:fs";
import { Command, Option } from "@commander-js/extra-typings";
import { DEFAULT_TECHNIQUES } from "../../dispatch/techniques.ts";
import { UsageError } from "../../errors.ts";
import { predictorFiles } from "../../front-end/front-end.ts";
import { BUSIEST } from "../../lab/simulate-recording.ts";
import { unknown } from "../../parameters.ts";
import { CHART_FILES, renderChart } from "../../report/drawing/render.ts";
import { WIDE_COLUMNS } from "../../report/tables/wide.ts";
import { ASSUMED } from "../../results/cost.ts";
import { failureLines, RECORDED } from "../../results/rows.ts";
import { simulate } from "../../simulate/simulate.ts";
import { thisCommand } from "../command-line.ts";
import {
  formatOption,
  jobsOption,
  maxInstructionsOption,
  noCacheOption,
  parseCache,
  parseCount,
  parseNumber,
  parsePerSite,
} from "../options.ts";
import { layoutSeedOption, sizeOption } from "../program-options.ts";
import { createProgress } from "../progress.ts";
import { render, renderWide, tablesOf, WIDE } from "../render-simulation.ts";
import { checkDistinct, openOutput, openPage } from "../write-output.ts";

const WORST = 10;

export function simulateCommand() {
  return new Command("simulate")
    .argument(
      "[inputs...]",
      "program ids (bplab list programs) and files: Forth, register assembly, opcode streams, recorded branches; all programs if none is given",
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
    .addOption(layoutSeedOption)
    .addOption(sizeOption)
    .addOption(
      new Option("--warmup <n>", "virtual instructions (of recordings: native ones) before counting starts")
        .default(0)
        .argParser(parseNumber("warmup")),
    )
    .addOption(
      new Option(
        "--interval <n>",
        "mispredictions over time, every n virtual instructions (of recordings: native ones); csv and json then hold these",
      ).argParser(parseCount("interval")),
    )
    .option(
      "--contexts",
      "where dispatch branches lead: targets of each site, and how uncertain they are; csv and json then hold the targets",
    )
    .addOption(
      new Option("--flush <n>", "predictors forget everything after every n native branches: context switches").argParser(
        parseCount("flush"),
      ),
    )
    .option(
      "--dispatch <list>",
      `which indirect branches of recordings are an interpreter's dispatch: functions, files, addresses (main:indirect-jump), or ${BUSIEST}`,
    )
    .option(
      "--bodies <interpreter>",
      "give opcodes the native bodies of a measured interpreter (bplab list bodies, or a file); default: their own",
    )
    .addOption(maxInstructionsOption)
    .addOption(jobsOption)
    .addOption(noCacheOption)
    .addOption(formatOption)
    .option(
      "--wide [column]",
      `a line for each program and technique, a column for each predictor, of one value (${WIDE}), with that of all programs`,
    )
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
      ).argParser(parsePerSite),
    )
    .action(async (inputs, options) => {
      if (options.chart !== undefined && !CHART_FILES.some((ending) => options.chart?.endsWith(ending))) {
        throw new UsageError(`--chart must be a file that ends in ${CHART_FILES.join(" or ")}, got ${options.chart}`);
      }
      if (typeof options.wide === "string" && !WIDE_COLUMNS.includes(options.wide))
        throw unknown("column of --wide", options.wide, WIDE_COLUMNS);
      const others = Object.entries({
        "--per-site": options.perSite,
        "--interval": options.interval,
        "--contexts": options.contexts,
        "--wide": options.wide,
      });
      const asked = others.flatMap(([name, value]) => (value === undefined ? [] : name));
      if (asked.length > 1 && (options.format === "csv" || options.format === "json")) {
        throw new UsageError(`${asked.join(" and ")} are results of their own: ask for one of them with --format=${options.format}`);
      }
      const read = [...inputs.filter((input) => existsSync(input)), ...predictorFiles(options.predictor ?? "")];
      const output = openOutput(options.output, read);
      const chart = options.chart === undefined ? undefined : openOutput(options.chart, read);
      const report = openPage(options.report, read);
      checkDistinct({ "--output": options.output, "--chart": options.chart, "--report": options.report });
      const progress = await createProgress("{bar} {value}/{total} {program}, {blocks} blocks");
      const perSite = options.perSite === true ? WORST : (options.perSite ?? 0);
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
          contexts: options.contexts,
          sites: perSite > 0,
          flush: options.flush,
          maxInstructions: options.maxInstructions,
          bodies: options.bodies,
          // a table shows none
          hashed: options.format !== "table" || report !== undefined || chart !== undefined,
          jobs: options.jobs,
          cache: options.cache,
          dispatch: options.dispatch,
          onProgress(program, done, total, blocks) {
            // the loop never yields to timers: draw here, a few times a second's worth of blocks
            const draws = blocks - shown > 2_000_000 || blocks < shown;
            if (draws) shown = blocks;
            progress.show(done, total, { program, blocks }, draws);
          },
        });
        progress.stop();
        const tables = chart === undefined && report === undefined ? [] : tablesOf(simulation, perSite);
        if (chart !== undefined && options.chart !== undefined) {
          if (simulation.rows.every(({ technique }) => technique === RECORDED))
            throw new UsageError("--chart: there is nothing to draw: rates are per virtual instruction, and recorded branches have none");
          const { drawCharts } = await import("../../report/drawing/find-charts.ts");
          const [headline] = await drawCharts(tables[0], "--chart", ["misprediction-rate"]);
          chart.write(await renderChart(headline.spec, options.chart));
        }
        if (report !== undefined) {
          const [{ fittingCharts }, { resultsPage }] = await Promise.all([
            import("../../report/drawing/find-charts.ts"),
            import("../../report/pages/results-page.ts"),
          ]);
          const charts = (await Promise.all(tables.map(fittingCharts))).flat();
          const programs = [...new Set(simulation.rows.map(({ program }) => program))];
          const from = programs.length > 4 ? `${programs.length} programs` : programs.join(", ");
          report.write(await resultsPage({ from, table: tables[0], charts, command: thisCommand() }));
        }
        const wide = options.wide === true ? WIDE : options.wide;
        output.write(wide === undefined ? render(simulation, options.format, perSite) : renderWide(simulation, options.format, wide));
        for (const line of failureLines(simulation.failures)) process.stderr.write(`${line}\n`);
        if (simulation.failures.length > 0) process.exitCode = 1;
        const bug = simulation.failures.find((failure) => failure.bug !== undefined)?.bug;
        if (bug !== undefined) {
          process.stderr.write(`this is a bug in bplab: ${bug}\n`);
          process.exitCode = 70;
        }
      } finally {
        progress.stop();
      }
    });
}
