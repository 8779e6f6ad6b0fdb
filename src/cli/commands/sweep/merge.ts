// bplab sweep merge: the rows of a sweep as one table.
import { resolve } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { UsageError } from "../../../errors.ts";
import { itemsIn, manifestIn, studyIn } from "../../../sweep/folder/folder.ts";
import { slurmLines } from "../../../sweep/slurm/status.ts";
import { survey } from "../../../sweep/survey.ts";
import { parseChoice } from "../../options.ts";
import { folderArgument, say } from "./do-items.ts";

export function mergeCommand() {
  return new Command("merge")
    .description("write the rows of a sweep as one table, in the order of its study")
    .addArgument(folderArgument)
    .addOption(
      new Option("--format <format>", "csv or parquet")
        .default("csv" as const)
        .argParser(parseChoice("format", ["csv", "parquet"] as const)),
    )
    .option("-o, --output <file>", "write there instead of to standard output")
    .option("--partial", "merge although results are missing, and name the missing ones")
    .action(async (shown, { format, output: path, partial }) => {
      const { mergedTable, missingLines } = await import("../../../sweep/merge.ts");
      if (format === "parquet" && path === undefined) throw new UsageError("--format=parquet needs a file: --output=rows.parquet");
      const found = survey(shown);
      const table = mergedTable(shown, found, partial === true);
      const { openOutputFile } = await import("../../write-output.ts");
      const output =
        path === undefined ? undefined : openOutputFile(path, [itemsIn(shown), manifestIn(shown), studyIn(shown, found.manifest)]);
      try {
        const write = (bytes: Uint8Array): void => {
          if (output === undefined) process.stdout.write(bytes);
          else output.write(bytes);
        };
        if (format === "parquet") await (await import("../../../sweep/parquet.ts")).writeParquet(table, write);
        else {
          const { csvLines } = await import("../../../report/csv.ts");
          write(Buffer.from(csvLines([table.columns])));
          for (const rows of table.rows()) write(Buffer.from(csvLines(rows)));
        }
        output?.commit();
      } finally {
        output?.close();
      }
      for (const line of [...found.doubts, ...missingLines(shown, found), ...slurmLines(resolve(shown), found.pending)]) say(line);
    });
}
