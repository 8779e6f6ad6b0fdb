// The checks of `bplab check`: what every model must do, then the examples in the predictor's own file.

import { messageInUserCode } from "../errors.ts";
import { findDefinition } from "../front-end/load-predictor.ts";
import { conformanceChecks } from "../models/conformance.ts";
import type { ConformanceCheck } from "../models/conformance-check.ts";
import type { Example } from "../models/predictor.ts";
import { explain } from "./explain.ts";

/** A check of a predictor. */
export interface PredictorCheck extends Pick<ConformanceCheck, "title"> {
  readonly run: () => Promise<string | undefined>;
}

async function failureOf({ loop, technique, missesPerIteration }: Example, predictor: string): Promise<string | undefined> {
  try {
    const explained = await explain(loop, technique, predictor);
    return explained.missesPerIteration === missesPerIteration ? undefined : `got ${explained.missesPerIteration}`;
  } catch (error) {
    return messageInUserCode(error);
  }
}

/**
 * @param predictor a file, or the id of one of ours
 * @throws UsageError when there is none, or the file is unusable
 */
export async function predictorChecks(predictor: string): Promise<PredictorCheck[]> {
  const definition = await findDefinition(predictor);
  return [
    ...conformanceChecks(definition, predictor).map(({ title, run }) => ({ title, run: async () => run() })),
    ...(definition.examples ?? []).map((example) => ({
      title: `${example.loop} with ${example.technique} is mispredicted ${example.missesPerIteration} times an iteration`,
      run: () => failureOf(example, predictor),
    })),
  ];
}
