// Programs as native executables, for validation and timing: the Forth guest's virtual code in an interpreter of one technique,
// compiled from C, or generated as machine code if the technique makes code when it loads a program.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { NO_PROFILE, type Profile } from "../dispatch/profile.ts";
import { RunError, UsageError } from "../errors.ts";
import type { Image } from "../guests/forth/image.ts";
import type { CCompiler } from "./binary.ts";
import { FORMS, type FormName } from "./c-forms.ts";
import { TIMED } from "./c-timing.ts";
import { GENERATED, type GeneratedCode, generateCode, readGenerated } from "./generated/generate.ts";
import { compileStencils } from "./generated/stencils.ts";
import { type BuiltForm, buildForm, type LoadedImage } from "./prepare.ts";
import { runTool } from "./tools.ts";

/** How a technique becomes native code: compiled as a whole, or generated from compiled bodies. */
export type Making = "compiled" | "generated";

/** A program as it runs natively. */
export interface NativeProgram {
  readonly making: Making;
  /**
   * The command to run. Its standard output is the program's. At every word of the host and at the end of every run it compares the
   * data stack with the guest's; on a difference it prints a message to standard error and exits with code 3.
   */
  readonly command: readonly string[];
  /** The same, which also compares all of memory at the end; the exit code is 3 if it differs. */
  readonly check: readonly string[];
  /** The same as `command`, which also prints its time on standard error (c-timing.ts). */
  readonly time: readonly string[];
  /** The expected output. */
  readonly output: string;
  /** Its interpreter, if compiled as a whole. */
  readonly form: BuiltForm | undefined;
  /** Its generated code, if any. */
  readonly generated: GeneratedCode | undefined;
}

export interface BuildOptions {
  /** Default: generated if the technique has no form in C. */
  readonly making?: Making;
  /** The profile for static superinstructions and replication, made by `createTrainer`. */
  readonly profile?: Profile;
}

export interface NativePrograms {
  /** A compiled interpreter. @throws as `build` */
  form(technique: FormName): BuiltForm;
  /**
   * Builds a program's executable under one technique; an interpreter, and the bodies of generated code, are compiled once for all
   * programs. Files are written to the folder, and the caller removes them.
   *
   *     const native = createNativePrograms(folder, { command: "gcc", flags: ["-O2"], limit: 120 }, loaded);
   *     const program = await native.build("dynamic-replication", loaded[0]);
   *     checkNative(program);             // once: memory, stacks and output are the guest's
   *     runTool(program.time[0], program.time.slice(1), …);
   *
   * @param technique as users write it. Generated ones take parameters: `subroutine-threading:leave=body`
   * @throws UsageError for a technique without such code, or when the compiler is not installed; RunError when it fails, or its
   * output cannot be run
   */
  build(technique: string, loaded: LoadedImage, options?: BuildOptions): Promise<NativeProgram>;
}

/** Makes something once; later calls return the same result or throw the same error. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | { readonly error: unknown } | undefined;
  return () => {
    if (made === undefined) {
      try {
        made = { value: make() };
      } catch (error) {
        made = { error };
      }
    }
    if ("error" in made) throw made.error;
    return made.value;
  };
}

/** Runs it once with all checks. @throws RunError when it differs from the guest */
export function checkNative({ check: [path, ...args], output }: NativeProgram): void {
  if (runTool(path, args) !== Buffer.from(output, "utf8").toString("latin1")) throw new RunError("its output is not the guest's");
}

export const isForm = (technique: string): technique is FormName => FORMS.some((form) => form === technique);

/** @param technique as users write it */
export const isGenerated = (technique: string): boolean => GENERATED.includes(technique.split(":")[0]);

/** Whether code can be generated on this processor. */
export const generates = process.arch === "x64";

/**
 * @param folder takes executables, images and generated code
 * @param loaded all programs that will be built: interpreters get the words of the host that these execute
 */
export function createNativePrograms(folder: string, compiler: CCompiler, loaded: readonly LoadedImage[]): NativePrograms {
  const label = [compiler.command, ...compiler.flags].join(" ").replace(/[^\w=]+/g, "-");
  let files = 0;
  const fileOf = (content: Int32Array | Buffer | string, ending: string): string => {
    const path = join(folder, `${label}-${files++}${ending}`);
    writeFileSync(path, content);
    return path;
  };
  const images = new Map<Image, string>();
  /** The file of an image, which all interpreters share, because they number opcodes alike. */
  function imageFile(image: Image, opcode: (number: number) => number): string {
    const known = images.get(image) ?? fileOf(image.words(opcode), ".image");
    images.set(image, known);
    return known;
  }
  const forms = new Map(FORMS.map((form) => [form, once(() => buildForm(form, loaded, compiler, folder))]));
  const form = (technique: FormName): BuiltForm => (forms.get(technique) as () => BuiltForm)();
  const stencils = once(() => {
    const hostWords = new Map(loaded.flatMap(({ image }) => [...image.hostWords]));
    return compileStencils(compiler, hostWords, (text) => fileOf(text, ".c"), join(folder, `stencils-${label}`));
  });
  return {
    form,
    async build(technique, { image }, { making, profile = NO_PROFILE } = {}) {
      const runs = (path: string, opcode: (number: number) => number, others: readonly string[]) => {
        const command = [path, imageFile(image, opcode), ...others];
        return { command, check: [...command, "check"], time: [...command, TIMED], output: image.output };
      };
      if (isForm(technique) && making !== "generated") {
        const built = form(technique);
        return { making: "compiled", ...runs(built.path, built.interpreter.opcode, []), form: built, generated: undefined };
      }
      if (!isGenerated(technique) || making === "compiled")
        throw new UsageError(
          `technique ${technique}: expected one with a form in C (${FORMS.join(", ")}) or of generated code (${GENERATED.join(", ")})`,
        );
      if (!generates) throw new UsageError(`technique ${technique}: code is generated on x86-64 only, this is ${process.arch}`);
      const made = stencils();
      const generated = generateCode(await readGenerated(technique), image, made, profile);
      return { making: "generated", ...runs(made.path, made.opcode, [fileOf(generated.file, ".code")]), form: undefined, generated };
    },
  };
}
