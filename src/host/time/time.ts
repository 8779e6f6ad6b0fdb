// Compares real and estimated cycles: programs run natively by compiled interpreters, in turns, and the same programs through the
// model.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runWithBodies } from "../../bodies/with-bodies.ts";
import { NO_PROFILE, type Profile } from "../../dispatch/profile.ts";
import { readTechnique, type Technique } from "../../dispatch/techniques.ts";
import { RunError, UsageError } from "../../errors.ts";
import { type FrontEnd, readMachines } from "../../front-end/front-end.ts";
import { doubtLines, type Machine } from "../../front-end/machines/machine.ts";
import { SIZES, type Size } from "../../guests/programs.ts";
import { measure } from "../../lab/lab.ts";
import type { Trainer } from "../../lab/training.ts";
import { unknownName } from "../../parameters.ts";
import { chargesOf, costsOn, estimatedCycles } from "../../results/cost.ts";
import { groupBy } from "../../results/group-by.ts";
import type { CCompiler } from "../../validation/binary.ts";
import { bodyTable } from "../../validation/body-sizes.ts";
import { FORMS } from "../../validation/c-forms.ts";
import { GENERATED, readGenerated } from "../../validation/generated/generate.ts";
import { checkNative, createNativePrograms, isForm, type NativeProgram, type NativePrograms } from "../../validation/native-programs.ts";
import { findPrograms, type LoadedImage, loadImages, readOwnBodies } from "../../validation/prepare.ts";
import { createValidationTrainer, profileFor } from "../../validation/training.ts";
import { undone } from "../../validation/undone.ts";
import { median, quantile } from "../statistics.ts";
import { alignmentFlags } from "./alignment.ts";
import { disturbancesOf, needsMuchStack, noiseIn, otherBodiesIn } from "./notes.ts";
import { type Counters, countOnce } from "./perf.ts";
import { type Timing, timeOnce } from "./run.ts";

export interface TimeRequest {
  /** Programs in Forth; default: all of the lab's. */
  readonly inputs?: readonly string[];
  /** Techniques with native code, separated by commas, or "all"; default: five forms in C. */
  readonly technique?: string;
  /** Compilers, separated by commas; default: gcc. */
  readonly cc?: string;
  /** Compiler options; default: -O2. */
  readonly cflags?: string;
  readonly size?: string;
  /** The machine to estimate for; default: none, without estimates. */
  readonly machine?: string;
  /** Runs of each program in each form; default: 9. */
  readonly runs?: number;
  /** Alignments of blocks of code in bytes; default: the compiler's own. */
  readonly align?: readonly number[];
  readonly maxInstructions?: number;
  readonly compileLimit?: number;
  readonly onProgress?: (what: string, done: number, total: number) => void;
}

/** One program in one form. Cycles are those of the whole run, in the interpreter alone. */
export interface TimedRow {
  readonly program: string;
  readonly size: Size;
  readonly technique: string;
  readonly compiler: string;
  readonly flags: string;
  /** Alignment of blocks in bytes; undefined: the compiler's own. */
  readonly align: number | undefined;
  readonly virtualInstructions: number;
  readonly runs: number;
  /** The low quantile of the runs, and the quartiles. */
  readonly cycles: number;
  readonly quarter: number;
  readonly threeQuarters: number;
  /** The quickest run. */
  readonly least: number;
  readonly gigahertz: number;
  /** Indirect branches in the interpreter's functions; undefined for generated code. */
  readonly dispatchSites: number | undefined;
  /** Whether the compiler merged dispatches that the technique keeps apart. */
  readonly merged: boolean;
  /** The model's, on the machine; undefined without one. */
  readonly estimated: ModelEstimate | undefined;
  /** Counters of the whole process, from a separate run; undefined if there are none. */
  readonly counters: Counters | undefined;
}

export interface ModelEstimate {
  readonly machine: string;
  readonly cycles: number;
  readonly nativeInstructions: number;
  readonly mispredictions: number;
  /** The part of these cycles that branches cost, that is, all except native instructions / IPC. */
  readonly lostCycles: number;
  /** The model's bodies: those measured in this binary, or the guest's. */
  readonly bodies: "binary" | "guest";
  /** Native stack at the end, of techniques that let it grow; undefined for others. */
  readonly stackBytes?: number | undefined;
}

export interface Timings {
  readonly rows: readonly TimedRow[];
  /** Forms that could not be timed, with the reason, one line each. */
  readonly skipped: readonly string[];
  /** Warnings about doubtful times, and why there are no counters, one line each. */
  readonly notes: readonly string[];
}

/** Quantile of the runs: stolen time and interrupts lie above it; of nine runs it is the second quickest. */
const LOW = 0.2;
/** Default techniques: forms in C. */
const DEFAULT_TECHNIQUES = "switch,token-threading,direct-threading,call-threading,tail-call-threading";

/** A technique built by one compiler with one alignment. */
interface Way {
  readonly technique: string;
  readonly compiler: CCompiler;
  readonly align: number | undefined;
  readonly native: NativePrograms;
}

/** One program in one such form. */
interface Timed {
  readonly way: Way;
  readonly native: NativeProgram;
  /** By which static techniques chose superinstructions and replicas. */
  readonly profile: Profile;
  readonly timings: Timing[];
}

const wayName = ({ technique, compiler }: Pick<Way, "technique" | "compiler">): string =>
  `${technique}, ${compiler.command} ${compiler.flags.join(" ")}`;

/** Techniques separated by commas. @throws UsageError for one of which there is no native code */
export function readTimedTechniques(text = DEFAULT_TECHNIQUES): string[] {
  const known: readonly string[] = [...FORMS, ...GENERATED.filter((name) => !(FORMS as readonly string[]).includes(name))];
  if (text === "all") return [...known];
  return text.split(",").map((name) => {
    const technique = name.trim();
    if (!known.includes(technique.split(":")[0])) throw unknownName("technique with native code", technique, known);
    return technique;
  });
}

/** Every technique with every compiler and alignment. */
function waysOf(request: TimeRequest, loaded: readonly LoadedImage[], folder: string): Way[] {
  const { cc = "gcc", cflags = "-O2", align = [undefined], compileLimit = 120 } = request;
  const flags = cflags.split(/\s+/).filter((flag) => flag !== "");
  return cc.split(",").flatMap((command) =>
    align.flatMap((bytes) => {
      const compiler: CCompiler = {
        command,
        flags: bytes === undefined ? flags : [...flags, ...alignmentFlags(command, bytes)],
        limit: compileLimit,
      };
      const native = createNativePrograms(folder, compiler, loaded);
      return readTimedTechniques(request.technique).map((technique) => ({ technique, compiler, align: bytes, native }));
    }),
  );
}

/** The model's technique; for generated code every body may be copied, because copies are relocated. */
async function modelOf({ technique, align }: Way, { form }: NativeProgram): Promise<Technique> {
  if (form === undefined) return (await readGenerated(technique)).model;
  return readTechnique(align === undefined ? technique : `${technique}:align=${align}`);
}

async function estimate(timed: Timed, one: LoadedImage, frontEnd: FrontEnd): Promise<ModelEstimate | undefined> {
  const { way, native, profile } = timed;
  // generated code consists of the bodies of the tail-call form
  const form = native.form ?? (await way.native.build("tail-call-threading", one)).form;
  const sizes = form && (() => bodyTable(form.binary, form.interpreter.names, [wayName(way)]));
  const bodies = sizes && readOwnBodies(sizes, wayName(way));
  const run = bodies === undefined ? one.image.run() : runWithBodies(one.image.run(), bodies);
  const [{ counts }] = await measure(run, {
    techniques: [await modelOf(way, native)],
    frontEnds: [frontEnd],
    warmup: 0,
    context: { layoutSeed: 0, profile },
  });
  const { values: cost } = costsOn(frontEnd.machine, {});
  const charges = chargesOf(counts, cost.indirectStallCycles !== undefined);
  if (charges === undefined) return undefined;
  const cycles = estimatedCycles(charges, cost);
  return {
    machine: frontEnd.name,
    cycles,
    nativeInstructions: counts.nativeInstructions,
    mispredictions: counts.byKind.all.mispredictions ?? 0,
    lostCycles: cycles - counts.nativeInstructions / cost.instructionsPerCycle,
    bodies: bodies === undefined ? "guest" : "binary",
    stackBytes: counts.stackBytes,
  };
}

/** A program that could not be timed in one form, and the reason. */
interface Failure {
  readonly program: string;
  readonly what: string;
}

/** One line for each reason: a compiler that fails does so for every program. */
export const failureLines = (failed: readonly Failure[]): string[] =>
  [...groupBy(failed, ({ what }) => what)].map(([what, [{ program }, ...others]]) =>
    others.length === 0
      ? `${program}, ${what}`
      : `${program} and ${others.length} other ${others.length === 1 ? "program" : "programs"}, ${what}`,
  );

/** Times one program in every form: builds and checks them, then runs them in turns, so that a temporary disturbance affects all. */
async function timeProgram(
  one: LoadedImage,
  ways: readonly Way[],
  runs: number,
  trainer: Trainer,
  failed: Failure[],
  onRun: (run: number) => void,
): Promise<Timed[]> {
  const taken: Timed[] = [];
  for (const way of ways) {
    try {
      const profile = isForm(way.technique) ? NO_PROFILE : await profileFor(way.technique, one, trainer);
      const native = await way.native.build(way.technique, one, { profile });
      checkNative(native);
      taken.push({ way, native, profile, timings: [] });
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      failed.push({ program: one.program.id, what: `${wayName(way)}: ${error.message}` });
    }
  }
  for (let run = 0; run < runs; run++) {
    onRun(run);
    for (const { native, timings } of taken) timings.push(timeOnce(native));
  }
  return taken;
}

const mergedIn = (technique: string, { form }: NativeProgram): boolean =>
  form !== undefined && undone(technique, form.binary, form.interpreter.names.length) !== undefined;

/** The columns of a row that describe the form and its runs. */
function timesOf({ way, native, timings }: Timed) {
  const cycles = timings.map((timing) => timing.cycles);
  return {
    technique: way.technique,
    compiler: way.compiler.command,
    flags: way.compiler.flags.join(" "),
    align: way.align,
    cycles: quantile(cycles, LOW),
    quarter: quantile(cycles, 0.25),
    threeQuarters: quantile(cycles, 0.75),
    least: quantile(cycles, 0),
    gigahertz: median(timings.map(({ gigahertz }) => gigahertz)),
    dispatchSites: native.form?.binary.sites.length,
    merged: mergedIn(way.technique, native),
  };
}

/**
 * Times programs natively.
 * @throws UsageError for wrong names, or when a compiler is not installed; RunError when nothing could be timed
 */
export async function time(request: TimeRequest = {}): Promise<Timings> {
  const size = (request.size ?? "full") as Size;
  if (!SIZES.includes(size)) throw unknownName("size", size, SIZES);
  readTimedTechniques(request.technique);
  const frontEnds = request.machine === undefined ? [] : await readMachines(request.machine);
  if (frontEnds.length > 1) throw new UsageError(`--machine: expected one machine, got ${request.machine}`);
  const { inForth, onInstalled } = await findPrograms(request.inputs ?? []);
  if (onInstalled.length > 0)
    throw new UsageError(
      `${onInstalled[0].id}: expected a program in Forth, which compiled interpreters exist for, got ${onInstalled[0].language.file}`,
    );
  const { runs = 9, maxInstructions = 250_000_000, onProgress } = request;
  const skipped: string[] = [];
  let noCounters: string | undefined;
  const moved: string[] = [];
  const growing: string[] = [];
  const rows: TimedRow[] = [];
  const folder = mkdtempSync(join(tmpdir(), "bplab-time-"));
  try {
    const loaded = loadImages(inForth, { full: size === "full", maxInstructions }, skipped, (what) =>
      onProgress?.(`runs ${what} on the guest`, 0, 1),
    );
    const ways = waysOf(request, loaded, folder);
    const trainer = createValidationTrainer();
    const failed: Failure[] = [];
    for (const [done, one] of loaded.entries()) {
      const virtualInstructions = countOf(one);
      const taken = await timeProgram(one, ways, runs, trainer, failed, (run) =>
        onProgress?.(`times ${one.program.id}`, done * runs + run, loaded.length * runs),
      );
      for (const timed of taken) {
        const { way, native, timings } = timed;
        const [path, ...args] = native.command;
        const counted = noCounters === undefined ? countOnce(path, args) : undefined;
        if (counted !== undefined && "missing" in counted) noCounters = `no counters: ${counted.missing}`;
        const estimated = frontEnds.length === 0 ? undefined : await estimate(timed, one, frontEnds[0]);
        const name = `${one.program.id}, ${wayName(way)}`;
        if (needsMuchStack(estimated?.stackBytes)) growing.push(name);
        if (timings.some(({ throttled }) => throttled)) moved.push(name);
        rows.push({
          program: one.program.id,
          size,
          virtualInstructions,
          runs,
          ...timesOf(timed),
          estimated,
          counters: counted !== undefined && "counters" in counted ? counted.counters : undefined,
        });
      }
    }
    skipped.push(...failureLines(failed));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (rows.length === 0) throw new RunError(`nothing could be timed: ${skipped.join("; ")}`);
  return {
    rows,
    skipped,
    notes: [
      ...(noCounters === undefined ? [] : [noCounters]),
      ...disturbancesOf({ moved, growing }, rows.length),
      ...noiseIn(rows),
      ...otherBodiesIn(rows),
      ...estimatesNotBelieved(frontEnds[0]?.machine, rows),
    ],
  };
}

/** @param machine the one of the estimates; undefined without any */
const estimatesNotBelieved = (machine: Machine | undefined, rows: readonly TimedRow[]): string[] =>
  machine === undefined
    ? []
    : doubtLines(
        machine,
        rows.map(({ technique }) => technique),
      );

function countOf({ image }: LoadedImage): number {
  let count = 0;
  const run = image.run();
  run.run((ids, length) => {
    for (let i = 0; i < length; i++) count += run.program.blockLength(ids[i]);
  });
  return count;
}
