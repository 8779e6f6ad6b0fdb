// bplab sweep status: the progress of a sweep.
import { resolve } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { slurmLines } from "../../../sweep/slurm/status.ts";
import { survey, surveyLines } from "../../../sweep/survey.ts";
import { folderArgument } from "./do-items.ts";

export function statusCommand() {
  return new Command("status")
    .description("show the progress of a sweep, and what failed")
    .addArgument(folderArgument)
    .action((shown) => {
      const found = survey(shown);
      process.stdout.write(`${[...surveyLines(shown, found), ...slurmLines(resolve(shown), found.pending)].join("\n")}\n`);
    });
}
