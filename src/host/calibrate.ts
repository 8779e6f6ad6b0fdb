// Measures the processor that bplab runs on: its branches, and instructions per cycle with two compiled interpreters.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { RunError, UsageError } from "../errors.ts";
import type { MachineFile } from "../front-end/machines/machine-schema.ts";
import { findMachine } from "../front-end/machines/machines.ts";
import { figuresOf, type MeasuredFigure } from "./processor/figures.ts";
import { machineFileOf } from "./processor/machine-of.ts";
import { noiseOf } from "./processor/noise.ts";
import { measureProcessor } from "./processor/run.ts";
import { curveOf, readSamples, type Samples } from "./processor/samples.ts";
import { describeSystem, doubtsOf, isVirtual, type System } from "./processor/system.ts";
import { isPlausibleIpc, unfit } from "./processor/unfit.ts";
import { type Spread, spreadOf } from "./statistics.ts";
import { type TimedRow, time } from "./time/time.ts";
import { WORKLOADS } from "./workloads.ts";

export interface CalibrateRequest {
  /** The compiler; default: the first that is installed of gcc, clang and cc. */
  readonly cc?: string;
  /** Repeats of all measurements; default: 5. */
  readonly rounds?: number;
  /** The processor to run on, as the system numbers it. */
  readonly cpu?: number;
  /** One of the lab's machines, whose predictors to use; default: predictors of the measured sizes. */
  readonly like?: string;
  readonly onProgress?: (what: string) => void;
}

/** Instructions per cycle without the cost of branches, in one program and form. */
export interface InterpreterIpc {
  readonly program: string;
  readonly technique: string;
  readonly instructionsPerCycle: number;
}

export interface Calibration {
  readonly file: MachineFile;
  readonly system: System;
  readonly figures: readonly MeasuredFigure[];
  readonly instructionsPerCycle: Spread | undefined;
  readonly interpreters: readonly InterpreterIpc[];
  readonly samples: Samples;
  /** Warnings about doubtful figures, and figures that could not be measured, one line each. */
  readonly doubts: readonly string[];
}

/** No further round begins after this time: with the interpreters everything takes less than half a minute. */
const SECONDS = 12;
/** In both, compilers keep a dispatch in each body, so that the model's mispredictions apply. */
const FORMS = "direct-threading,tail-call-threading";
const RUNS = 15;

/**
 * Instructions per cycle, from the time of the quickest run without the cost of branches: other work only adds time.
 * @returns undefined if no time is left
 */
export function ipcOf({ least, estimated }: Pick<TimedRow, "least" | "estimated">): number | undefined {
  if (estimated === undefined) return undefined;
  const rest = least - estimated.lostCycles;
  return rest <= 0 ? undefined : estimated.nativeInstructions / rest;
}

/** Runs two compiled interpreters; if they cannot be run, or compilers merged their dispatches, a warning says so. */
async function timeInterpreters(
  file: MachineFile,
  cc: string | undefined,
  doubts: string[],
  onProgress?: (what: string) => void,
): Promise<InterpreterIpc[]> {
  const folder = mkdtempSync(join(tmpdir(), "bplab-calibrate-"));
  try {
    const path = join(folder, "host.json");
    writeFileSync(path, JSON.stringify(file));
    const inputs = Object.entries(WORKLOADS).map(([name, text]) => {
      const file = join(folder, `${name}.fs`);
      writeFileSync(file, text);
      return file;
    });
    const { rows, skipped } = await time({ inputs, technique: FORMS, cc, machine: path, runs: RUNS, onProgress });
    doubts.push(...skipped);
    return rows.flatMap((row) => {
      const instructionsPerCycle = ipcOf(row);
      if (row.merged)
        doubts.push(`${row.technique}, ${row.compiler}: the compiler merged its dispatches, so it says nothing of instructions in a cycle`);
      if (instructionsPerCycle !== undefined && !isPlausibleIpc(instructionsPerCycle))
        doubts.push(
          `${row.technique}, ${basename(row.program, ".fs")}: left out, as no processor executes ${instructionsPerCycle.toPrecision(3)} instructions in a cycle of it`,
        );
      return row.merged || instructionsPerCycle === undefined || !isPlausibleIpc(instructionsPerCycle)
        ? []
        : [{ program: basename(row.program, ".fs"), technique: row.technique, instructionsPerCycle }];
    });
  } catch (error) {
    if (!(error instanceof RunError || error instanceof UsageError)) throw error;
    doubts.push(`instructions in a cycle were not measured: ${error.message}`);
    return [];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Curves for the file: for each point the least of all rounds, in cycles. */
function curvesOf(samples: Samples): Record<string, [number, number][]> {
  const found: Record<string, [number, number][]> = {};
  for (const name of samples.curves.keys())
    found[name] = [...curveOf(samples, name, "best")].map(([x, cycles]) => [x, Number(cycles.toPrecision(4))]);
  return found;
}

/**
 * @throws UsageError when there is no compiler, processor or machine of that name
 * @throws RunError when compiling or measuring fails, or what was measured describes no processor
 */
export async function calibrate(request: CalibrateRequest = {}): Promise<Calibration> {
  const { cc, rounds = 5, cpu, like, onProgress } = request;
  if (like !== undefined) findMachine(like);
  onProgress?.("compiles what measures");
  const { text, compiler, command } = await measureProcessor({
    cc,
    rounds,
    seconds: SECONDS,
    // the processors of a virtual machine are of one kind, but one may share its core with other work and another not
    cpu: cpu ?? (isVirtual() ? "all" : undefined),
    onProgress: (round, curve) => onProgress?.(`round ${round + 1} of ${rounds}: ${curve}`),
  });
  const samples = readSamples(text);
  const figures = figuresOf(samples);
  const system = describeSystem(samples.facts.get("cpu"), samples.facts.get("processors-in-turn") ?? 1);
  const doubts = [...noiseOf(samples, figures), ...doubtsOf(system)];
  const reason = unfit(figures);
  if (reason !== undefined)
    throw new RunError(`this machine cannot be calibrated now, and nothing is written: ${[reason, ...doubts].join("; ")}`);
  const source = `bplab calibrate, ${new Date().toISOString().slice(0, 10)}, ${compiler}, ${samples.rounds} repeats`;
  const provenance = { processor: system.processor, source, like };
  const first = machineFileOf(figures, { ...provenance, instructionsPerCycle: undefined, measurements: undefined });
  const interpreters = await timeInterpreters(first, command, doubts, onProgress);
  const instructionsPerCycle = interpreters.length === 0 ? undefined : spreadOf(interpreters.map((one) => one.instructionsPerCycle));
  const measurements = {
    system,
    doubts,
    figures: Object.fromEntries(figures.map(({ id, ...figure }) => [id, figure])),
    interpreters,
    curves: curvesOf(samples),
  };
  const file = machineFileOf(figures, { ...provenance, instructionsPerCycle, measurements });
  return { file, system, figures, instructionsPerCycle, interpreters, samples, doubts };
}
