// A worker thread: does one task after the other, and gives a pulse during those that run users' code.
import { parentPort, workerData } from "node:worker_threads";
import { readMeasuredBodies } from "../bodies/measured-bodies.ts";
import { runWithBodies } from "../bodies/with-bodies.ts";
import { readTechnique } from "../dispatch/techniques.ts";
import { messageOf, RunError, UsageError } from "../errors.ts";
import { useStandardInput } from "../files/kept-inputs.ts";
import { printToStderr } from "../files/user-output.ts";
import { type FrontEnd, readFrontEnds, readMachines } from "../front-end/front-end.ts";
import { findProgram } from "../guests/programs.ts";
import { startFromTapes } from "../guests/tapes/tape-store.ts";
import { simulateRun } from "../lab/lab.ts";
import { simulateRecording } from "../lab/simulate-recording.ts";
import { MOST_TRAINING_INSTRUCTIONS, profileOf } from "../lab/training.ts";
import { findRecording } from "../recordings/find-recording.ts";
import type { InputResults } from "../results/rows.ts";
import type { VirtualRun } from "../trace/run.ts";
import { playTape } from "../trace/tape.ts";
import { predictorChecks } from "../workbench/check-predictor.ts";
import { explain } from "../workbench/explain.ts";
import { explainProgram } from "../workbench/explain-program.ts";
import { shareTape, tapeIn } from "./shared-tape.ts";
import type { Answer, Asked, FrontEndName, ProgramName, ProgramRequest, Tasks } from "./tasks.ts";

const pulse = new Int32Array(workerData.pulse as SharedArrayBuffer);
const beat = (): void => {
  Atomics.add(pulse, 0, 1);
};

printToStderr();
useStandardInput(workerData.standardInput as string | undefined);

const frontEnds = new Map<string, FrontEnd>();

const keyOf = ({ name, machine }: FrontEndName): string => JSON.stringify({ name, machine });

/** The front end of a name, read once; its models are loaded afresh for every replay. */
async function frontEndOf({ name, machine }: FrontEndName): Promise<FrontEnd> {
  const key = keyOf({ name, machine });
  const known = frontEnds.get(key) ?? (await (machine ? readMachines(name) : readFrontEnds(name)))[0];
  frontEnds.set(key, known);
  return known;
}

const startHere = async ({ input, size, maxInstructions, tapeFolder }: ProgramName): Promise<VirtualRun> =>
  startFromTapes(tapeFolder)(await findProgram(input), size, maxInstructions);

async function replayProgram(request: ProgramRequest): Promise<InputResults & { readonly executedBlocks: number }> {
  const { tape, program, subject, brief, pairs, settings, profile, costs, sites } = request;
  const bodies = settings.bodies === undefined ? undefined : readMeasuredBodies(settings.bodies);
  const run = tape === undefined ? await startHere(program) : playTape(tapeIn(tape));
  const techniques = await Promise.all([...new Set(pairs.map(({ technique }) => technique))].map(readTechnique));
  const replayed = await Promise.all([...new Set(pairs.map(({ frontEnd }) => keyOf(frontEnd)))].map((key) => frontEndOf(JSON.parse(key))));
  const asked = new Set(pairs.map(({ technique, frontEnd }) => JSON.stringify([technique, keyOf(frontEnd)])));
  let executedBlocks = 0;
  const results = await simulateRun(runWithBodies(run, bodies), subject, {
    techniques,
    frontEnds: replayed,
    pairs: (technique, { name, machine }) => asked.has(JSON.stringify([technique.name, keyOf({ name, machine: machine !== undefined })])),
    settings,
    profile,
    costs,
    sites,
    brief,
    onStretch: beat,
    onProgress(blocks) {
      executedBlocks = blocks;
      beat();
    },
  });
  return { ...results, executedBlocks };
}

const tasks: { readonly [K in keyof Tasks]: (asks: Tasks[K]["asks"]) => Promise<Tasks[K]["gives"]> } = {
  async "front ends"({ text }) {
    return (await readFrontEnds(text)).map(({ models, ...facts }) => ({ ...facts, models: models.map(({ load: _, ...model }) => model) }));
  },
  async tape({ input, size, maxInstructions, tapeFolder }) {
    const program = await findProgram(input);
    return shareTape(program, size, maxInstructions, tapeFolder);
  },
  async profile(program) {
    return profileOf(await startHere({ ...program, size: "test", maxInstructions: MOST_TRAINING_INSTRUCTIONS }));
  },
  program: replayProgram,
  async recording({ path, ...request }) {
    const recording = await findRecording(path);
    if (recording === undefined) throw new UsageError(`no such recording any more: ${path}`);
    const replayed = await Promise.all(request.frontEnds.map(frontEndOf));
    return simulateRecording(recording, { ...request, frontEnds: replayed, onProgress: beat });
  },
  explanation: (asks) => explain(...asks),
  "program explanation": (asks) => explainProgram(...asks, beat),
  checks: async (predictor) => (await predictorChecks(predictor)).map(({ title }) => title),
  check: async ({ predictor, index }) => (await predictorChecks(predictor))[index].run(),
};

async function answer({ kind, asks }: Asked): Promise<Answer> {
  beat();
  try {
    return { given: await (tasks[kind] as (asks: unknown) => Promise<unknown>)(asks) };
  } catch (error) {
    const whose = error instanceof UsageError ? "usage" : error instanceof RunError ? "run" : "ours";
    const message = error instanceof UsageError || error instanceof RunError ? error.message : messageOf(error);
    return { thrown: { whose, message, stack: error instanceof Error ? error.stack : undefined } };
  }
}

parentPort?.on("message", async (asked: Asked) => {
  parentPort?.postMessage(await answer(asked));
});
