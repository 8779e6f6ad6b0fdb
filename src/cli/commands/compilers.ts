// bplab compilers: what the installed compilers make of dispatch code.
import { Command } from "@commander-js/extra-typings";
import { examineCompilers } from "../../host/compilers/compilers.ts";
import { toCsv } from "../../report/csv.ts";
import { toJson } from "../../report/json.ts";
import { compilerColumns, compilersParts } from "../../report/tables/compilers.ts";
import { toDocument } from "../../report/tables/document.ts";
import { headerOption, withHeader } from "../header.ts";
import { formatOption } from "../options.ts";
import { createProgress } from "../progress.ts";
import { openOutput } from "../write-output.ts";

export function compilersCommand() {
  return new Command("compilers")
    .option("--cc <list>", "compilers, separated by commas (default: every gcc, clang, rustc, zig and go on the PATH)")
    .addOption(formatOption)
    .addOption(headerOption)
    .option("--output <file>", "write there instead of to standard output")
    .action(async ({ cc, format, header, output: path }) => {
      const output = withHeader(openOutput(path), format, header);
      const progress = await createProgress("{what}");
      try {
        const report = examineCompilers(cc?.split(","), (what) => progress.show(0, 0, { what }, true));
        progress.stop();
        if (format === "csv" || format === "json") {
          for (const line of report.skipped) process.stderr.write(`not compiled: ${line}\n`);
          output.write((format === "csv" ? toCsv : toJson)(compilerColumns, report.rows));
        } else output.write(toDocument(compilersParts(report), format, output.terminal));
      } finally {
        progress.stop();
      }
    });
}
