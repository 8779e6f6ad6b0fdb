// bplab sweep: studies as thousands of work items, on one machine or many. Each subcommand loads only the modules that it needs:
// doing an item must not wait for the modules that read studies.
import { dirname, resolve } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { openSession } from "../../jobs/session.ts";
import { noCacheOption } from "../options.ts";
import {
  engineOption,
  enter,
  handedOn,
  jobsOption,
  memoryOption,
  partitionOption,
  passedOnArgument,
  retryOption,
  run,
  timeOption,
} from "./sweep/do-items.ts";
import { mergeCommand } from "./sweep/merge.ts";
import { resumeCommand } from "./sweep/resume.ts";
import { runItemCommand } from "./sweep/run-item.ts";
import { statusCommand } from "./sweep/status.ts";

export function sweepCommand() {
  const command = new Command("sweep")
    // without this, commander takes options after `resume` for those of `sweep`
    .enablePositionalOptions()
    .argument("<study>", "a study as YAML or JSON: inputs, techniques, front ends, and what to leave out (docs/sweeps.md)")
    .addArgument(passedOnArgument)
    .addOption(engineOption)
    .option("--out <folder>", "the folder of the sweep (default: the study's name with the ending .sweep)")
    .option("--dry-run", "print the number of points and items, and an estimate of time and disk")
    .option("--yes", "confirm a million points or more")
    .addOption(retryOption)
    .addOption(jobsOption)
    .addOption(partitionOption)
    .addOption(timeOption)
    .addOption(memoryOption)
    .addOption(noCacheOption)
    .action(async (file, passedOn, options) => {
      const handed = handedOn(options, passedOn);
      const [{ readStudy }, { checkFolder, folderOf, readPlan, writePlan }] = await Promise.all([
        import("../../sweep/study/study.ts"),
        import("../../sweep/plan.ts"),
      ]);
      const study = readStudy(file);
      const shown = options.out ?? folderOf(file);
      const folder = resolve(shown);
      const base = dirname(resolve(file));
      checkFolder(shown, file);
      enter(base);
      const session = openSession(options);
      try {
        const plan = await readPlan(study, session, options.yes === true);
        if (options.dryRun === true) {
          const { estimate, estimateLines } = await import("../../sweep/estimate.ts");
          process.stdout.write(`${estimateLines(await estimate(plan, session), session.jobs).join("\n")}\n`);
          return;
        }
        writePlan(folder, base, study, plan);
      } finally {
        await session.close();
      }
      await run(folder, shown, options, handed);
    });
  for (const sub of [statusCommand(), resumeCommand(), mergeCommand(), runItemCommand()]) command.addCommand(sub);
  return command;
}
