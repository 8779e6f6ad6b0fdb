// bplab check: whether a predictor, ours or a user's file, does what every model must do, and what its own examples promise.
import { Command } from "@commander-js/extra-typings";
import { RunError } from "../../errors.ts";
import { watchedTasks } from "../../jobs/watched.ts";

export function checkCommand() {
  return new Command("check")
    .argument("<predictor>", "a file that exports a predictor, or the id of one of ours")
    .action(async (predictor) => {
      const tasks = watchedTasks(predictor);
      let failed = 0;
      try {
        for (const [index, title] of (await tasks.run("checks", predictor)).entries()) {
          // a check that does not return fails, and so do all checks after it
          const failure = await tasks.run("check", { predictor, index }).catch((error) => {
            if (error instanceof RunError) return error.message;
            throw error;
          });
          if (failure !== undefined) failed++;
          process.stdout.write(failure === undefined ? `ok    ${title}\n` : `FAIL  ${title}: ${failure}\n`);
        }
      } finally {
        await tasks.close();
      }
      process.stdout.write(failed === 0 ? `${predictor} passes.\n` : `${predictor} fails ${failed} of its checks.\n`);
      if (failed > 0) process.exitCode = 1;
    });
}
