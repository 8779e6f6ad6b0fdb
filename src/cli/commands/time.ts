// bplab time: runs programs natively in compiled interpreters and generated code, and compares real and estimated cycles.
import { Command, Option } from "@commander-js/extra-typings";
import { UsageError } from "../../errors.ts";
import { SIZES } from "../../guests/programs.ts";
import { time } from "../../host/time/time.ts";
import { toCsv } from "../../report/csv.ts";
import { toJson } from "../../report/json.ts";
import { timingPage } from "../../report/pages/timing-page.ts";
import { toDocument } from "../../report/tables/document.ts";
import { timingColumns, timingParts } from "../../report/tables/timing.ts";
import { thisCommand } from "../command-line.ts";
import { headerOption, withHeader } from "../header.ts";
import { formatOption, parseChoice, parseCount } from "../options.ts";
import { createProgress } from "../progress.ts";
import { programLimitOption } from "../simulation-options.ts";
import { checkDistinct, openOutput, openPage } from "../write-output.ts";

const MOST_ALIGNMENT = 256;

function parseAlign(text: string): number[] {
  return text.split(",").map((part) => {
    const bytes = Number(part);
    if (!/^\d+$/.test(part) || bytes < 1 || bytes > MOST_ALIGNMENT || !Number.isInteger(Math.log2(bytes)))
      throw new UsageError(`--align: expected powers of two up to ${MOST_ALIGNMENT}, separated by commas, got ${text}`);
    return bytes;
  });
}

export function timeCommand() {
  return new Command("time")
    .argument("[programs...]", "programs in Forth; all of the lab's if none is given")
    .option(
      "--machine <machine>",
      "the machine to estimate for: ./host.json, which bplab calibrate writes, or one of the lab's machines; without it, only real cycles",
    )
    .option(
      "--technique <list>",
      "techniques with a form in C or generated code, separated by commas, or all (default: switch, token, direct, call and tail-call threading)",
    )
    .option("--cc <list>", "compilers, separated by commas", "gcc")
    .option("--cflags <flags>", "options for the compilers", "-O2")
    .addOption(new Option("--align <list>", "align blocks of code to multiples of these: --align=1,16,64").argParser(parseAlign))
    .addOption(
      new Option("--size <size>", "how much work our programs do: test or full")
        .default("full" as const)
        .argParser(parseChoice("size", SIZES)),
    )
    .addOption(new Option("--runs <n>", "run each program in each form this many times").default(9).argParser(parseCount("runs")))
    .addOption(
      new Option("--compile-limit <seconds>", "stop a compiler after this time").default(120).argParser(parseCount("compile-limit")),
    )
    .addOption(programLimitOption())
    .addOption(formatOption)
    .addOption(headerOption)
    .option("--output <file>", "write there instead of to standard output")
    .option("--report <file>", "write a page that works offline: .html")
    .action(async (inputs, { output: path, report: page, format, header, ...options }) => {
      const output = withHeader(openOutput(path, inputs), format, header);
      const report = openPage(page, inputs);
      checkDistinct({ "--output": path, "--report": page });
      const progress = await createProgress("{bar} {percentage} %{eta_formatted}; {what}");
      try {
        const timings = await time({
          inputs,
          ...options,
          onProgress: (what, done, total) => progress.show(done, total, { what }, true),
        });
        progress.stop();
        report?.write(await timingPage(timings, thisCommand()));
        if (format === "csv" || format === "json") {
          for (const line of [...timings.notes, ...timings.skipped.map((line) => `not timed: ${line}`)]) process.stderr.write(`${line}\n`);
          output.write((format === "csv" ? toCsv : toJson)(timingColumns, timings.rows));
        } else output.write(toDocument(timingParts(timings), format, output.terminal));
        if (options.machine === undefined)
          process.stderr.write("no cycles are estimated: give --machine=./host.json, which bplab calibrate writes\n");
      } finally {
        progress.stop();
      }
    });
}
