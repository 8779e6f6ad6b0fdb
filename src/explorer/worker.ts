// The lab in a worker: does one request after the other, by the functions that the commands call.
import { takeHandedFiles } from "#platform/handed-files";
import { messageOf, RunError, UsageError } from "../errors.ts";
import { explain } from "../workbench/explain.ts";
import { explainProgram } from "../workbench/explain-program.ts";
import { layOut } from "./lay-out.ts";
import { lists } from "./lists.ts";
import type { LabAnswer, LabError, LabRequest, RequestKind, Requests } from "./protocol.ts";
import { simulated } from "./simulated.ts";

type Work = {
  readonly [K in RequestKind]: (asks: Requests[K]["asks"], onProgress: (blocks: number) => void) => Promise<Requests[K]["gives"]>;
};

const WORK: Work = {
  simulate: simulated,
  explain: ({ loop, technique, predictor, leastIterations }) => explain(loop, technique, predictor, leastIterations),
  steps: ({ input, technique, predictor, ...window }) => explainProgram(input, technique, predictor, window),
  lists,
  layout: layOut,
};

function errorOf(error: unknown): LabError {
  const message = messageOf(error);
  if (error instanceof UsageError) return { message, exitCode: 2 };
  if (error instanceof RunError) return { message, exitCode: 1 };
  return { message, exitCode: 70, stack: error instanceof Error ? error.stack : undefined };
}

/** Does what a request asks for, and answers. @param answer takes answers about progress, and then the last one */
export async function serve({ id, kind, asks }: LabRequest, answer: (answer: LabAnswer) => void): Promise<void> {
  try {
    takeHandedFiles("files" in asks ? (asks.files ?? []) : []);
    const work = WORK[kind] as Work[RequestKind] as (asks: unknown, onProgress: (blocks: number) => void) => Promise<never>;
    answer({ id, given: await work(asks, (blocks) => answer({ id, progress: { blocks } })) });
  } catch (error) {
    answer({ id, error: errorOf(error) });
  }
}
