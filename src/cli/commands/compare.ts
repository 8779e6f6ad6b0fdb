// bplab compare: how many times fewer mispredictions the second of two results files has.
import { Command } from "@commander-js/extra-typings";
import { readResults } from "../../report/read-results.ts";
import { comparedTables } from "../../report/tables/comparison.ts";
import { headerOption, withHeader } from "../header.ts";
import { formatOption } from "../options.ts";
import { renderComparisons } from "../render-simulation.ts";
import { openOutput } from "../write-output.ts";

export function compareCommand() {
  return new Command("compare")
    .argument("<first>", "results as CSV, JSON or Parquet, of whole runs")
    .argument("<second>", "results of the same programs, with other predictors, techniques or options")
    .addOption(formatOption)
    .addOption(headerOption)
    .action(async (first, second, { format, header }) => {
      const output = withHeader(openOutput(undefined), format, header);
      const names = [first, second] as const;
      const [before, after] = await Promise.all(names.map(readResults));
      output.write(renderComparisons([comparedTables(before, after, names)], format, output.terminal));
    });
}
