// Modelled and recorded, side by side: the Forth guest's virtual code run by compiled C interpreters, their dispatch branches
// recorded and replayed, and the model's branches of the same virtual trace replayed through the same predictors.
//
//   program ──► guest ──► image, virtual trace ──► technique, ideal sites ──► front end ──► modelled
//                           │        └───────────► the binary's own sites ──► front end ──► modelled, own sites
//                           └► C interpreter, compiled, recorded ──► dispatch branches ──► front end ──► recorded
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { INDIRECT_CALL, INDIRECT_JUMP } from "../branch.ts";
import { readTechnique, type Technique } from "../dispatch/techniques.ts";
import { RunError, UsageError } from "../errors.ts";
import { type FrontEnd, readFrontEnds } from "../front-end.ts";
import { forth } from "../guests/forth/guest.ts";
import { type Image, recordImage } from "../guests/forth/image.ts";
import { measure } from "../lab.ts";
import type { Measurement } from "../lane.ts";
import { type MeasuredBodies, readMeasuredBodies } from "../measured-bodies.ts";
import { unknown } from "../parameters.ts";
import { findProgram, type Program, programIds, SIZES, type Size } from "../programs.ts";
import { measureRecording } from "../simulate-recording.ts";
import type { SiteCount } from "../statistics.ts";
import { runWithBodies } from "../with-bodies.ts";
import { type Alignment, align } from "./alignment.ts";
import { type Binary, type Compiler, compile, readBinary } from "./binary.ts";
import { createMap, layoutOf } from "./binary-layout.ts";
import { bodyTable } from "./body-sizes.ts";
import { FORMS, type FormName, writeInterpreter } from "./c-interpreter.ts";
import { type Dispatches, readDispatches, recordingOf } from "./dispatches.ts";
import { REAL_INTERPRETERS, type RealRow, recordInstalled } from "./real.ts";
import { recordCommand } from "./record-command.ts";
import { runTool } from "./tools.ts";

/** Predictors that see no address bits: what they miss depends on the map from body to site alone. */
export const DEFAULT_PREDICTORS =
  "btb:unbounded,btb-2bit:unbounded,two-level:targets=1:unbounded,two-level:targets=2:unbounded,two-level:targets=4:unbounded,two-level:targets=8:unbounded";

/** Opcodes that get a dispatch of their own in a replicated switch: with 64 gcc did not come to an end in ten minutes. */
export const REPLICAS = 24;

export interface ValidateRequest {
  /** Forth programs; default: all of the lab's. */
  readonly inputs?: readonly string[];
  /** Techniques that have a form in C, separated by commas, "all" or "none"; default: switch and direct threading. */
  readonly technique?: string;
  readonly predictor?: string;
  /** Compilers, separated by commas; default: gcc. */
  readonly cc?: string;
  /** What the compilers are told; default: -O2. */
  readonly cflags?: string;
  readonly size?: string;
  readonly maxInstructions?: number;
  /** Interpreters to record that are installed, separated by commas, or "all"; default: none. */
  readonly installed?: string;
  /** Seconds that a compiler may take. */
  readonly compileLimit?: number;
  readonly onProgress?: (what: string) => void;
}

/** One program in one binary. */
export interface ValidationSubject {
  readonly program: string;
  readonly size: Size;
  readonly technique: FormName;
  readonly compiler: string;
  readonly flags: string;
}

/** What one program in one binary came to, whatever the predictor. */
export interface ValidatedRun extends ValidationSubject {
  /** As the interpreter executes it, marks between runs included. */
  readonly virtualInstructions: number;
  readonly dispatches: number;
  /** Dispatch sites that the compiler left, those that executed, and those of the technique that executed. */
  readonly sitesInBinary: number;
  readonly sitesExecuted: number;
  readonly modelledSitesExecuted: number;
  /** Native instructions in the interpreter's own functions, and the model's. */
  readonly nativeInstructions: number;
  readonly modelledNativeInstructions: number;
  /** Bytes of the interpreter's functions, and the model's. */
  readonly codeBytes: number;
  readonly modelledCodeBytes: number;
  /** The model's with the bodies measured in this binary; undefined where they have no addresses. */
  readonly ownBodies: { readonly nativeInstructions: number; readonly codeBytes: number } | undefined;
  /** Opcodes that executed, and those entered at more than one address, or left through more than one site a direction. */
  readonly opcodes: number;
  readonly splitEntries: readonly string[];
  readonly splitExits: readonly string[];
}

/** The same under one predictor. */
export interface ValidationRow extends ValidatedRun {
  readonly predictor: string;
  readonly recordedMisses: number;
  /** Modelled with the binary's own sites and addresses. */
  readonly ownMisses: number;
  /** Modelled with the technique's ideal sites. */
  readonly idealMisses: number;
  readonly idealDispatches: number;
  /** Where recorded and own sites differ most: address, whose it is, recorded minus modelled misses. */
  readonly worstSites: readonly { readonly address: number; readonly owners: readonly string[]; readonly difference: number }[];
}

/** One form, compiled once for all programs. */
export interface ValidatedBinary extends Omit<ValidationSubject, "program" | "size"> {
  /** What its recordings say of bodies and dispatch sites, in the form of native-code/*.sites.csv. */
  readonly map: string;
  /** The sizes of its bodies, in the form of native-code/*.csv. @throws RunError where bodies have no addresses */
  bodies(): string;
}

export interface Validation {
  readonly rows: readonly ValidationRow[];
  /** What could not be validated, and why: a line each. */
  readonly skipped: readonly string[];
  readonly binaries: readonly ValidatedBinary[];
  readonly real: readonly RealRow[];
}

const WORST_SITES = 3;

/** Does something now, and says later what came of it. */
function attempt<T>(action: () => T): () => T {
  try {
    const value = action();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

interface Loaded {
  readonly program: Program;
  readonly image: Image;
}

/** The opcodes that execute most often in all programs. */
function hotOpcodes(loaded: readonly Loaded[], count: number): Set<string> {
  const times = new Map<string, number>();
  for (const { image } of loaded) {
    const { opcodes } = image.program;
    for (const address of image.addresses()) {
      const { name } = opcodes[image.program.opcodeAt(address)];
      times.set(name, (times.get(name) ?? 0) + 1);
    }
  }
  const sorted = [...times].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return new Set(sorted.slice(0, count).map(([name]) => name));
}

function readForms(text = "switch,direct-threading"): FormName[] {
  if (text === "all") return [...FORMS];
  if (text === "none") return [];
  return text.split(",").map((name) => {
    const form = FORMS.find((known) => known === name.trim());
    if (form === undefined) throw unknown("technique with a form in C", name, FORMS);
    return form;
  });
}

function readInterpreters(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  if (text === "all") return REAL_INTERPRETERS;
  return text.split(",").map((name) => {
    if (!REAL_INTERPRETERS.includes(name.trim())) throw unknown("interpreter", name, REAL_INTERPRETERS);
    return name.trim();
  });
}

function findPrograms(names: readonly string[]): Program[] {
  if (names.length === 0)
    return programIds()
      .map((id) => findProgram(id))
      .filter(({ guest }) => guest === forth);
  return names.map((name) => {
    const program = findProgram(name);
    if (program.guest !== forth)
      throw new UsageError(`${name}: expected a Forth program: compiled interpreters exist for these alone, got ${program.guest.file}`);
    return program;
  });
}

const dispatchMisses = ({ counts }: Pick<Measurement, "counts">): number => counts.byKind.dispatch.mispredictions ?? 0;

const codeBytesOf = ({ counts: { footprint } }: Measurement): number => (footprint?.bytes.body ?? 0) + (footprint?.bytes.dispatch ?? 0);

/** Recorded against modelled misses of each site, the greatest differences first. */
function compareSites(recorded: readonly SiteCount[], modelled: readonly SiteCount[], { bodies }: Alignment, names: readonly string[]) {
  const differences = new Map<number, number>();
  for (const { site, mispredictions } of recorded) differences.set(site.address, mispredictions);
  for (const { site, mispredictions } of modelled) differences.set(site.address, (differences.get(site.address) ?? 0) - mispredictions);
  return [...differences]
    .filter(([, difference]) => difference !== 0)
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
    .slice(0, WORST_SITES)
    .map(([address, difference]) => ({
      address,
      owners: bodies.flatMap(({ opcode, exits, takenExits }) =>
        [...exits, ...takenExits].some(([site]) => (site | 0) === address) ? names[opcode] : [],
      ),
      difference,
    }));
}

/** Bodies as the model takes them; undefined for a form whose bodies have no addresses. */
function readOwnBodies(sizes: () => string, path: string): MeasuredBodies | undefined {
  try {
    writeFileSync(path, sizes());
    return readMeasuredBodies(path);
  } catch (error) {
    if (error instanceof RunError) return undefined;
    throw error;
  }
}

interface Recorded {
  readonly dispatches: Dispatches;
  readonly alignment: Alignment;
}

/** Everything about one program in one binary. */
async function compare(
  subject: ValidationSubject,
  { image }: Loaded,
  binary: Binary,
  { dispatches, alignment }: Recorded,
  technique: Technique,
  bodies: MeasuredBodies | undefined,
  frontEnds: readonly FrontEnd[],
): Promise<ValidationRow[]> {
  const kind = subject.technique === "call-threading" ? INDIRECT_CALL : INDIRECT_JUMP;
  const own = layoutOf(alignment, kind);
  const measurements = await measure(image.run(), { techniques: [technique, own], frontEnds, warmup: 0 });
  const { measurements: recorded } = await measureRecording(recordingOf(subject.program, dispatches), {
    frontEnds,
    warmup: 0,
    hashed: false,
  });
  const [remeasured] =
    bodies === undefined
      ? []
      : await measure(runWithBodies(image.run(), bodies), { techniques: [technique], frontEnds: frontEnds.slice(0, 1), warmup: 0 });
  const names = image.program.opcodes.map(({ name }) => name);
  const split = (is: (body: Alignment["bodies"][number]) => boolean): string[] =>
    alignment.bodies.filter(is).map(({ opcode }) => names[opcode]);
  return frontEnds.map((frontEnd, i) => {
    const found = (of: Technique): Measurement => {
      const measurement = measurements.find((other) => other.technique === of && other.frontEnd === frontEnd);
      if (measurement === undefined) throw new Error(`no measurement of ${of.name}`);
      return measurement;
    };
    const ideal = found(technique);
    return {
      ...subject,
      virtualInstructions: alignment.virtualInstructions,
      dispatches: dispatches.sequence.length,
      sitesInBinary: binary.sites.length,
      sitesExecuted: new Set(dispatches.branches.map(({ pc }) => pc)).size,
      modelledSitesExecuted: ideal.counts.sites.filter(({ site }) => site.dispatch).length,
      nativeInstructions: dispatches.ownInstructions,
      modelledNativeInstructions: ideal.counts.nativeInstructions,
      codeBytes: binary.codeBytes,
      modelledCodeBytes: codeBytesOf(ideal),
      ownBodies: remeasured && { nativeInstructions: remeasured.counts.nativeInstructions, codeBytes: codeBytesOf(remeasured) },
      opcodes: alignment.bodies.length,
      splitEntries: split(({ entries }) => entries.length > 1),
      splitExits: split(({ exits, takenExits }) => exits.length > 1 || takenExits.length > 1),
      predictor: frontEnd.name,
      recordedMisses: recorded[i].counts.byKind.indirect.mispredictions ?? 0,
      ownMisses: dispatchMisses(found(own)),
      idealMisses: dispatchMisses(ideal),
      idealDispatches: ideal.counts.byKind.dispatch.branches,
      worstSites: compareSites(recorded[i].counts.sites, found(own).counts.sites, alignment, names),
    };
  });
}

/**
 * Validates programs in binaries of every form and compiler asked for.
 * @throws UsageError for wrong names, or when a compiler or the emulator is not installed
 * @throws RunError when nothing could be validated
 */
export async function validate(request: ValidateRequest = {}): Promise<Validation> {
  const size = (request.size ?? "test") as Size;
  if (!SIZES.includes(size)) throw unknown("size", size, SIZES);
  const forms = readForms(request.technique);
  const frontEnds = await readFrontEnds(request.predictor ?? DEFAULT_PREDICTORS);
  const flags = (request.cflags ?? "-O2").split(/\s+/).filter((flag) => flag !== "");
  const compilers = (request.cc ?? "gcc").split(",").map((command): Compiler => ({ command, flags, limit: request.compileLimit ?? 120 }));
  const programs = findPrograms(request.inputs ?? []);
  const installed = readInterpreters(request.installed);
  if (forms.length === 0 && installed.length === 0)
    throw new UsageError("nothing to validate: expected techniques, or installed interpreters");
  const skipped: string[] = [];
  const loaded: Loaded[] = [];
  for (const program of programs) {
    request.onProgress?.(program.id);
    const { path, id } = program;
    try {
      loaded.push({
        program,
        image: recordImage(path, { full: size === "full", maxInstructions: request.maxInstructions ?? 250_000_000 }),
      });
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      skipped.push(`${id}: ${error.message}`);
    }
  }
  const hostWords = new Map(loaded.flatMap(({ image }) => [...image.hostWords]));
  const folder = mkdtempSync(join(tmpdir(), "bplab-validate-"));
  const rows: ValidationRow[] = [];
  const binaries: ValidatedBinary[] = [];
  let real: readonly RealRow[] = [];
  try {
    for (const technique of forms) {
      const interpreter = writeInterpreter(technique, hostWords, hotOpcodes(loaded, technique === "replicated-switch" ? REPLICAS : 0));
      const source = join(folder, `${technique}.c`);
      writeFileSync(source, interpreter.text);
      const ideal = await readTechnique(technique);
      for (const compiler of compilers) {
        const path = join(folder, `${technique}-${compiler.command.replace(/\W+/g, "-")}`);
        const name = `${technique}, ${compiler.command} ${flags.join(" ")}`;
        try {
          compile(compiler, source, path);
        } catch (error) {
          if (!(error instanceof RunError)) throw error;
          skipped.push(`${name}: ${error.message}`);
          continue;
        }
        const binary = readBinary(path, (symbol) => /^(interpret|raise|op_\d+)$/.test(symbol));
        if (technique === "tail-call-threading" && binary.calls > 1) {
          // one enters the first body; others would let the stack grow with every instruction
          skipped.push(
            `${name}: the compiler left ${binary.calls - 1} indirect calls where tail calls stand: it makes jumps of them at -O2`,
          );
          continue;
        }
        const sizes = attempt(() =>
          bodyTable(binary, interpreter.names, [
            `The Forth guest's instructions in C, ${technique}, ${compiler.command} ${flags.join(" ")}`,
            "Disassembly of the interpreter that bplab validate generates. Bytes and native instructions of each body from its entry to the next",
            "one's, its dispatch included; padding counts as bytes. Behind the last body stands code of all: it ends with its dispatch.",
          ]),
        );
        const seen = createMap();
        const measured = readOwnBodies(sizes, `${path}.csv`);
        for (const [i, one] of loaded.entries()) {
          const { id } = one.program;
          const subject: ValidationSubject = { program: id, size, technique, compiler: compiler.command, flags: flags.join(" ") };
          request.onProgress?.(`${name}, ${id}`);
          const image = join(folder, "image");
          const branches = join(folder, `branches-${i}.bpt`);
          try {
            writeFileSync(image, one.image.words(interpreter.opcode));
            // once by itself, which compares memory too: under the emulator that would take longer than the program
            for (const output of [runTool(path, [image, "check"]), await recordCommand([path, image], branches)]) {
              if (output !== Buffer.from(one.image.output, "utf8").toString("latin1")) throw new RunError("its output is not the guest's");
            }
            const dispatches = await readDispatches(branches, binary.ranges);
            const alignment = align(one.image.program, one.image.addresses(), dispatches);
            rows.push(...(await compare(subject, one, binary, { dispatches, alignment }, ideal, measured, frontEnds)));
            seen.add(alignment, one.image.program.opcodes);
          } catch (error) {
            if (!(error instanceof RunError)) throw error;
            skipped.push(`${id}, ${name}: ${error.message}`);
          } finally {
            rmSync(branches, { force: true });
          }
        }
        const comments = [
          `${name}: which bodies of a generated interpreter share a dispatch site`,
          `Read off recordings of ${loaded.map(({ program }) => program.id).join(", ")} by bplab validate: dispatch sites and entries mostly used.`,
        ];
        binaries.push({ technique, compiler: compiler.command, flags: flags.join(" "), map: seen.text(comments), bodies: sizes });
      }
    }
    if (installed.length > 0) {
      const rateOf = async (technique: string): Promise<(predictor: string) => number | undefined> => {
        const definition = await readTechnique(technique);
        const all = await Promise.all(loaded.map(({ image }) => measure(image.run(), { techniques: [definition], frontEnds, warmup: 0 })));
        return (predictor) => {
          const of = all.flat().filter(({ frontEnd }) => frontEnd.name === predictor);
          const dispatches = of.reduce((sum, { counts }) => sum + counts.byKind.dispatch.branches, 0);
          return dispatches === 0 ? undefined : of.reduce((sum, measurement) => sum + dispatchMisses(measurement), 0) / dispatches;
        };
      };
      real = await recordInstalled(installed, {
        folder,
        frontEnds,
        forthProgram: programs[0].path,
        rateOf,
        skipped: (line) => skipped.push(line),
        onProgress: request.onProgress,
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (rows.length === 0 && real.length === 0) throw new RunError(skipped.join("; "));
  return { rows, skipped, binaries, real };
}
