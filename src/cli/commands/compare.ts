// bplab compare: how many times fewer mispredictions the second of two results files has.
import { Command } from "@commander-js/extra-typings";
import { readResults } from "../../report/read-results.ts";
import { comparedTables } from "../../report/tables/comparison.ts";
import { formatOption } from "../options.ts";
import { renderComparisons } from "../render-simulation.ts";
import { thisTerminal } from "../terminal.ts";

export function compareCommand() {
  return new Command("compare")
    .argument("<first>", "results as CSV or Parquet, of whole runs")
    .argument("<second>", "results of the same programs, with other predictors, techniques or options")
    .addOption(formatOption)
    .action(async (first, second, { format }) => {
      const names = [first, second] as const;
      const [before, after] = await Promise.all(names.map(readResults));
      process.stdout.write(renderComparisons([comparedTables(before, after, names)], format, thisTerminal()));
    });
}
