// Prepares validation: the forms, the programs, their virtual code as images, and the compiled bodies.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type MeasuredBodies, measuredBodiesIn } from "../bodies/measured-bodies.ts";
import { RunError, UsageError } from "../errors.ts";
import { type Image, recordImage } from "../guests/forth/image.ts";
import type { Language } from "../guests/guest.ts";
import { FORTH } from "../guests/languages.ts";
import { findProgram, type Program, programIdsOf } from "../guests/programs.ts";
import { type Binary, type CCompiler, compileC, readBinary } from "./binary.ts";
import { FORM_FLAGS, type FormName } from "./c-forms.ts";
import { type CInterpreter, writeInterpreter } from "./c-interpreter.ts";
import { KNOWN_INTERPRETERS } from "./installed-interpreters.ts";

/** Opcodes with their own dispatch in a replicated switch: with 64 gcc did not finish in ten minutes. */
export const REPLICAS = 24;

/** A program that ran on the guest, and can run in a compiled interpreter. */
export interface LoadedImage {
  readonly program: Program;
  readonly image: Image;
}

/** The opcodes that execute most often in all programs. */
function hotOpcodes(loaded: readonly LoadedImage[], count: number): Set<string> {
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

export const programsIn = (language: Language): Promise<Program[]> => Promise.all(programIdsOf(language).map((id) => findProgram(id)));

/**
 * Sorts programs by interpreter: generated interpreters, and installed ones.
 * @param names default: all of the lab's in Forth
 */
export async function findPrograms(
  names: readonly string[],
): Promise<{ readonly inForth: readonly Program[]; readonly onInstalled: readonly Program[] }> {
  const programs = names.length === 0 ? await programsIn(FORTH) : await Promise.all(names.map((name) => findProgram(name)));
  const interpreted = [FORTH, ...KNOWN_INTERPRETERS.map(({ language }) => language)];
  const other = programs.find(({ language }) => !interpreted.includes(language));
  if (other !== undefined)
    throw new UsageError(
      `${other.id}: expected a program in Forth, OCaml, WebAssembly or Java, which interpreters exist for, got ${other.language.file}`,
    );
  for (const { id, language, options } of programs) {
    const [given] = Object.keys(options);
    if (language === FORTH && given !== undefined)
      throw new UsageError(
        `${id}: compiled interpreters of Forth have no --${given} (cells of 32 bits, 64M of memory, no input): leave it out`,
      );
  }
  return {
    inForth: programs.filter(({ language }) => language === FORTH),
    onInstalled: programs.filter(({ language }) => language !== FORTH),
  };
}

/**
 * Bodies for the model; undefined for a form whose bodies have no addresses.
 * @param sizes their table, of which it throws a RunError where there is none
 * @param name of the form or interpreter
 */
export function readOwnBodies(sizes: () => string, name: string): MeasuredBodies | undefined {
  try {
    return measuredBodiesIn(sizes(), name);
  } catch (error) {
    if (error instanceof RunError) return undefined;
    throw error;
  }
}

/**
 * Runs programs on the guest.
 * @param skipped gets a line for each program that failed, or that no compiled interpreter can follow
 */
export function loadImages(
  programs: readonly Program[],
  { full, maxInstructions }: { readonly full: boolean; readonly maxInstructions: number },
  skipped: string[],
  onProgress?: (what: string) => void,
): LoadedImage[] {
  const loaded: LoadedImage[] = [];
  for (const program of programs) {
    onProgress?.(program.id);
    try {
      loaded.push({ program, image: recordImage(program.path, { full, maxInstructions }) });
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      skipped.push(`${program.id}: ${error.message}`);
    }
  }
  return loaded;
}

/** A compiled form. */
export interface BuiltForm {
  readonly interpreter: CInterpreter;
  readonly path: string;
  readonly binary: Binary;
}

/**
 * Writes an interpreter in C and compiles it.
 * @param folder for the files
 * @throws RunError when the compiler fails, takes too long, or leaves calls where tail calls have to be jumps
 */
export function buildForm(technique: FormName, loaded: readonly LoadedImage[], compiler: CCompiler, folder: string): BuiltForm {
  const hostWords = new Map(loaded.flatMap(({ image }) => [...image.hostWords]));
  const interpreter = writeInterpreter(technique, hostWords, hotOpcodes(loaded, technique === "replicated-switch" ? REPLICAS : 0));
  const path = join(folder, `${technique}-${[compiler.command, ...compiler.flags].join(" ").replace(/[^\w=]+/g, "-")}`);
  const source = `${path}.c`;
  writeFileSync(source, interpreter.text);
  compileC({ ...compiler, flags: [...compiler.flags, ...(FORM_FLAGS[technique] ?? [])] }, source, path);
  const binary = readBinary(path, (symbol) => /^(interpret|raise|dispatcher|op_\d+)$/.test(symbol));
  // one call may enter the first body; others would let the stack grow with every instruction
  const jumping = technique === "tail-call-threading" || technique === "tail-call-dispatcher";
  if (jumping && (binary.calls > 1 || binary.calls === binary.sites.length))
    throw new RunError(`the compiler left ${binary.calls} indirect calls where tail calls stand: it makes jumps of them at -O2`);
  return { interpreter, path, binary };
}
