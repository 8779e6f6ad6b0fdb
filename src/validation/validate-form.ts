// Validates all programs in one form of an interpreter compiled by one compiler, and checks whether the compiler kept the dispatch of
// its source.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { readTechnique } from "../dispatch/techniques.ts";
import { RunError } from "../errors.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import type { Size } from "../guests/programs.ts";
import type { Trainer } from "../lab/training.ts";
import { align } from "./alignment.ts";
import type { CCompiler } from "./binary.ts";
import { createMap } from "./binary-layout.ts";
import { bodyTable } from "./body-sizes.ts";
import type { FormName } from "./c-forms.ts";
import { compare, type ValidatedBinary, type ValidationRow, type ValidationSubject } from "./compare.ts";
import { inRanges, readDispatches } from "./dispatches.ts";
import { checkNative, type NativePrograms } from "./native-programs.ts";
import { type BuiltForm, type LoadedImage, readOwnBodies } from "./prepare.ts";
import { recordInterpreter } from "./record-interpreter.ts";
import { keptDispatch } from "./undone.ts";

/** One technique, one compiler, and all that is needed to validate programs under it. */
export interface ValidationContext {
  /** As users write it. */
  readonly technique: string;
  readonly compiler: CCompiler;
  readonly size: Size;
  readonly native: NativePrograms;
  readonly loaded: readonly LoadedImage[];
  readonly frontEnds: readonly FrontEnd[];
  readonly folder: string;
  readonly trainer: Trainer;
  /** Takes a line for each program that could not be validated. */
  readonly skipped: string[];
  readonly onProgress: ((what: string) => void) | undefined;
}

/** Name of a technique under a compiler in messages. */
export const formName = ({ technique, compiler }: Pick<ValidationContext, "technique" | "compiler">): string =>
  `${technique}, ${compiler.command} ${compiler.flags.join(" ")}`;

export interface ValidatedForm {
  readonly rows: readonly ValidationRow[];
  readonly binary: ValidatedBinary | undefined;
  readonly undone: readonly string[];
}

/** Runs an action now; the returned function gives its result or throws its error. */
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

export async function validateForm(technique: FormName, context: ValidationContext): Promise<ValidatedForm> {
  const { compiler, size, native, loaded, frontEnds, folder, skipped, onProgress } = context;
  const name = formName(context);
  let form: BuiltForm;
  try {
    form = native.form(technique);
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    skipped.push(`${name}: ${error.message}`);
    return { rows: [], binary: undefined, undone: [] };
  }
  const ideal = await readTechnique(technique);
  const { interpreter, binary } = form;
  const { kept, what } = keptDispatch(technique, interpreter.names.length, {
    jumps: binary.sites.length - binary.calls,
    calls: binary.calls,
  });
  const flags = compiler.flags.join(" ");
  const sizes = attempt(() =>
    bodyTable(binary, interpreter.names, [
      `The Forth guest's instructions in C, ${name}`,
      "Disassembly of the interpreter that bplab validate generates. Bytes and native instructions of each body from its entry to the next",
      "one's, its dispatch included; padding counts as bytes. Behind the last body stands code of all: it ends with its dispatch.",
    ]),
  );
  const seen = createMap();
  const measured = readOwnBodies(sizes, name);
  const rows: ValidationRow[] = [];
  for (const one of loaded) {
    const { id } = one.program;
    const subject: ValidationSubject = { program: id, size, technique, making: "compiled", compiler: compiler.command, flags };
    onProgress?.(`${name}, ${id}`);
    const branches = join(folder, "branches.bpt");
    try {
      const program = await native.build(technique, one, { making: "compiled" });
      // a run without recording, which also compares memory: under the emulator that would take longer than the program
      checkNative(program);
      if ((await recordInterpreter(program.command, branches)) !== Buffer.from(program.output, "utf8").toString("latin1"))
        throw new RunError("its output is not the guest's");
      const dispatches = await readDispatches(branches, inRanges(binary.ranges));
      const alignment = align(one.image.program, one.image.addresses(), dispatches);
      const left = { sites: binary.sites, codeBytes: binary.codeBytes, kept };
      rows.push(...(await compare(subject, () => one.image.run(), left, { dispatches, alignment }, ideal, measured, frontEnds)));
      seen.add(alignment, one.image.program.opcodes);
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      skipped.push(`${id}, ${name}: ${error.message}`);
    } finally {
      rmSync(branches, { force: true });
    }
  }
  const map = seen.text([
    `${name}: which bodies of a generated interpreter share a dispatch site`,
    `Read off recordings of ${loaded.map(({ program }) => program.id).join(", ")} by bplab validate: dispatch sites and entries mostly used.`,
  ]);
  return {
    rows,
    binary: { technique, compiler: compiler.command, flags, map, bodies: sizes },
    undone: kept === "kept" ? [] : [`${name}: ${what}`],
  };
}
