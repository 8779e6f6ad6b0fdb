// Reads a request: names become programs, recordings, techniques and front ends; errors are reported before anything runs.
import { DEFAULT_TECHNIQUES, readTechniques, type Technique } from "../dispatch/techniques.ts";
import { UsageError } from "../errors.ts";
import { type FrontEnd, readMachines } from "../front-end/front-end.ts";
import type { Machine } from "../front-end/machines/machine.ts";
import { findProgram, type Program, programIds, refuseIdleSize, type Size } from "../guests/programs.ts";
import { readFrontEndsIn, type Session } from "../jobs/session.ts";
import type { InputKind } from "../options/option.ts";
import {
  actingOn,
  type CostParameters,
  type OptionValues,
  readCosts,
  readSettings,
  refuseIdle,
  type Settings,
} from "../options/request.ts";
import { OPTIONS } from "../options/table.ts";
import { readValue } from "../options/value.ts";
import { findRecording, type Recording, recordingKinds } from "../recordings/find-recording.ts";
import { optionsOf, type SimulateRequest } from "./request.ts";

export type SimulationInput = Program | Recording;

/** Settings of the replays of all inputs of a kind. */
export interface Replays {
  readonly settings: Settings;
  /** The given costs, once for each penalty. */
  readonly costs: readonly Partial<CostParameters>[];
}

/** A request that has been read. */
export interface Work {
  readonly inputs: readonly SimulationInput[];
  readonly size: Size;
  readonly techniques: readonly Technique[];
  /** Training programs; undefined: all others of the lab in the same language. */
  readonly training: readonly Program[] | undefined;
  readonly machines: readonly Machine[];
  readonly frontEnds: readonly FrontEnd[];
  readonly replays: Readonly<Record<InputKind, Replays>>;
}

export const isRecording = (input: SimulationInput): input is Recording => "read" in input;

/** @throws UsageError when one is given twice */
function distinct(names: readonly string[]): readonly string[] {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UsageError(`program ${twice} is given twice`);
  return names;
}

/** The training programs. @throws UsageError for an unknown program, one that is given twice, or if no technique is trained */
export async function readTraining(
  names: readonly string[] | undefined,
  techniques: readonly Technique[],
): Promise<readonly Program[] | undefined> {
  if (names === undefined) return undefined;
  if (!techniques.some(({ trains }) => trains))
    throw new UsageError("train: none of the techniques chooses its bodies by training programs (static-superinstructions does)");
  return Promise.all(distinct(readValue("train", OPTIONS.train.value, names)).map((name) => findProgram(name)));
}

/** @throws UsageError for training programs that share no opcodes with any input */
function refuseForeignTraining(training: readonly Program[] | undefined, inputs: readonly SimulationInput[]): void {
  const trains = ({ language }: Program, input: SimulationInput): boolean =>
    !isRecording(input) && input.language === language && language.ownOpcodes === undefined;
  if (training === undefined || training.some((program) => inputs.some((input) => trains(program, input)))) return;
  const names = training.map(({ id }) => id).join(", ");
  throw new UsageError(`train: no input has the opcodes of ${names}, so that trains nothing: leave it out, or name others`);
}

/** @throws UsageError when there is no such program or recording, or one is given twice */
async function findInputs(names: readonly string[]): Promise<SimulationInput[]> {
  const ours = programIds();
  const inputs: SimulationInput[] = [];
  for (const name of distinct(names.length === 0 ? ours : names)) {
    if (ours.includes(name)) {
      inputs.push(await findProgram(name));
      continue;
    }
    const recording = await findRecording(name);
    inputs.push(recording ?? (await findProgram(name, await recordingKinds())));
  }
  return inputs;
}

function replaysOf(kind: InputKind, values: OptionValues): Replays {
  const acting = actingOn(kind, values);
  return { settings: readSettings(acting), costs: readCosts(acting) };
}

/** @throws UsageError for wrong names, values or files, and for an option that acts on none of the inputs */
export async function readRequest(session: Session, given: SimulateRequest): Promise<Work> {
  const request = optionsOf(given);
  const size = readValue("size", OPTIONS.size.value, request.size ?? "test");
  const replays = { programs: replaysOf("programs", request), recordings: replaysOf("recordings", request) };
  const inputs = await findInputs(request.inputs ?? []);
  refuseIdle(request, [
    ...(inputs.every(isRecording) ? [] : ["programs" as const]),
    ...(inputs.some(isRecording) ? ["recordings" as const] : []),
  ]);
  refuseIdleSize(
    request.size,
    inputs.filter((input): input is Program => !isRecording(input)),
  );
  // loaded only for programs: 24 files of 130
  const techniques = inputs.every(isRecording) ? [] : await readTechniques(request.technique ?? DEFAULT_TECHNIQUES);
  const training = await readTraining(request.train, techniques);
  refuseForeignTraining(training, inputs);
  const machines = request.machine === undefined ? [] : await readMachines(request.machine);
  const predictor = request.predictor ?? (machines.length === 0 ? "btb" : undefined);
  const frontEnds = [...machines, ...(predictor === undefined ? [] : await readFrontEndsIn(session, predictor, request.definitions))];
  return { inputs, size, techniques, training, machines: machines.flatMap(({ machine }) => machine ?? []), frontEnds, replays };
}
