// bplab reproduce: the experiments on published claims, and a verdict on each.
import { Command } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { toCsv } from "../../report/csv.ts";
import { toJson } from "../../report/json.ts";
import { verdictPage } from "../../report/pages/verdict-page.ts";
import { toDocument } from "../../report/tables/document.ts";
import { figureColumns, figuresParts } from "../../report/tables/figures.ts";
import type { Terminal } from "../../report/tables/text-table.ts";
import { asExpected, verdictColumns, verdictSheet, verdictText } from "../../report/tables/verdicts.ts";
import { comparedFigures, figureClaims } from "../../reproduce/figures/figures.ts";
import { type LaidOutOutcome, reproduceUnderLayouts } from "../../reproduce/under-layouts.ts";
import { rowColumns } from "../../results/columns.ts";
import { thisCommand } from "../command-line.ts";
import { headerOption, withHeader } from "../header.ts";
import { layoutSeedsOption } from "../layout-seeds.ts";
import { type Format, formatOption, jobsOption, noCacheOption } from "../options.ts";
import { createProgress } from "../progress.ts";
import { simulationOption } from "../simulation-options.ts";
import { checkDistinct, openOutput, openPage } from "../write-output.ts";

function render(outcomes: readonly LaidOutOutcome[], format: Format, terminal: Terminal | undefined): string {
  if (format === "csv") return toCsv(verdictColumns, outcomes);
  if (format === "json") return toJson(verdictColumns, outcomes);
  return format === "table" ? verdictText(outcomes, terminal?.columns) : toDocument([verdictSheet(outcomes)], format, terminal);
}

function renderFigures(outcomes: readonly LaidOutOutcome[], format: Format, terminal: Terminal | undefined): string {
  const figures = comparedFigures(outcomes);
  if (figures.length === 0)
    throw new UsageError(`--figures: expected claims that figures are published for (${figureClaims().join(" ")}), got others`);
  if (format === "csv") return toCsv(figureColumns, figures);
  return format === "json" ? toJson(figureColumns, figures) : toDocument(figuresParts(figures), format, terminal);
}

export function reproduceCommand() {
  return new Command("reproduce")
    .argument("[claims...]", "ids of claims, C17 C20; all if none is given")
    .option("--source <name>", "only claims of one source: rust, zig, zaleski, literature")
    .addOption(simulationOption("size"))
    .addOption(layoutSeedsOption("; verdicts under each are shown as well"))
    .addOption(jobsOption)
    .addOption(noCacheOption)
    .addOption(formatOption)
    .addOption(headerOption)
    .option("--output <file>", "write there instead of to standard output")
    .option("--rows <file>", "write all rows that the verdicts rest on there, as CSV")
    .option("--report <file>", "write a page with every verdict, its chart and its numbers there, which works offline: .html")
    .option("--figures", "instead of verdicts, published figures beside ours, with the ratio and the known reasons for the difference")
    .option("--compilers", "ask all compilers on the PATH what claims say of compilers; verdicts then depend on this machine")
    .option(
      "--time",
      "ask this processor's clock what claims say of time, on all Forth programs at size full; needs gcc, numbers differ from run to run",
    )
    .option("--machine <machine>", "./host.json of bplab calibrate: its measured costs decide, and its estimates where no clock is asked")
    .option("--strict", "exit code 1 when a verdict is not the expected one")
    .action(async (claims, options) => {
      if (options.figures === true && options.layoutSeed !== undefined)
        throw new UsageError("--figures shows no verdicts, which --layout-seed tries under other layouts: leave one of them out");
      checkDistinct({ "--output": options.output, "--rows": options.rows, "--report": options.report });
      const output = withHeader(openOutput(options.output), options.format, options.header);
      const report = openPage(options.report);
      const rowsFile = options.rows === undefined ? undefined : openOutput(options.rows);
      const progress = await createProgress("{bar} {percentage} %, {value} of {total} runs done{eta_formatted}; {program}");
      const doubts: string[] = [];
      try {
        const request = {
          claims: options.figures === true && claims.length === 0 && options.source === undefined ? figureClaims() : claims,
          source: options.source,
          size: options.size,
          jobs: options.jobs,
          cache: options.cache,
          compilers: options.compilers,
          time: options.time,
          machine: options.machine,
          onDoubt: (line: string) => doubts.push(line),
          onProgress: (done: number, total: number, program: string) => progress.show(done, total, { program }, true),
        };
        const outcomes = await reproduceUnderLayouts(request, options.layoutSeed ?? []);
        progress.stop();
        for (const line of doubts) process.stderr.write(`${line}\n`);
        const rows = [...new Set(outcomes.flatMap(({ rows, on }) => [...rows, ...Object.values(on).flatMap((part) => part.rows)]))];
        rowsFile?.write(toCsv(rowColumns, rows));
        report?.write(await verdictPage(outcomes, thisCommand()));
        output.write((options.figures === true ? renderFigures : render)(outcomes, options.format, output.terminal));
        const surprises = outcomes.filter((outcome) => !asExpected(outcome)).map(({ claim }) => claim.id);
        if (options.strict && surprises.length > 0) {
          process.stderr.write(`not as expected: ${surprises.join(", ")}\n`);
          process.exitCode = 1;
        }
      } finally {
        progress.stop();
      }
    });
}
