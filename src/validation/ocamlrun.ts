// OCaml programs on the installed ocamlrun, recorded, beside the guest's model of the very same bytecode. Nothing is compiled for it:
// the interpreter is as its distribution built it, and which of its jumps dispatch is known, because one function has all of them.
import { realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { MeasuredBodies } from "../bodies/measured-bodies.ts";
import { INDIRECT_JUMP } from "../branch.ts";
import { readTechnique } from "../dispatch/techniques.ts";
import { RunError, UsageError } from "../errors.ts";
import type { FrontEnd } from "../front-end/front-end.ts";
import { instructions } from "../guests/ocaml/instructions.ts";
import type { Program, Size } from "../guests/programs.ts";
import { unsignedOf } from "../recordings/addresses.ts";
import { findCommand } from "../recordings/recorder/tools.ts";
import type { RecordedBranch } from "../recordings/recording.ts";
import type { VirtualRun } from "../trace/run.ts";
import { align } from "./alignment.ts";
import { createMap } from "./binary-layout.ts";
import { compare, type ValidatedBinary, type ValidationRow } from "./compare.ts";
import { type RecordedDispatches, readDispatches } from "./dispatches.ts";
import { INTERPRETER, ocamlrunBodies, readOcamlrun } from "./ocamlrun-binary.ts";
import { recordInterpreter } from "./record-interpreter.ts";
import { runTool } from "./tools.ts";

/** How its source dispatches: words of code are offsets of bodies, and every body has a dispatch of its own. */
const TECHNIQUE = "direct-threading";
const NAMES = instructions.map(({ name }) => name);
/** What programs and runtime read of the environment; the guest runs without. */
const SETTINGS = ["OCAMLRUNPARAM", "CAMLRUNPARAM"];

/** Runs a program on the guest: the addresses of its virtual instructions, in the order in which they execute. */
function executed({ program, run }: VirtualRun): Iterable<number> {
  let blocks = new Int32Array(1 << 16);
  let length = 0;
  run((ids, count) => {
    if (length + count > blocks.length) {
      const longer = new Int32Array(2 * (length + count));
      longer.set(blocks);
      blocks = longer;
    }
    blocks.set(ids.subarray(0, count), length);
    length += count;
  });
  return (function* () {
    for (let i = 0; i < length; i++) {
      const start = program.blockStart(blocks[i]);
      const end = start + program.blockLength(blocks[i]);
      for (let address = start; address < end; address++) yield address;
    }
  })();
}

/** With addresses as they are in the file, wherever it was mapped. */
function asInFile({ symbols, branches, ...rest }: RecordedDispatches): RecordedDispatches {
  const module = symbols.modules.find((one) => one.symbols.some(({ name }) => name === INTERPRETER));
  if (module === undefined) throw new RunError(`the recording names no function ${INTERPRETER}`);
  const moved = (low: number, high: number): number => Number(unsignedOf(low, high) - module.base);
  return {
    ...rest,
    symbols,
    branches: branches.map((branch): RecordedBranch => {
      const [pc, target] = [moved(branch.pc, branch.pcHigh), moved(branch.target, branch.targetHigh)];
      return { ...branch, pc: pc | 0, pcHigh: 0, target: target | 0, targetHigh: 0 };
    }),
  };
}

export interface OcamlOptions {
  readonly size: Size;
  readonly maxInstructions: number;
  /** For files that are not kept. */
  readonly folder: string;
  readonly frontEnds: readonly FrontEnd[];
  /** Reads bodies in the form of native-code/*.csv. */
  readonly readBodies: (sizes: () => string, path: string) => MeasuredBodies | undefined;
  readonly skipped: (line: string) => void;
  readonly onProgress?: (what: string) => void;
}

/**
 * Validates programs on the ocamlrun on the PATH.
 * @throws UsageError when it, binutils or the emulator is not installed; RunError when it is no ocamlrun that can be read
 */
export async function validateOcaml(
  programs: readonly Program[],
  { size, maxInstructions, folder, frontEnds, readBodies, skipped, onProgress }: OcamlOptions,
): Promise<{ readonly rows: readonly ValidationRow[]; readonly binary: ValidatedBinary }> {
  const found = findCommand("ocamlrun");
  if (found === undefined) throw new UsageError("ocamlrun is not installed: apt-get install ocaml-nox");
  const setting = SETTINGS.find((name) => process.env[name]);
  if (setting !== undefined) throw new UsageError(`${setting} is set, which OCaml programs read and the guest does not have: unset it`);
  const path = realpathSync(found);
  const [version] = runTool(path, ["-version"]).match(/\d+\.\d+\.\d+/) ?? [""];
  const ocamlrun = readOcamlrun(path, NAMES.length);
  const bodies = (): string =>
    ocamlrunBodies(ocamlrun, NAMES, [`OCaml ${version}'s bytecode interpreter`, `Disassembly of ${path} by bplab validate.`]);
  const measured = readBodies(bodies, join(folder, "ocamlrun.csv"));
  const technique = await readTechnique(TECHNIQUE);
  const compiler = `ocamlrun ${version}`;
  const seen = createMap();
  const rows: ValidationRow[] = [];
  for (const program of programs) {
    onProgress?.(`${compiler}, ${program.id}`);
    const output = join(folder, "ocamlrun.bpt");
    try {
      const printed = await recordInterpreter([path, program.path, ...program.words(size)], output);
      const expected = program.expected(size);
      if (expected !== undefined && printed !== Buffer.from(expected, "utf8").toString("latin1"))
        throw new RunError("its output is not what the program must print");
      const inInterpreter = (address: bigint, names: RecordedDispatches["symbols"]): boolean => names.find(address)?.name === INTERPRETER;
      // its indirect calls are those of C primitives
      const dispatches = asInFile(await readDispatches(output, inInterpreter, ({ kind }) => kind === INDIRECT_JUMP));
      const start = (): VirtualRun => program.start(size, maxInstructions);
      const run = start();
      const alignment = align(run.program, executed(run), dispatches);
      const subject = { program: program.id, size, technique: TECHNIQUE, making: "installed", compiler, flags: "" } as const;
      const { sites, calls, codeBytes } = ocamlrun.binary;
      const binary = { sites: sites.slice(calls), codeBytes, kept: "kept" } as const;
      rows.push(...(await compare(subject, start, binary, { dispatches, alignment }, technique, measured, frontEnds)));
      seen.add(alignment, run.program.opcodes);
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      skipped(`${program.id}, ${compiler}: ${error.message}`);
    } finally {
      rmSync(output, { force: true });
    }
  }
  const comments = [
    `${compiler} as its compiler left it: which bodies share a dispatch site`,
    `Read off recordings of ${programs.map(({ id }) => id).join(", ")} by bplab validate: dispatch sites and entries mostly used.`,
  ];
  return { rows, binary: { technique: TECHNIQUE, compiler, flags: "", map: seen.text(comments), bodies } };
}
