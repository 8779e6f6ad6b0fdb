// Modelled and recorded, side by side: the Forth guest's virtual code run by compiled C interpreters or by generated code, their
// dispatch branches recorded and replayed, and the model's branches of the same virtual trace replayed through the same predictors.
// For programs in OCaml, WebAssembly and Java an installed interpreter replaces the one in C (installed.ts).
//
//   program ──► guest ──► image, virtual trace ──► technique, ideal sites ──► front end ──► modelled
//                           │        └───────────► the binary's own sites ──► front end ──► modelled, own sites
//                           ├► C interpreter, compiled, recorded ──► dispatch branches ──► front end ──► recorded
//                           └► generated code, run, recorded ──────► its branches, compared one by one with the modelled ones
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTechnique } from "../dispatch/techniques.ts";
import { RunError, UsageError } from "../errors.ts";
import { type FrontEnd, readFrontEnds } from "../front-end/front-end.ts";
import { FORTH } from "../guests/languages.ts";
import { type Program, refuseIdleSize, SIZES, type Size } from "../guests/programs.ts";
import { measure } from "../lab/lab.ts";
import { unknownName } from "../parameters.ts";
import type { CCompiler } from "./binary.ts";
import { FORMS } from "./c-forms.ts";
import { dispatchMisses, type ValidatedBinary, type ValidationRow } from "./compare.ts";
import { GENERATED, readGenerated } from "./generated/generate.ts";
import { validateInstalled } from "./installed.ts";
import { KNOWN_INTERPRETERS } from "./installed-interpreters.ts";
import { createNativePrograms, generates, isForm, isGenerated } from "./native-programs.ts";
import { findPrograms, type LoadedImage, loadImages, programsIn, readOwnBodies } from "./prepare.ts";
import { REAL_INTERPRETERS, type RealRow, recordInstalled } from "./real.ts";
import { createValidationTrainer } from "./training.ts";
import { type ValidationContext, validateForm } from "./validate-form.ts";
import { validateGenerated } from "./validate-generated.ts";

/** Predictors that see no address bits: their misses depend only on the map from body to site. */
export const DEFAULT_PREDICTORS =
  "btb:unbounded,btb-2bit:unbounded,two-level:targets=1:unbounded,two-level:targets=2:unbounded,two-level:targets=4:unbounded,two-level:targets=8:unbounded";

export interface ValidateRequest {
  /** Programs in Forth, OCaml, WebAssembly or Java; default: all of the lab's in Forth. Others are validated on the installed ocamlrun, iwasm and Zero. */
  readonly inputs?: readonly string[];
  /** Techniques that have a form in C or generated code, separated by commas, "all" or "none"; default: switch and direct threading. */
  readonly technique?: string;
  readonly predictor?: string;
  /** Compilers, separated by commas; default: gcc. */
  readonly cc?: string;
  /** What the compilers are told; default: -O2. */
  readonly cflags?: string;
  readonly size?: string;
  readonly maxInstructions?: number;
  /** Interpreters to record that are installed, separated by commas, or "all"; default: none. ocamlrun, iwasm and zero run the lab's programs of their kind. */
  readonly installed?: string;
  /** Seconds that a compiler may take. */
  readonly compileLimit?: number;
  readonly onProgress?: (what: string) => void;
}

export interface Validation {
  readonly rows: readonly ValidationRow[];
  /** What could not be validated, and why: a line each. */
  readonly skipped: readonly string[];
  /** What must be known of recordings that are not the same as the model's run: a line each. */
  readonly notes: readonly string[];
  /** Binaries in which the compiler undid the technique, and how: a line each. */
  readonly undone: readonly string[];
  readonly binaries: readonly ValidatedBinary[];
  readonly real: readonly RealRow[];
}

/** Techniques that can be validated, by id. */
export const VALIDATED: readonly string[] = [...new Set<string>([...FORMS, ...GENERATED])].sort();

/** @throws UsageError for a technique that has neither a form in C nor generated code here */
async function readTechniqueNames(text = "switch,direct-threading"): Promise<string[]> {
  if (text === "none") return [];
  if (text === "all") return VALIDATED.filter((name) => generates || isForm(name));
  const names = text.split(",").map((name) => name.trim());
  for (const name of names) {
    if (isForm(name)) continue;
    if (!isGenerated(name)) throw unknownName("technique that can be validated", name, VALIDATED);
    if (!generates) throw new UsageError(`technique ${name}: code is generated on x86-64 only, this is ${process.arch}`);
    await readGenerated(name);
  }
  return names;
}

function readInterpreters(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const known = [...REAL_INTERPRETERS, ...KNOWN_INTERPRETERS.map(({ name }) => name)].sort();
  if (text === "all") return known;
  return text.split(",").map((name) => {
    if (!known.includes(name.trim())) throw unknownName("interpreter", name, known);
    return name.trim();
  });
}

/** What has been validated so far. */
interface Found {
  readonly rows: ValidationRow[];
  readonly binaries: ValidatedBinary[];
  readonly skipped: string[];
  readonly notes: string[];
  readonly undone: string[];
}

/** Programs in a binary of every form, or generated code, under every compiler. */
async function validateCompiled(
  techniques: readonly string[],
  compilers: readonly CCompiler[],
  context: Omit<ValidationContext, "technique" | "compiler" | "native" | "skipped">,
  { rows, binaries, skipped, undone }: Found,
): Promise<void> {
  for (const compiler of context.loaded.length === 0 ? [] : compilers) {
    const native = createNativePrograms(context.folder, compiler, context.loaded);
    for (const technique of techniques) {
      const own = { ...context, technique, compiler, native, skipped };
      if (isForm(technique)) {
        const validated = await validateForm(technique, own);
        rows.push(...validated.rows);
        undone.push(...validated.undone);
        if (validated.binary !== undefined) binaries.push(validated.binary);
      }
      if (isGenerated(technique) && generates) rows.push(...(await validateGenerated(own)));
    }
  }
}

/** Programs in the installed interpreters of their languages. */
async function validateOnInstalled(
  onInstalled: readonly Program[],
  installed: readonly string[],
  context: Omit<Parameters<typeof validateInstalled>[2], "readBodies" | "skipped" | "noted">,
  { rows, binaries, skipped, notes }: Found,
): Promise<void> {
  for (const { name, language, open } of KNOWN_INTERPRETERS) {
    const given = onInstalled.filter((program) => program.language === language);
    if (given.length === 0 && !installed.includes(name)) continue;
    try {
      const validated = await validateInstalled(given.length > 0 ? given : await programsIn(language), open(), {
        ...context,
        readBodies: readOwnBodies,
        skipped: (line) => skipped.push(line),
        noted: (line) => notes.push(line),
      });
      rows.push(...validated.rows);
      binaries.push(validated.binary);
    } catch (error) {
      // among installed interpreters, one that is not there is left out
      if (given.length > 0 || !(error instanceof UsageError || error instanceof RunError)) throw error;
      skipped.push(`${name}: ${error.message}`);
    }
  }
}

/** The rate of mispredicted dispatches that the model gives a technique over all loaded programs, by predictor. */
async function modelledRates(
  technique: string,
  loaded: readonly LoadedImage[],
  frontEnds: readonly FrontEnd[],
): Promise<(predictor: string) => number | undefined> {
  const definition = await readTechnique(technique);
  const all = await Promise.all(loaded.map(({ image }) => measure(image.run(), { techniques: [definition], frontEnds, warmup: 0 })));
  return (predictor) => {
    const of = all.flat().filter(({ frontEnd }) => frontEnd.name === predictor);
    const dispatches = of.reduce((sum, { counts }) => sum + counts.byKind.dispatch.branches, 0);
    return dispatches === 0 ? undefined : of.reduce((sum, measurement) => sum + dispatchMisses(measurement), 0) / dispatches;
  };
}

/**
 * Validates programs in binaries of every form and compiler asked for.
 * @throws UsageError for wrong names, or when a compiler or the emulator is not installed
 * @throws RunError when nothing could be validated
 */
export async function validate(request: ValidateRequest = {}): Promise<Validation> {
  const size = (request.size ?? "test") as Size;
  if (!SIZES.includes(size)) throw unknownName("size", size, SIZES);
  const techniques = await readTechniqueNames(request.technique);
  const frontEnds = await readFrontEnds(request.predictor ?? DEFAULT_PREDICTORS);
  const flags = (request.cflags ?? "-O2").split(/\s+/).filter((flag) => flag !== "");
  const compilers = (request.cc ?? "gcc")
    .split(",")
    .map((command): CCompiler => ({ command: command.trim(), flags, limit: request.compileLimit ?? 120 }));
  const { inForth, onInstalled } = await findPrograms(request.inputs ?? []);
  refuseIdleSize(size, [...inForth, ...onInstalled]);
  const installed = readInterpreters(request.installed);
  if (techniques.length === 0 && installed.length === 0 && onInstalled.length === 0)
    throw new UsageError("nothing to validate: expected techniques, installed interpreters, or programs in OCaml, WebAssembly or Java");
  const maxInstructions = request.maxInstructions ?? 250_000_000;
  const { onProgress } = request;
  const found: Found = { rows: [], binaries: [], skipped: [], notes: [], undone: [] };
  const { rows, skipped } = found;
  const loaded = loadImages(inForth, { full: size === "full", maxInstructions }, skipped, onProgress);
  const folder = mkdtempSync(join(tmpdir(), "bplab-validate-"));
  let real: readonly RealRow[] = [];
  try {
    const trainer = createValidationTrainer();
    await validateCompiled(techniques, compilers, { size, loaded, frontEnds, folder, trainer, onProgress }, found);
    await validateOnInstalled(onInstalled, installed, { size, maxInstructions, folder, frontEnds, onProgress }, found);
    if (installed.some((name) => REAL_INTERPRETERS.some((known) => known === name))) {
      real = await recordInstalled(installed, {
        folder,
        frontEnds,
        forthProgram: (inForth[0] ?? (await programsIn(FORTH))[0]).path,
        rateOf: (technique) => modelledRates(technique, loaded, frontEnds),
        skipped: (line) => skipped.push(line),
        onProgress,
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (rows.length === 0 && real.length === 0) throw new RunError(skipped.join("; "));
  return { ...found, real };
}
