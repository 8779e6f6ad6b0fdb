// bplab diff: what changed between two results files.
import { Command } from "@commander-js/extra-typings";
import { toCsv } from "../../report/csv.ts";
import { toJson } from "../../report/json.ts";
import { readResults } from "../../report/read-results.ts";
import { differenceColumns, differenceParts, differencesOf } from "../../report/tables/differences.ts";
import { toDocument } from "../../report/tables/document.ts";
import { headerOption, withHeader } from "../header.ts";
import { formatOption } from "../options.ts";
import { openOutput } from "../write-output.ts";

export function diffCommand() {
  return new Command("diff")
    .argument("<before>", "results as CSV, JSON or Parquet")
    .argument("<after>", "results of the same kind")
    .addOption(formatOption)
    .addOption(headerOption)
    .option("--strict", "exit code 1 when anything differs")
    .action(async (before, after, { format, header, strict }) => {
      const output = withHeader(openOutput(undefined), format, header);
      const names = [before, after] as const;
      const [old, fresh] = await Promise.all(names.map(readResults));
      const differences = differencesOf(old, fresh, names);
      const columns = differenceColumns(differences);
      if (format === "csv") output.write(toCsv(columns, differences.list));
      else if (format === "json") output.write(toJson(columns, differences.list));
      else output.write(toDocument(differenceParts(differences, names), format, output.terminal));
      if (strict && differences.list.length > 0) process.exitCode = 1;
    });
}
