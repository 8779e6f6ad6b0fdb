// Modelled and recorded, side by side: the Forth guest's virtual code run by compiled C interpreters, their dispatch branches
// recorded and replayed, and the model's branches of the same virtual trace replayed through the same predictors. For OCaml programs
// the installed ocamlrun stands in the place of the C interpreter (ocamlrun.ts).
//
//   program ──► guest ──► image, virtual trace ──► technique, ideal sites ──► front end ──► modelled
//                           │        └───────────► the binary's own sites ──► front end ──► modelled, own sites
//                           └► C interpreter, compiled, recorded ──► dispatch branches ──► front end ──► recorded
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTechnique } from "../dispatch/techniques.ts";
import { RunError, UsageError } from "../errors.ts";
import { readFrontEnds } from "../front-end/front-end.ts";
import { FORTH, OCAML } from "../guests/languages.ts";
import { SIZES, type Size } from "../guests/programs.ts";
import { measure } from "../lab/lab.ts";
import { unknown } from "../parameters.ts";
import { align } from "./alignment.ts";
import type { Compiler } from "./binary.ts";
import { createMap } from "./binary-layout.ts";
import { bodyTable } from "./body-sizes.ts";
import { compare, dispatchMisses, type ValidatedBinary, type ValidationRow, type ValidationSubject } from "./compare.ts";
import { readDispatches, within } from "./dispatches.ts";
import { validateOcaml } from "./ocamlrun.ts";
import { type BuiltForm, buildForm, findPrograms, loadImages, programsIn, readForms, readOwnBodies } from "./prepare.ts";
import { REAL_INTERPRETERS, type RealRow, recordInstalled } from "./real.ts";
import { recordCommand } from "./record-command.ts";
import { runTool } from "./tools.ts";

/** Predictors that see no address bits: what they miss depends on the map from body to site alone. */
export const DEFAULT_PREDICTORS =
  "btb:unbounded,btb-2bit:unbounded,two-level:targets=1:unbounded,two-level:targets=2:unbounded,two-level:targets=4:unbounded,two-level:targets=8:unbounded";

/** The installed interpreter that the guest models. */
const OCAMLRUN = "ocamlrun";

export interface ValidateRequest {
  /** Programs in Forth and OCaml; default: all of the lab's in Forth. OCaml programs are validated on the installed ocamlrun. */
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
  /** Interpreters to record that are installed, separated by commas, or "all"; default: none. ocamlrun runs the lab's OCaml programs. */
  readonly installed?: string;
  /** Seconds that a compiler may take. */
  readonly compileLimit?: number;
  readonly onProgress?: (what: string) => void;
}

export interface Validation {
  readonly rows: readonly ValidationRow[];
  /** What could not be validated, and why: a line each. */
  readonly skipped: readonly string[];
  readonly binaries: readonly ValidatedBinary[];
  readonly real: readonly RealRow[];
}

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

function readInterpreters(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const known = [...REAL_INTERPRETERS, OCAMLRUN].sort();
  if (text === "all") return known;
  return text.split(",").map((name) => {
    if (!known.includes(name.trim())) throw unknown("interpreter", name, known);
    return name.trim();
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
  const { inForth, inOcaml } = await findPrograms(request.inputs ?? []);
  const installed = readInterpreters(request.installed);
  if (forms.length === 0 && installed.length === 0 && inOcaml.length === 0)
    throw new UsageError("nothing to validate: expected techniques, installed interpreters, or OCaml programs");
  const maxInstructions = request.maxInstructions ?? 250_000_000;
  const skipped: string[] = [];
  const loaded = loadImages(inForth, { full: size === "full", maxInstructions }, skipped, request.onProgress);
  const folder = mkdtempSync(join(tmpdir(), "bplab-validate-"));
  const rows: ValidationRow[] = [];
  const binaries: ValidatedBinary[] = [];
  let real: readonly RealRow[] = [];
  try {
    for (const technique of loaded.length === 0 ? [] : forms) {
      const ideal = await readTechnique(technique);
      for (const compiler of compilers) {
        const name = `${technique}, ${compiler.command} ${flags.join(" ")}`;
        let form: BuiltForm;
        try {
          form = buildForm(technique, loaded, compiler, folder);
        } catch (error) {
          if (!(error instanceof RunError)) throw error;
          skipped.push(`${name}: ${error.message}`);
          continue;
        }
        const { interpreter, path, binary } = form;
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
            const dispatches = await readDispatches(branches, within(binary.ranges));
            const alignment = align(one.image.program, one.image.addresses(), dispatches);
            rows.push(...(await compare(subject, () => one.image.run(), binary, { dispatches, alignment }, ideal, measured, frontEnds)));
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
    if (inOcaml.length > 0 || installed.includes(OCAMLRUN)) {
      try {
        const ofOcaml = inOcaml.length > 0 ? inOcaml : await programsIn(OCAML);
        const validated = await validateOcaml(ofOcaml, {
          size,
          maxInstructions,
          folder,
          frontEnds,
          readBodies: readOwnBodies,
          skipped: (line) => skipped.push(line),
          onProgress: request.onProgress,
        });
        rows.push(...validated.rows);
        binaries.push(validated.binary);
      } catch (error) {
        // among installed interpreters, one that is not there is left out
        if (inOcaml.length > 0 || !(error instanceof UsageError || error instanceof RunError)) throw error;
        skipped.push(`${OCAMLRUN}: ${error.message}`);
      }
    }
    if (installed.some((name) => name !== OCAMLRUN)) {
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
        forthProgram: (inForth[0] ?? (await programsIn(FORTH))[0]).path,
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
