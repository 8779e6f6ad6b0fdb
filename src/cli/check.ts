// bplab check: whether a predictor, ours or a user's own file, does what every model must do, and what its own examples say.
import { Command } from "@commander-js/extra-typings";
import { checksOf } from "../check-predictor.ts";
import { messageOf } from "../errors.ts";
import { explain } from "../explain.ts";
import { findDefinition } from "../load-predictor.ts";
import type { Example } from "../predictor.ts";

/** Undefined if the example holds; else what came instead. */
async function failureOf({ loop, technique, missesPerIteration }: Example, predictor: string): Promise<string | undefined> {
  try {
    const explained = await explain(loop, technique, predictor);
    return explained.missesPerIteration === missesPerIteration ? undefined : `got ${explained.missesPerIteration}`;
  } catch (error) {
    return messageOf(error);
  }
}

export function checkCommand() {
  return new Command("check")
    .argument("<predictor>", "a file that exports a predictor, or the id of one of ours")
    .action(async (predictor) => {
      const definition = await findDefinition(predictor);
      let failed = 0;
      const report = (title: string, failure: string | undefined): void => {
        if (failure !== undefined) failed++;
        process.stdout.write(failure === undefined ? `ok    ${title}\n` : `FAIL  ${title}: ${failure}\n`);
      };
      for (const { title, run } of checksOf(definition, predictor)) report(title, run());
      for (const example of definition.examples ?? []) {
        const { loop, technique, missesPerIteration } = example;
        report(`${loop} with ${technique} is mispredicted ${missesPerIteration} times an iteration`, await failureOf(example, predictor));
      }
      process.stdout.write(failed === 0 ? `${predictor} passes.\n` : `${predictor} fails ${failed} of its checks.\n`);
      if (failed > 0) process.exitCode = 1;
    });
}
