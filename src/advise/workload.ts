// What advice is given on: programs as simulations take them, and what is known besides of how they are dispatched today. A recording
// becomes a log of the opcodes that it executed.
import type { MeasuredBodies } from "../bodies/measured-bodies.ts";
import { readMeasuredBodies } from "../bodies/measured-bodies.ts";
import { readTechnique } from "../dispatch/techniques.ts";
import { UsageError } from "../errors.ts";
import { findProgram, type Program, programIds } from "../guests/programs.ts";
import { findRecording, type Recording, recordingKinds } from "../recordings/find-recording.ts";
import { BASELINE } from "../results/rows.ts";
import type { VirtualProgram } from "../trace/virtual.ts";
import { type DispatchSequence, readDispatchSequence } from "./recorded/dispatch-sequence.ts";
import { type BodiesFile, findBodies, nameOpcodes, tableAddresses } from "./recorded/opcode-names.ts";
import {
  opcodesOfAll,
  type ReadRecording,
  type RecordedOpcode,
  writeLogs,
  writeRecordedBodies,
  writeRecordedSites,
} from "./recorded/workload-files.ts";

/** What recordings say of an interpreter as its compiler left it. */
export interface RecordedInterpreter {
  /** The function that interprets, or the file where it has no name; undefined if neither is known. */
  readonly interpreter: string | undefined;
  /** Whose opcodes have their names: "CPython"; undefined where they are called by numbers, functions or addresses. */
  readonly known: string | undefined;
  readonly dispatches: number;
  /** Dispatch branches that executed, the busiest first: addresses, hexadecimal. */
  readonly sites: readonly string[];
  /** Bodies that executed, and all in the interpreter's table; undefined where no table was found. */
  readonly bodies: number;
  readonly tableBodies: number | undefined;
  /** Bodies that are left by a branch that they share with another body. */
  readonly sharing: number;
  /** Bodies that are left by more than one branch, of which the model of today has the one that executes most. */
  readonly several: number;
  /** Native instructions of the whole recording, and those from the first dispatch to the last. */
  readonly nativeInstructions: number;
  readonly interpreting: number;
  /** The most executed first. */
  readonly opcodes: readonly RecordedOpcode[];
}

export interface Workload {
  readonly programs: readonly Program[];
  /** Whose bodies the opcodes have, as `--bodies` takes it. */
  readonly bodies: string | undefined;
  readonly measured: MeasuredBodies | undefined;
  /** The technique of today, as simulations take it; and for people. */
  readonly now: string;
  readonly nowText: string;
  readonly recorded: RecordedInterpreter | undefined;
  readonly recordings: readonly Recording[];
  /** Opcodes after which another one than the next of the program may run, where names say so. */
  readonly transfers: { test(opcode: string): boolean } | undefined;
}

export interface WorkloadRequest {
  readonly inputs: readonly string[];
  readonly now?: string;
  readonly dispatch?: string;
  readonly bodies?: string;
  readonly keep?: string;
  /** Dispatches of a recording that are read, at most. */
  readonly maxInstructions: number;
}

/** @param folder for logs of recordings @throws UsageError for unknown names, and for options that act on no input */
export async function readWorkload(request: WorkloadRequest, folder: string): Promise<Workload> {
  const { inputs, now, dispatch, keep, bodies } = request;
  if (inputs.length === 0)
    throw new UsageError("advise: expected at least one program, log of opcodes or recording, or a command after --, got none");
  const ids = programIds();
  const found = await Promise.all(inputs.map((name) => (ids.includes(name) ? undefined : findRecording(name))));
  const recordings = found.filter((one) => one !== undefined);
  if (recordings.length > 0 && recordings.length < inputs.length)
    throw new UsageError(`advise: expected programs or recordings of one interpreter, got both: ${inputs.join(", ")}`);
  if (recordings.length > 0) return recordedWorkload(recordings, request, folder);
  if (dispatch !== undefined) throw new UsageError("--dispatch names branches of a recording, and there is none among the inputs");
  if (keep !== undefined) throw new UsageError("--keep keeps what recordings become, and there is none among the inputs");
  const kinds = await recordingKinds();
  const programs: Program[] = [];
  for (const name of inputs) programs.push(await findProgram(name, kinds));
  const technique = (await readTechnique(now ?? BASELINE)).name;
  const measured = bodies === undefined ? undefined : readMeasuredBodies(bodies);
  return { programs, bodies, measured, now: technique, nowText: technique, recorded: undefined, recordings: [], transfers: undefined };
}

/** Native instructions of one dispatch of a technique. */
async function dispatchInstructionsOf(technique: string, { program }: { readonly program: VirtualProgram }): Promise<number> {
  const code = (await readTechnique(technique)).layout(program);
  return code.at(0).nativeInstructions - program.opcodes[program.opcodeAt(0)].nativeInstructions;
}

async function recordedWorkload(
  recordings: readonly Recording[],
  { now, dispatch, bodies, maxInstructions }: WorkloadRequest,
  folder: string,
): Promise<Workload> {
  const read: ReadRecording[] = [];
  for (const recording of recordings) {
    let file: BodiesFile | undefined;
    const tableOf = (found: DispatchSequence) => {
      file = findBodies(found);
      return tableAddresses(file);
    };
    const dispatches = await readDispatchSequence(recording, dispatch, maxInstructions, tableOf);
    read.push({ id: recording.id, dispatches, opcodes: nameOpcodes(dispatches, file ?? findBodies(dispatches)) });
  }
  const [first] = read;
  const other = read.find(({ opcodes }) => opcodes.interpreter !== first.opcodes.interpreter);
  if (other !== undefined)
    throw new UsageError(
      `advise: expected recordings of one interpreter, got ${first.opcodes.interpreter} in ${first.id} and ${other.opcodes.interpreter} in ${other.id}`,
    );
  const opcodes = opcodesOfAll(read);
  const sum = (of: (one: ReadRecording) => number): number => read.reduce((all, one) => all + of(one), 0);
  const users = new Map<string, number>();
  for (const { site } of opcodes) if (site !== undefined) users.set(site, (users.get(site) ?? 0) + 1);
  const sites = [...new Set(read.flatMap(({ dispatches }) => dispatches.sites))].map((site) => `0x${site.toString(16)}`);
  const recorded: RecordedInterpreter = {
    interpreter: first.opcodes.interpreter,
    known: first.opcodes.known?.name,
    dispatches: sum(({ dispatches }) => dispatches.sequence.length),
    sites,
    bodies: opcodes.length,
    tableBodies: first.opcodes.tableBodies,
    sharing: opcodes.filter(({ site }) => site !== undefined && (users.get(site) ?? 0) > 1).length,
    several: opcodes.filter(({ sites: own }) => own > 1).length,
    nativeInstructions: sum(({ dispatches }) => dispatches.nativeInstructions),
    interpreting: sum(({ dispatches }) => dispatches.interpreting),
    opcodes,
  };
  const logs = writeLogs(folder, read);
  const programs: Program[] = [];
  for (const log of logs) programs.push(await findProgram(log));
  const asCompiled = techniqueOf(first, sites.length);
  const map =
    asCompiled.merged && sites.length > 1 ? `:merge=${writeRecordedSites(folder, opcodes)}` : asCompiled.merged ? ":merge=all" : "";
  const technique = now === undefined ? `${asCompiled.id}${map}` : (await readTechnique(now)).name;
  const [program] = programs;
  const own = bodies ?? writeRecordedBodies(folder, opcodes, await dispatchInstructionsOf(technique, program.start("test", 1)));
  return {
    programs,
    bodies: own,
    measured: readMeasuredBodies(own),
    now: technique,
    nowText: now ?? (asCompiled.merged ? `${asCompiled.id} as compiled` : asCompiled.id),
    recorded,
    recordings,
    transfers: first.opcodes.known?.transfers,
  };
}

/** How a recorded interpreter dispatches, by what is known of it or by the shape of its branches; and whether a compiler can have merged that. */
function techniqueOf({ dispatches, opcodes }: ReadRecording, sites: number): { readonly id: string; readonly merged: boolean } {
  if (dispatches.calls) return { id: "call-threading", merged: false };
  if (opcodes.known !== undefined) return { id: opcodes.known.technique, merged: true };
  return sites === 1 ? { id: "switch", merged: false } : { id: "token-threading", merged: true };
}
