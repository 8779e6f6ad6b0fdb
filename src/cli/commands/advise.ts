// bplab advise: which dispatch technique pays for these programs, on machines of today.
import { Command } from "@commander-js/extra-typings";
import { type Advice, advise, DEFAULT_MACHINES } from "../../advise/advise.ts";
import { toCsv } from "../../report/csv.ts";
import { advicePage } from "../../report/pages/advice-page.ts";
import { adviceColumns, adviceParts, adviceRows } from "../../report/tables/advice.ts";
import { toDocument } from "../../report/tables/document.ts";
import type { Terminal } from "../../report/tables/text-table.ts";
import { thisCommand } from "../command-line.ts";
import { type Format, formatOption, jobsOption, noCacheOption } from "../options.ts";
import { stdinOption, withGiven } from "../program-words.ts";
import { createProgress } from "../progress.ts";
import { simulationOption } from "../simulation-options.ts";
import { checkDistinct, openOutput, openPage } from "../write-output.ts";

function render(advice: Advice, format: Format, terminal: Terminal | undefined): string {
  if (format === "json") return `${JSON.stringify(advice, null, 2)}\n`;
  return format === "csv" ? toCsv(adviceColumns, adviceRows(advice)) : toDocument(adviceParts(advice), format, terminal);
}

export function adviseCommand() {
  return new Command("advise")
    .argument("<inputs...>", "programs of one interpreter: ids (bplab list programs), files, logs of opcodes; after --, the words of one")
    .option("--now <technique>", "how the interpreter dispatches today", "switch")
    .option(
      "--machine <ids>",
      `processors, as in --machine=zen-4,./host.json (default: ${DEFAULT_MACHINES}, and ./host.json if bplab calibrate wrote it here)`,
    )
    .addOption(simulationOption("size"))
    .addOption(simulationOption("bodies"))
    .addOption(simulationOption("maxInstructions"))
    .addOption(stdinOption)
    .addOption(jobsOption)
    .addOption(noCacheOption)
    .addOption(formatOption)
    .option("--output <file>", "write there instead of to standard output")
    .option("--report <file>", "write a page that works offline: .html")
    .action(async (operands, { output: path, report: page, format, stdin, ...options }) => {
      const inputs = withGiven(operands, { stdin });
      const output = openOutput(path, inputs);
      const report = openPage(page, inputs);
      checkDistinct({ "--output": path, "--report": page });
      const progress = await createProgress("{bar} {value}/{total} layouts of the code");
      try {
        const advice = await advise({ inputs, ...options, onProgress: (done, all) => progress.show(done, all, {}, true) });
        progress.stop();
        report?.write(advicePage(advice, thisCommand()));
        output.write(render(advice, format, output.terminal));
      } finally {
        progress.stop();
      }
    });
}
