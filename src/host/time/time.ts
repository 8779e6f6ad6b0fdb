// Real cycles beside estimated ones: programs run natively by compiled interpreters, one after the other and over and over, and the
// same programs through the model.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runWithBodies } from "../../bodies/with-bodies.ts";
import { readTechnique, type Technique } from "../../dispatch/techniques.ts";
import { RunError, UsageError } from "../../errors.ts";
import { type FrontEnd, readMachines } from "../../front-end/front-end.ts";
import { SIZES, type Size } from "../../guests/programs.ts";
import { measure } from "../../lab/lab.ts";
import { unknown } from "../../parameters.ts";
import type { Measurement } from "../../replay/lane.ts";
import { chargesOf, costsOn, estimatedCycles } from "../../results/cost.ts";
import type { Compiler } from "../../validation/binary.ts";
import { bodyTable } from "../../validation/body-sizes.ts";
import type { FormName } from "../../validation/c-forms.ts";
import { type BuiltForm, buildForm, findPrograms, type Loaded, loadImages, readForms, readOwnBodies } from "../../validation/prepare.ts";
import { undone } from "../../validation/undone.ts";
import { quantile } from "../statistics.ts";
import { alignmentFlags } from "./alignment.ts";
import { type Counters, countOnce } from "./perf.ts";
import { asPrinted, checkOnce, type Timing, timeOnce } from "./run.ts";

export interface TimeRequest {
  /** Programs in Forth; default: all of the lab's. */
  readonly inputs?: readonly string[];
  /** Techniques that have a form in C, separated by commas, or "all"; default: all but the replicated switch. */
  readonly technique?: string;
  /** Compilers, separated by commas; default: gcc. */
  readonly cc?: string;
  /** What the compilers are told; default: -O2. */
  readonly cflags?: string;
  readonly size?: string;
  /** One machine, which estimates; default: none, and nothing is estimated. */
  readonly machine?: string;
  /** Runs of each program in each form; default: 9. */
  readonly runs?: number;
  /** Bytes at whose multiples blocks of code begin; default: what the compiler does by itself. */
  readonly align?: readonly number[];
  readonly maxInstructions?: number;
  readonly compileLimit?: number;
  readonly onProgress?: (what: string, done: number, total: number) => void;
}

/** One program in one form. Cycles are those of the whole run, in the interpreter alone. */
export interface TimedRow {
  readonly program: string;
  readonly size: Size;
  readonly technique: FormName;
  readonly compiler: string;
  readonly flags: string;
  /** Bytes at whose multiples blocks begin; undefined where the compiler decides. */
  readonly align: number | undefined;
  readonly virtualInstructions: number;
  readonly runs: number;
  /** The low quantile of the runs, and the quartiles. */
  readonly cycles: number;
  readonly quarter: number;
  readonly threeQuarters: number;
  readonly gigahertz: number;
  readonly dispatchSites: number;
  /** Whether the compiler merged dispatches that the technique keeps apart. */
  readonly merged: boolean;
  /** The model's, on the machine; undefined without one. */
  readonly estimated: Estimate | undefined;
  /** Of the whole process, from a run of its own; undefined without counters. */
  readonly counters: Counters | undefined;
}

export interface Estimate {
  readonly machine: string;
  readonly cycles: number;
  readonly nativeInstructions: number;
  readonly mispredictions: number;
  /** Of these cycles, what branches cost: all but the instructions. */
  readonly lostCycles: number;
  /** Whose bodies the model has: those measured in this binary, or the guest's. */
  readonly bodies: "binary" | "guest";
}

export interface Timings {
  readonly rows: readonly TimedRow[];
  /** What could not be timed, and why: a line each. */
  readonly skipped: readonly string[];
  /** What makes the times doubtful, and why there are no counters: a line each. */
  readonly notes: readonly string[];
}

/** Stolen time and interrupts lie above it; nine runs give it two that are as quick or quicker. */
const LOW = 0.2;
/** A form whose middle runs are further apart was disturbed. */
const QUARTILES_APART = 0.1;

const DEFAULT_FORMS = "switch,token-threading,direct-threading,call-threading,tail-call-threading";

interface TimedForm extends BuiltForm {
  readonly technique: FormName;
  readonly compiler: Compiler;
  readonly align: number | undefined;
}

const nameOf = ({ technique, compiler }: Pick<TimedForm, "technique" | "compiler">): string =>
  `${technique}, ${compiler.command} ${compiler.flags.join(" ")}`;

/** Every form with every compiler and alignment; what does not compile is skipped. */
function buildForms(
  forms: readonly FormName[],
  request: TimeRequest,
  loaded: readonly Loaded[],
  folder: string,
  skipped: string[],
): TimedForm[] {
  const { cc = "gcc", cflags = "-O2", align = [undefined], compileLimit = 120, onProgress } = request;
  const flags = cflags.split(/\s+/).filter((flag) => flag !== "");
  const built: TimedForm[] = [];
  for (const command of cc.split(",")) {
    for (const bytes of align) {
      const compiler: Compiler = {
        command,
        flags: bytes === undefined ? flags : [...flags, ...alignmentFlags(command, bytes)],
        limit: compileLimit,
      };
      for (const technique of forms) {
        onProgress?.(`compiles ${nameOf({ technique, compiler })}`, 0, 1);
        try {
          built.push({ ...buildForm(technique, loaded, compiler, folder), technique, compiler, align: bytes });
        } catch (error) {
          if (!(error instanceof RunError)) throw error;
          skipped.push(`${nameOf({ technique, compiler })}: ${error.message}`);
        }
      }
    }
  }
  return built;
}

async function estimate(
  form: TimedForm,
  { image }: Loaded,
  frontEnd: FrontEnd,
  technique: Technique,
  folder: string,
): Promise<Estimate | undefined> {
  const bodies = readOwnBodies(() => bodyTable(form.binary, form.interpreter.names, [nameOf(form)]), join(folder, "bodies.csv"));
  const run = bodies === undefined ? image.run() : runWithBodies(image.run(), bodies);
  const [{ counts }]: Measurement[] = await measure(run, { techniques: [technique], frontEnds: [frontEnd], warmup: 0 });
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
  };
}

/**
 * Times programs in compiled interpreters.
 * @throws UsageError for wrong names, or when a compiler is not installed; RunError when nothing could be timed
 */
export async function time(request: TimeRequest = {}): Promise<Timings> {
  const size = (request.size ?? "full") as Size;
  if (!SIZES.includes(size)) throw unknown("size", size, SIZES);
  const forms = readForms(request.technique ?? DEFAULT_FORMS);
  const frontEnds = request.machine === undefined ? [] : await readMachines(request.machine);
  if (frontEnds.length > 1) throw new UsageError(`--machine: expected one machine, got ${request.machine}`);
  const { inForth, inOcaml } = await findPrograms(request.inputs ?? []);
  if (inOcaml.length > 0)
    throw new UsageError(`${inOcaml[0].id}: expected a program in Forth, which compiled interpreters exist for, got OCaml`);
  const { runs = 9, maxInstructions = 250_000_000, onProgress } = request;
  const skipped: string[] = [];
  const notes: string[] = [];
  const rows: TimedRow[] = [];
  const folder = mkdtempSync(join(tmpdir(), "bplab-time-"));
  try {
    const loaded = loadImages(inForth, { full: size === "full", maxInstructions }, skipped, (what) =>
      onProgress?.(`runs ${what} on the guest`, 0, 1),
    );
    const built = loaded.length === 0 ? [] : buildForms(forms, request, loaded, folder, skipped);
    const image = join(folder, "image");
    let counting = true;
    for (const [done, one] of loaded.entries()) {
      const expected = asPrinted(one.image.output);
      const virtualInstructions = countOf(one);
      const taken: { readonly form: TimedForm; readonly timings: Timing[] }[] = [];
      for (const form of built) {
        // opcodes have the same numbers in every form
        if (taken.length === 0) writeFileSync(image, one.image.words(form.interpreter.opcode));
        try {
          checkOnce(form.path, image, expected);
          taken.push({ form, timings: [] });
        } catch (error) {
          if (!(error instanceof RunError)) throw error;
          skipped.push(`${one.program.id}, ${nameOf(form)}: ${error.message}`);
        }
      }
      // one run of each after the other, so that what disturbs for a while disturbs all
      for (let run = 0; run < runs; run++) {
        onProgress?.(`times ${one.program.id}`, done * runs + run, loaded.length * runs);
        for (const { form, timings } of taken) timings.push(timeOnce(form.path, image, expected));
      }
      for (const { form, timings } of taken) {
        const counted = counting ? countOnce(form.path, [image]) : undefined;
        if (counted !== undefined && "missing" in counted) {
          notes.push(`no counters: ${counted.missing}`);
          counting = false;
        }
        const cycles = timings.map((timing) => timing.cycles);
        const technique = await readTechnique(form.align === undefined ? form.technique : `${form.technique}:align=${form.align}`);
        rows.push({
          program: one.program.id,
          size,
          technique: form.technique,
          compiler: form.compiler.command,
          flags: form.compiler.flags.join(" "),
          align: form.align,
          virtualInstructions,
          runs,
          cycles: quantile(cycles, LOW),
          quarter: quantile(cycles, 0.25),
          threeQuarters: quantile(cycles, 0.75),
          gigahertz: quantile(
            timings.map(({ gigahertz }) => gigahertz),
            0.5,
          ),
          dispatchSites: form.binary.sites.length,
          merged: undone(form.technique, form.binary, form.interpreter.names.length) !== undefined,
          estimated: frontEnds.length === 0 ? undefined : await estimate(form, one, frontEnds[0], technique, folder),
          counters: counted !== undefined && "counters" in counted ? counted.counters : undefined,
        });
        if (timings.some(({ throttled }) => throttled)) notes.push(`${one.program.id}, ${nameOf(form)}: the clock moved during a run`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (rows.length === 0) throw new RunError(`nothing could be timed: ${skipped.join("; ")}`);
  const apart = rows.filter(({ quarter, threeQuarters, cycles }) => threeQuarters - quarter > QUARTILES_APART * cycles);
  if (apart.length > 0)
    notes.push(
      `noisy: in ${apart.length} of ${rows.length} rows the middle half of the runs is more than ${100 * QUARTILES_APART} % apart`,
    );
  return { rows, skipped, notes };
}

function countOf({ image }: Loaded): number {
  let count = 0;
  const run = image.run();
  run.run((ids, length) => {
    for (let i = 0; i < length; i++) count += run.program.blockLength(ids[i]);
  });
  return count;
}
