// bplab check: whether a predictor, ours or a user's own file, does what every model must do.
import { Command } from "@commander-js/extra-typings";
import { checksOf } from "../check-predictor.ts";
import { findDefinition } from "../load-predictor.ts";

export function checkCommand() {
  return new Command("check")
    .description("run the conformance suite on a predictor: a line for each check; exit code 1 if one fails")
    .argument("<predictor>", "a file that exports a predictor, or the id of one of ours")
    .action(async (predictor) => {
      const definition = await findDefinition(predictor);
      const failures = checksOf(definition, predictor).flatMap(({ title, run }) => {
        const failure = run();
        process.stdout.write(failure === undefined ? `ok    ${title}\n` : `FAIL  ${title}: ${failure}\n`);
        return failure === undefined ? [] : [title];
      });
      process.stdout.write(failures.length === 0 ? `${predictor} passes.\n` : `${predictor} fails ${failures.length} of its checks.\n`);
      if (failures.length > 0) process.exitCode = 1;
    });
}
