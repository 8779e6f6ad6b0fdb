// `simulate` as a function: names in, rows out. The command and the library call the same.

import { readTechniques, techniqueIds } from "./dispatch/techniques.ts";
import { UsageError } from "./errors.ts";
import { readFrontEnds } from "./front-end.ts";
import { simulateProgram } from "./lab.ts";
import { readMeasuredBodies } from "./measured-bodies.ts";
import { unknown } from "./parameters.ts";
import { findProgram, programIds, SIZES, type Size } from "./programs.ts";
import type { Results, Row, SiteRow } from "./rows.ts";
import { createTrainer } from "./training.ts";

/** What to simulate; everything has a default. */
export interface SimulateRequest {
  /** Program ids and Forth files; default: all programs of the lab. */
  readonly inputs?: readonly string[];
  /** Techniques separated by commas; default: all. */
  readonly technique?: string;
  /** Programs that train techniques which choose by a profile; default: all others of the lab in the same language. */
  readonly train?: readonly string[];
  /** Front ends separated by commas; default "btb". */
  readonly predictor?: string;
  /** "test" (default) or "full". */
  readonly size?: string;
  /** Cycles lost by a misprediction; default 15. */
  readonly penalty?: number;
  /** Native instructions per cycle; default 1. */
  readonly ipc?: number;
  /** Virtual instructions before counting starts; default 0. */
  readonly warmup?: number;
  /** Virtual instructions after which a program is stopped with an error; default 250 million. */
  readonly maxInstructions?: number;
  /** Native bodies from a measured interpreter ("ocamlrun-4.13-gcc12"); default: those that the guest gives its opcodes. */
  readonly bodies?: string;
  /** Called as the work goes on. */
  readonly onProgress?: (program: string, programsDone: number, programs: number, blocks: number) => void;
}

function number(name: string, value: number, valid: (value: number) => boolean, expected: string): number {
  if (!valid(value)) throw new UsageError(`${name} must be ${expected}, got ${value}`);
  return value;
}
const count = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/**
 * Runs programs and replays them through every technique and front end asked for.
 * @throws UsageError for wrong names, parameters or files, before anything runs
 * @throws RunError when a program or a user's predictor fails
 */
export async function simulate(request: SimulateRequest = {}): Promise<Results> {
  const size = request.size ?? "test";
  if (!SIZES.includes(size as Size)) throw unknown("size", size, SIZES);
  const cost = {
    penaltyCycles: number("penalty", request.penalty ?? 15, (n) => n >= 0 && n <= 1e6, "a number of cycles from 0 to 1000000"),
    instructionsPerCycle: number("ipc", request.ipc ?? 1, (n) => n > 0 && n <= 100, "a number above 0, at most 100"),
  };
  const warmup = number("warmup", request.warmup ?? 0, count, "a number of virtual instructions, 0 or more");
  const maxInstructions = number(
    "max-instructions",
    request.maxInstructions ?? 250_000_000,
    (n) => count(n) && n > 0,
    "a number of virtual instructions above 0",
  );
  const bodies = request.bodies === undefined ? undefined : readMeasuredBodies(request.bodies);
  const inputs = request.inputs === undefined || request.inputs.length === 0 ? programIds() : request.inputs;
  const twice = inputs.find((input, i) => inputs.indexOf(input) !== i);
  if (twice !== undefined) throw new UsageError(`program ${twice} is given twice`);
  const programs = inputs.map(findProgram);
  const trainer = createTrainer(request.train?.map(findProgram), maxInstructions);
  const techniques = await readTechniques(request.technique ?? techniqueIds().join(","));
  const frontEnds = await readFrontEnds(request.predictor ?? "btb");
  const rows: Row[] = [];
  const sites: SiteRow[] = [];
  for (const [index, program] of programs.entries()) {
    request.onProgress?.(program.id, index, programs.length, 0);
    const result = await simulateProgram(program, {
      techniques,
      frontEnds,
      warmup,
      trainer,
      layoutSeed: 0,
      size: size as Size,
      cost,
      maxInstructions,
      bodies,
      onProgress: (blocks) => request.onProgress?.(program.id, index, programs.length, blocks),
    });
    rows.push(...result.rows);
    sites.push(...result.sites);
  }
  return { rows, sites, cost, warmup };
}
