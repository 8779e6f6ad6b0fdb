// bplab sweep resume: continues a sweep.
import { resolve } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { UsageError } from "../../../errors.ts";
import { openSession } from "../../../jobs/session.ts";
import { readManifest, studyIn } from "../../../sweep/folder/folder.ts";
import { noCacheOption } from "../../options.ts";
import {
  engineOption,
  enter,
  folderArgument,
  handedOn,
  jobsOption,
  memoryOption,
  partitionOption,
  passedOnArgument,
  retryOption,
  run,
  timeOption,
} from "./do-items.ts";

export function resumeCommand() {
  return new Command("resume")
    .description("continue a sweep after any interruption: nothing is done twice")
    .addArgument(folderArgument)
    .addArgument(passedOnArgument)
    .addOption(engineOption)
    .addOption(retryOption)
    .addOption(jobsOption)
    .addOption(partitionOption)
    .addOption(timeOption)
    .addOption(memoryOption)
    .addOption(noCacheOption)
    .action(async (shown, passedOn, options) => {
      const handed = handedOn(options, passedOn);
      const folder = resolve(shown);
      const manifest = readManifest(shown);
      const { bplabVersion } = await import("../../../sweep/code-digest.ts");
      const now = bplabVersion();
      if (manifest.bplab !== now) {
        throw new UsageError(
          `${shown} was planned by bplab ${manifest.bplab}, this is ${now}, which would compute everything again: to do that, run the study with --out=${shown}`,
        );
      }
      const [{ readStudy }, { readPlan, writePlan }] = await Promise.all([
        import("../../../sweep/study/study.ts"),
        import("../../../sweep/plan.ts"),
      ]);
      const study = readStudy(studyIn(folder, manifest), manifest.study);
      enter(manifest.base);
      const session = openSession(options);
      try {
        // the number of points was confirmed when the sweep was planned
        writePlan(folder, manifest.base, study, await readPlan(study, session, true));
      } finally {
        await session.close();
      }
      await run(folder, shown, options, handed);
    });
}
